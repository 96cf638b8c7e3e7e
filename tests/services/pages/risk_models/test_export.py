"""The scripts of the page of risk models print the page's own numbers.

Each script is run as a reader would. Its oracle is the page's record, and the R script is R's word
on that record.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from services.errors import UserError
from services.pages.risk_models.export import (
    patients_csv,
    python_script,
    r_script,
)
from services.pages.risk_models.page import EVERYONE, risk_models_page
from services.pages.risk_models.records import RiskModelsPage
from services.reading.files import read_study
from services.risk.models import model
from services.study.model import Column, Study
from services.views.study import View, decode, encode
from tests.script_runs import run_python, run_r
from tests.services.pages.risk_models.script_values import expected
from tests.studies import bundled, make_study

RANDOM = Path(__file__).parents[5] / "shared" / "data" / "adam" / "random_cdisc_data"
ODD_ARMS = ('=Drug #1, "high"\n😀', "NA", "@OF@\\")
THREE = model("MAYO2018").levels
FOUR = model("IMWG2020C").levels
KNOWN = {name: Column(name, name) for name in ("MAYO2018", "IMWG2020C", "SEX")}


@cache
def odd_study() -> Study:
    """Three arms whose names try every quoting rule; missing levels, strata and records."""
    n = 120
    study = make_study(
        [ODD_ARMS[i % 3] for i in range(n)],
        [1 + (i * 7) % 61 + (i % 3) * 0.5 for i in range(n)],
        [i % 4 != 0 for i in range(n)],
        {
            "MAYO2018": [None if i % 11 == 0 else THREE[(i // 3) % 3] for i in range(n)],
            "IMWG2020C": [None if i % 13 == 0 else FOUR[(i // 5) % 4] for i in range(n)],
            "SEX": [["F", "M", None][(i // 7) % 3] for i in range(n)],
        },
        known=KNOWN,
        arms=ODD_ARMS,
        title='Trial "of"\nimport os',
    )
    return replace(study, times=study.times[5:], sha256=study.sha256[::-1])


@cache
def sparse_study() -> Study:
    """Levels without events in an arm, in both, or at risk together; of one arm; of too few."""
    rows = [
        ("A", "Low", "Low", 9, 0), ("A", "Low", "Low", 8, 0), ("B", "Low", "Low", 4, 1),
        ("B", "Low", "Low", 7, 1), ("A", "Intermediate", "Low", 5, 0),
        ("B", "Intermediate", "High", 6, 0), ("A", "Intermediate", "High", 3, 0),
        ("A", "High", "High", 3, 1), ("A", "High", "High", 2, 1), ("A", "High", "High", 8, 1),
        ("B", "High", "High", 2.5, 1), ("B", "High", "High", 1, 1), ("B", "High", "High", 1.5, 1),
        ("A", "High", "Low", 9, 1), ("B", "High", "Low", 10, 1), ("B", "High", None, 11, 0),
        ("A", None, "Intermediate", 4, 1), ("A", None, "Intermediate", 4.5, 1),
        ("A", None, "Low-intermediate", 5, 1), ("A", None, "Low-intermediate", 6, 1),
        ("B", None, "Low-intermediate", 1, 1), ("B", None, "Low-intermediate", 2, 1),
    ]  # fmt: skip
    arm, first, second, time, event = zip(*rows, strict=True)
    return make_study(
        arm,
        time,
        [e == 1 for e in event],
        {"MAYO2018": first, "IMWG2020C": second, "SEX": ["F", "M"] * 11},
        known=KNOWN,
        arms=["A", "B"],
    )


@cache
def late_study() -> Study:
    """The bundled study, patients coming under observation up to 11 days before their end."""
    study = bundled()
    last = study.times["TIME"].to_numpy()
    entry = np.where(np.arange(len(last)) % 3 == 0, 0.0, last * (np.arange(len(last)) % 7) / 9)
    return replace(study, times=study.times.assign(ENTRY=entry), sha256=study.sha256[::-1])


@cache
def random_study() -> Study:
    """Three arms of a public study; its patients have no such levels, so they are dealt."""
    if not RANDOM.is_dir():
        pytest.skip("shared ADaM files are absent")
    study = read_study(RANDOM)
    n = len(study.subjects)
    dealt = study.subjects.assign(
        MAYO2018=[THREE[(i * 7) % 3] for i in range(n)],
        IMWG2020C=[None if i % 17 == 0 else FOUR[(i * i) % 4] for i in range(n)],
    )
    return replace(
        study,
        subjects=dealt,
        columns=dict(study.columns) | {k: v for k, v in KNOWN.items() if k != "SEX"},
        sha256=study.sha256[::-1],
    )


CASES: dict[str, tuple[Callable[[], Study], str]] = {
    "default": (bundled, ""),
    "filtered, stratified": (bundled, "?f.SEX=F&strata=TSDIAGGR,MAYO2018&min_events=3"),
    "all patients, other models": (bundled, "?models=MAYO2008,IMWG2020S&of=all&ci=log&level=0.9"),
    "years, plain, OS": (bundled, "?endpoint=OS&unit=years&ci=plain&of=Lenalidomide"),
    "days": (bundled, "?unit=days&f.AGE=50..70&diff=800&arms=Lenalidomide,Observation"),
    "one arm chosen": (bundled, "?arms=Lenalidomide&of=Lenalidomide"),
    "curves of an arm left out": (bundled, "?arms=Lenalidomide&of=Observation"),
    "the only arm": (lambda: bundled("e3a06-run-in"), ""),
    "entry times": (late_study, "?strata=SEX&of=all&diff=12"),
    "aquila": (lambda: bundled("aquila"), ""),
    "few events": (lambda: bundled("aquila"), "?f.AGE=40..55&strata=SEX"),
    "odd names, three arms": (odd_study, ""),
    "odd names, another pair": (
        odd_study,
        encode(View(arms=ODD_ARMS[1::-1], strata=("SEX",), of=EVERYONE)),
    ),
    "sparse": (sparse_study, "?min_events=1&of=all"),
    "sparse, fewest events": (sparse_study, "?min_events=5&diff=4"),
    "sparse, stratified": (sparse_study, "?min_events=1&strata=SEX&diff=9"),
    "random": (random_study, ""),
    "random, stratified": (random_study, "?strata=SEX&endpoint=PFS&min_events=1"),
}  # fmt: skip

RUN = [case for case in CASES if not case.startswith("random") or RANDOM.is_dir()]


def page_of(case: str) -> RiskModelsPage:
    study, query = CASES[case]
    return risk_models_page(study(), decode(query))


def made(make: Callable[[RiskModelsPage], str]) -> dict[str, tuple[str, str]]:
    return {case: (make(page_of(case)), patients_csv(page_of(case))) for case in RUN}


@pytest.fixture(scope="module")
def printed_by_python(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_python(made(python_script), tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="module")
def printed_by_r(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_r(made(r_script), tmp_path_factory.mktemp("r"))


def compare(printed: str, page: RiskModelsPage) -> None:
    assert not printed.startswith("#"), "a model could not be fitted"
    table = list(csv.DictReader(io.StringIO(printed)))
    wanted = expected(page)
    by_time = {
        (*key[:5], None if key[5] is None else f"{key[5]:.6g}"): v for key, v in wanted.items()
    }
    assert len(by_time) == len(wanted)
    found = {}
    for row in table:
        time = f"{float(row['time']):.6g}" if row["time"] else None
        found[row["quantity"], row["model"], row["level"], row["other"], row["arm"], time] = row
    assert len(found) == len(table)
    assert set(found) == set(by_time)
    for key, row in found.items():
        for name, want in by_time[key].items():
            if want is None:
                assert row[name] == "", (key, name, row)
            else:
                assert row[name] != "", (key, name, row)
                assert float(row[name]) == pytest.approx(want, rel=1e-6, abs=1e-9), (key, name)
        if by_time[key]["estimate"] is None:
            reached = key[0].endswith(("median", "quartile", "follow-up"))
            assert row["note"] == ("not reached" if reached else "not estimable"), key
        elif row["quantity"] == "patients in both":
            assert page.table is not None
            i = page.table.rows.index(row["level"])
            shift = page.table.cells[i][page.table.columns.index(row["other"])].shift
            assert row["note"] == {1: "moved up", -1: "moved down", 0: ""}[shift]
        else:
            assert row["note"] == "", key


@pytest.mark.parametrize("case", RUN)
def test_the_python_script_prints_the_pages_numbers(
    case: str, printed_by_python: dict[str, str]
) -> None:
    compare(printed_by_python[case], page_of(case))


@pytest.mark.parametrize("case", RUN)
def test_the_r_script_prints_the_pages_numbers(case: str, printed_by_r: dict[str, str]) -> None:
    compare(printed_by_r[case], page_of(case))


def test_the_cases_hold_what_they_are_for() -> None:
    """Not estimable for each of the reasons, tests with and without an answer, several arms."""
    reasons = {
        re.sub(r"\d+", "n", level.row.reason)
        for case in ("sparse", "sparse, fewest events")
        for side in page_of(case).sides
        for level in side.levels
        if level.row is not None and level.row.reason is not None
    }
    assert reasons >= {"n events in A", "n events", "n events, fewer than n", "no patients in B"}
    assert any(
        level.row is not None and level.row.reason and level.row.reason.startswith("no event in")
        for side in page_of("sparse").sides
        for level in side.levels
    )
    assert page_of("the only arm").pair is None
    assert len(odd_study().arms) == 3
    assert page_of("odd names, three arms").patients["TIME"].isna().sum() > 0
    assert page_of("curves of an arm left out").of == "Lenalidomide"


@pytest.mark.parametrize("make", [python_script, r_script])
def test_a_script_says_what_it_is_and_where_its_data_come_from(
    make: Callable[[RiskModelsPage], str],
) -> None:
    page = risk_models_page(bundled(), decode("?f.SEX=F&strata=TSDIAGGR"))
    script = make(page)
    head = "\n".join(line for line in script.splitlines() if line.startswith("#"))
    for label, words in page.provenance:
        assert f"# {label}: {words}" in head
    assert "Simulated patients" in head
    assert "/study/e3a06/risk-models.data.csv?" in head
    assert "f.SEX=F" in head
    assert re.search(r"e3a06-PFS-risk-models-patients-[0-9a-f]{6}\.csv", head)
    assert not re.search(r"@[A-Z_]+@|@USE", script), "a blank was left unfilled"


@pytest.mark.parametrize("make", [python_script, r_script])
def test_without_models_there_is_nothing_to_recompute(
    make: Callable[[RiskModelsPage], str],
) -> None:
    with pytest.raises(UserError) as caught:
        make(risk_models_page(bundled("mgus2"), decode("")))
    assert "inputs" in caught.value.hint


def test_the_patients_file_has_those_without_a_record() -> None:
    lines = [x for x in patients_csv(page_of("the only arm")).splitlines() if x[0] != "#"]
    page = page_of("the only arm")
    others = "IMWG2020S,IMWG2020,MAYO2008,AQUILA"  # counted in the list of models
    assert lines[0] == f"USUBJID,ARM,TIME,EVENT,MAYO2018,IMWG2020C,{others}"
    assert len(lines) == 1 + page.population.n
