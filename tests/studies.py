"""Small studies made in memory, for tests that need data whose every number is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from services.studies import Catalogue
from services.study.model import (
    DASHES,
    PALETTE,
    SUBJECT,
    Arm,
    Calibrated,
    Column,
    Endpoint,
    ImportReport,
    Kind,
    Metadata,
    Study,
    content_hash,
)
from tests.oracles.engine import case

DAYS_PER_MONTH = 30.4375
PFS = Endpoint(
    "PFS",
    "Progression-free survival",
    "progression-free",
    "progression or death",
    good=False,
)


@cache
def site() -> Catalogue:
    """The catalog of the studies the app brings, which keeps what it read; for reading only."""
    return Catalogue()


@cache
def bundled(study_id: str = "e3a06") -> Study:
    """A study the app brings, read once for all tests."""
    return site().get(study_id)


@cache
def as_such(study_id: str = "e3a06") -> Study:
    """A bundled study that stands for no trial: its pages say what its patients show."""
    study = bundled(study_id)
    metadata = replace(study.metadata, calibrated=Calibrated())
    return replace(study, metadata=metadata, sha256=f"{study.sha256}-as-such")


def make_study(
    arm: Sequence[str],
    time: Sequence[float],
    event: Sequence[bool],
    columns: Mapping[str, Sequence[Any]] | None = None,
    *,
    known: Mapping[str, Column] | None = None,
    event_type: Sequence[str] | None = None,
    entry: Sequence[float] | None = None,
    endpoint: Endpoint = PFS,
    arms: Sequence[str] | None = None,
    title: str = "A study of tests",
    kind: Kind = "simulated",
) -> Study:
    """A study with one endpoint; what is kept of it is never another's, whatever differs.

    Parameters
    ----------
    arm, event : (n,) of each patient; time, entry : (n,) in months
    columns : further columns of the subjects table; known : what is known of some of them
    arms : names in display order, the last is the reference; those of ``arm`` when left out
    """
    names = list(arms) if arms is not None else list(dict.fromkeys(arm))
    ids = [f"S{i + 1}" for i in range(len(arm))]
    frame = pd.DataFrame({"ARM_PLANNED": list(arm), "ARM_ACTUAL": list(arm)})
    frame.index = pd.Index(ids, name=SUBJECT)
    for name, values in (columns or {}).items():
        frame[name] = pd.Series(values, index=frame.index)
    times = pd.DataFrame(
        {
            SUBJECT: ids,
            "PARAMCD": endpoint.id,
            "TIME": [t * DAYS_PER_MONTH for t in time],
            "EVENT": [bool(e) for e in event],
            "EVENT_TEXT": ["event" if e else "censored" for e in event],
            "EVENT_TYPE": list(event_type) if event_type is not None else "",
            "CNSR": [0.0 if e else 1.0 for e in event],
        }
    )
    if entry is not None:
        times["ENTRY"] = [t * DAYS_PER_MONTH for t in entry]
    single = len(names) == 1
    made = tuple(
        Arm(
            name,
            "single" if single else "reference" if i == len(names) - 1 else "experimental",
            PALETTE[i % len(PALETTE)],
            DASHES[i % len(DASHES)],
        )
        for i, name in enumerate(names)
    )
    return Study(
        id="tests",
        title=title,
        kind=kind,
        subjects=frame,
        times=times,
        adverse_events=None,
        arms=made,
        endpoints=(endpoint,),
        columns=dict(known or {}),
        metadata=Metadata(short_title="Tests"),
        report=ImportReport(),
        sha256=content_hash(
            {"adsl": frame.reset_index(), "adtte": times},
            f"{names}{endpoint}{known}{title}{kind}",
        ),
    )


@cache
def late_entries() -> Study:
    """Patients who come under observation late, as in the oracle of the engine."""
    data = case("truncated").data
    return make_study(
        data["arm"].tolist(),
        data["time"].tolist(),
        data["event"].astype(bool).tolist(),
        {
            "STRATUM": data["stratum"].astype(str).tolist(),
            "F": data["f"].tolist(),
            "X1": data["x1"].tolist(),
            "SEX": [None if i % 9 == 0 else "FM"[i % 2] for i in range(len(data))],
        },
        known={name: Column(name, name) for name in ("STRATUM", "F", "X1", "SEX")},
        arms=["b", "a"],
        entry=data["entry"].tolist(),
    )


def two_arms(n: int = 20) -> Study:
    """Two arms of ``n``: events at 1..n months on A in every second, on B in every patient."""
    return make_study(
        ["A"] * n + ["B"] * n,
        [*range(1, n + 1), *range(1, n + 1)],
        [i % 2 == 0 for i in range(n)] + [True] * n,
        {"SEX": (["F", "M"] * n)[: 2 * n], "AGE": list(range(40, 40 + 2 * n))},
        arms=["A", "B"],
    )
