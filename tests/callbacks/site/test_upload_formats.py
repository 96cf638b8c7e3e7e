"""One study in every format, dialect, spelling of flags and style of dates gives the same answers.

Oracle: the answers to the study as plain CSV. ``SMM_FUZZ=200`` asks for more examples.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import flask
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import create_server
from services.settings import Settings
from services.studies import Catalogue
from tests.study_writers import FORMATS, delimited
from tests.uploads import importer, send

EXAMPLES = int(os.environ.get("SMM_FUZZ", "12"))
N = 24
FLAGS = ("Y", "Yes", "1", "1.0", "T", "TRUE")
NO = {"Y": "N", "Yes": "No", "1": "0", "1.0": "0.0", "T": "F", "TRUE": "FALSE"}
DATES: dict[str, Callable[[pd.Timestamp], Any]] = {
    "typed": lambda d: d,
    "ISO": lambda d: f"{d:%Y-%m-%d}",
    "ISO with time": lambda d: f"{d:%Y-%m-%dT%H:%M:%S}",
    "SAS": lambda d: f"{d:%d%b%Y}".upper(),
    "SAS days": lambda d: float((d - pd.Timestamp("1960-01-01")).days),
    "YYYYMMDD": lambda d: f"{d:%Y%m%d}",
    "dotted": lambda d: f"{d:%d.%m.%Y}",
    "day-month-year": lambda d: f"{d:%d-%b-%Y}",
}


def tables(flag: str = "Y", date: str = "typed") -> dict[str, pd.DataFrame]:
    """A study of two arms: an endpoint with decimals, adverse events with dates and flags."""
    rng = np.random.default_rng(5)
    who = [f"P{i:02d}" for i in range(N)]
    start = pd.Timestamp("2020-01-15") + pd.to_timedelta(rng.integers(0, 200, N), "D")
    yes = lambda said: [flag if s else NO[flag] for s in said]  # noqa: E731
    dates = lambda moments: [DATES[date](d) for d in moments]  # noqa: E731
    adsl = pd.DataFrame(
        {
            "STUDYID": "Z", "USUBJID": who, "SITEID": [f"{700 + i % 3}" for i in range(N)],
            "TRT01P": ["Drug 10 µg" if i % 2 else "Placebo" for i in range(N)],
            "AGE": rng.integers(40, 80, N).astype(float),
            "SEX": ["F" if i % 3 else "M" for i in range(N)],
            "ITTFL": yes([i != 5 for i in range(N)]), "SAFFL": yes([i != 7 for i in range(N)]),
            "TRTSDT": dates(start), "TRTEDT": dates(start + pd.Timedelta(days=100)),
            "EOSDT": dates(start + pd.Timedelta(days=300)),
        }
    )  # fmt: skip
    adtte = pd.DataFrame(
        {
            "USUBJID": who, "PARAMCD": "PFS", "PARAM": "Progression-free survival",
            "AVAL": np.round(rng.exponential(20, N), 1) + 0.5, "AVALU": "MONTHS",
            "CNSR": (rng.random(N) < 0.4).astype(float), "ANL01FL": yes([True] * N),
        }
    )  # fmt: skip
    at = np.arange(0, N, 2)
    adae = pd.DataFrame(
        {
            "USUBJID": [who[i] for i in at], "AEBODSYS": "Skin",
            "AEDECOD": ["Rash" if i % 4 else "Itch" for i in at],
            "AETOXGR": [str(1 + i % 4) for i in at], "AESER": yes(i % 4 == 0 for i in at),
            "TRTEMFL": yes([i != 2 for i in at]), "ASTDT": dates(start[at] + pd.Timedelta(days=20)),
        }
    )  # fmt: skip
    return {"adsl": adsl, "adtte": adtte, "adae": adae}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    made = Catalogue()
    made.uploads = importer(tmp_path_factory.mktemp("store"))
    return made


@pytest.fixture(scope="module")
def server(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> flask.Flask:
    return create_server(
        Settings(store_dir=tmp_path_factory.mktemp("unused"), browser=False), catalogue
    )


Answers = Callable[[dict[str, bytes]], dict[str, Any]]


@pytest.fixture(scope="module")
def answers(server: flask.Flask, catalogue: Catalogue) -> Answers:
    def ask(files: dict[str, bytes]) -> dict[str, Any]:
        assert catalogue.uploads is not None
        received = send(catalogue.uploads, files)
        assert received.problem is None, str(received.problem)
        client = server.test_client()
        found = {}
        for page in ("survival", "safety"):
            answer = client.get(f"/study/{received.id}/{page}.json")
            assert answer.status_code == 200, answer.text
            text = answer.text.replace(received.id, "ID")
            text = text.replace(catalogue.get(received.id).public_name, "NAME")  # holds a hash
            found[page] = without_hash(json.loads(text))
        # How values were read is told by the values as they were written.
        found["safety"]["readings"] = [
            {k: v for k, v in r.items() if k != "value"} for r in found["safety"]["readings"]
        ]
        catalogue.uploads.store.delete(received.id)
        return found

    return ask


def without_hash(value: Any) -> Any:
    """An answer without what names the upload's bytes."""
    if isinstance(value, dict):
        return {k: without_hash(v) for k, v in value.items() if "sha256" not in k and k != "hash"}
    return [without_hash(v) for v in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def expected(answers: Answers) -> dict[str, Any]:
    return answers({f"{n}.csv": delimited(t) for n, t in tables().items()})


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_answers(
    kind: str, answers: Answers, expected: dict[str, Any]
) -> None:
    assert answers(FORMATS[kind](tables())) == expected


@given(
    kind=st.sampled_from(list(FORMATS)),
    flag=st.sampled_from(FLAGS),
    date=st.sampled_from(list(DATES)),
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=EXAMPLES == 12,
)
def test_every_spelling_in_every_format_gives_the_same_answers(
    kind: str, flag: str, date: str, answers: Answers, expected: dict[str, Any]
) -> None:
    assert answers(FORMATS[kind](tables(flag, date))) == expected
