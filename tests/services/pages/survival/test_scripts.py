"""The scripts readers take along print the page's own numbers.

Each script is run as a reader would: beside the data it names, in a process of its own. Its oracle
is the page's record, and the R script is R's word on that record.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.pages.records import file_name
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups.page import subgroups_page
from services.pages.survival import export
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.study.model import Column, Study
from services.views.study import View, decode, encode
from tests.script_runs import run_one, run_python, run_r, runner
from tests.services.pages.survival.script_values import FIELDS, Row, expected
from tests.studies import bundled, late_entries, make_study

ODD_ARMS = ('=Drug, 5 mg "high"', "@Médicament β #2 'b'\n😀", "NA", "'=Placebo\\control")


ADJUSTED = View(adjust=("SEX", "AGE"))


@cache
def factor(kind: str) -> Study:
    """A factor one of whose levels tells the arm, or has no event."""
    event = [i % 3 != 0 for i in range(60)]
    levels = {"same": ["p", "q", "r", "q"], "censored": ["x", "y", "z"]}[kind]
    return make_study(
        [ODD_ARMS[i % 2] for i in range(60)],
        [1 + (i * 37) % 50 for i in range(60)],
        event,
        {
            "SEX": [levels[i % len(levels)] for i in range(60)],
            "AGE": [40 + i % 17 for i in range(60)],
        },
        arms=ODD_ARMS[:2],
    )


@cache
def odd_study() -> Study:
    """Arms whose names try every quoting rule; ties, censoring and a factor."""
    arms = [ODD_ARMS[i % 4] for i in range(48)]
    return make_study(
        arms,
        [1 + (i * 7) % 23 + (i % 3) * 0.5 for i in range(48)],
        [i % 5 != 0 for i in range(48)],
        {"SEX": ["F", "F", "M", "M", "M"] * 9 + ["F", "F", None]},
        arms=ODD_ARMS,
        title='Trial of "quotes", commas & β',
    )


@cache
def last_event() -> Study:
    """Both arms end with an event: survival reaches 0, where no interval exists."""
    return make_study(
        list("AABBAABBAB"),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 9.5],
        [True, False, True, True, True, True, False, True, True, True],
        arms=["A", "B"],
    )


@cache
def exactly_half() -> Study:
    """S is exactly 0.5 on a stretch of A, and never below it on B."""
    return make_study(
        list("AAAABBBB"),
        [1, 2, 5, 6, 1, 3, 7, 8],
        [True, True, True, False, True, True, False, False],
        arms=["A", "B"],
    )


@cache
def no_events_on_a() -> Study:
    return make_study(list("AABB"), [4, 6, 3, 5], [False, False, True, False], arms=["A", "B"])


def e3a06(query: str, study_id: str = "e3a06") -> Callable[[], SurvivalPage]:
    return lambda: survival_page(bundled(study_id), decode(query))


def few(arm: str, time: list[float], event: str, sex: str = "", query: str = "?strata=SEX"):
    """The page of a handful of patients; ``event`` has a 1 for each who had it."""
    columns = {"SEX": list(sex)} if sex else {}
    study = make_study(list(arm), time, [e == "1" for e in event], columns, arms=sorted(set(arm)))
    return lambda: survival_page(study, decode(query) if sex else View())


# What makes a log-rank test not estimable, and a page that still has the rest to show.
DEGENERATE: dict[str, Callable[[], SurvivalPage]] = {
    "no events": few("AABB", [4, 6, 3, 5], "0000"),
    "no events, hazards": few("AABB", [4, 6, 3, 5], "0000", "FMFM", query="?plot=hazards"),
    "events once the other arm has left": few("AABB", [4, 6, 1, 2], "1100"),
    "every time is 0": few("AAABBB", [0, 0, 0, 0, 0, 0], "101011"),
    "every time is 0, means": few(
        "AAABBB", [0, 0, 0, 0, 0, 0], "101011", "FMFFMF", query="?plot=means"
    ),
    "all leave at once": few("AABB", [4, 4, 4, 4], "1111"),
    "no patient left in the other arm": few("AABB", [4, 6, 3, 5], "1111", "FFMM", "?f.SEX=F"),
}

CASES: dict[str, Callable[[], SurvivalPage]] = {
    "default": e3a06(""),
    "few events": e3a06("?endpoint=OS"),
    "stratified": e3a06("?strata=TSDIAGGR,SEX"),
    "facet": e3a06("?facet=MAYO2018&ci=plain&level=0.9"),
    "log interval, weeks": e3a06("?ci=log&unit=weeks"),
    "years": e3a06("?unit=years&at=0.5,1,2,3"),
    "days, filtered, swapped": e3a06(
        "?unit=days&f.SEX=F&f.AGE=50..70&arms=Lenalidomide,Observation"
    ),
    "one arm": e3a06("?tau=48", "e3a06-run-in"),
    "tau": e3a06("?tau=30&at=0,30,99"),
    "four arms with odd names": lambda: survival_page(odd_study(), View(strata=("SEX",))),
    "another reference": lambda: survival_page(
        odd_study(), decode(encode(View(arms=(ODD_ARMS[1], ODD_ARMS[0]))))
    ),
    "last observation an event": lambda: survival_page(
        last_event(), decode("?at=0,4,9,9.5,12&tau=9")
    ),
    "survival 0, log": lambda: survival_page(last_event(), decode("?at=9,12&ci=log")),
    "survival 0, plain": lambda: survival_page(last_event(), decode("?at=9,12&ci=plain")),
    "exactly half": lambda: survival_page(exactly_half(), decode("?at=2,3,8")),
    "before the first event": lambda: survival_page(exactly_half(), decode("?tau=0.5&at=0.5")),
    "no events in an arm": lambda: survival_page(no_events_on_a(), View()),
    "an arm that left before the first event": few(
        "AAABBBCC", [4, 6, 8, 3, 5, 7, 1, 2], "11011100"
    ),
    "arms never in one stratum": few("AAABBB", [4, 6, 8, 3, 5, 7], "110111", "FFFMMM"),
    "types of event": e3a06("?plot=types&at=6,24,300"),
    "types, plain": e3a06("?plot=types&ci=plain&f.SEX=F"),
    "what competes": e3a06("?endpoint=TTP&ci=log", "quiredex"),
    "hazards over time": e3a06("?plot=hazards"),
    "hazards over time, stratified": e3a06("?plot=hazards&strata=SEX,MAYO2018&level=0.9"),
    "hazards, split late": e3a06("?plot=hazards&split=500&strata=SEX"),
    "counted as events, from a landmark on": e3a06("?count=2&landmark=6"),
    "means over time": e3a06("?plot=means"),
    "adjusted, with ties": e3a06("?adjust=AGE,SEX,MAYO2018,HGB&endpoint=PFS"),
    "adjusted, within strata, drawn": e3a06("?adjust=AGE,MAYO2018&strata=SEX&plot=adjusted"),
    "adjusted, four arms, a factor with missing values": lambda: survival_page(
        odd_study(), View(adjust=("SEX",))
    ),
    "adjusted, a level that is the arm": lambda: survival_page(factor("same"), ADJUSTED),
    "adjusted, a level without an event": lambda: survival_page(factor("censored"), ADJUSTED),
    "hazards over time, a stratum missing": lambda: survival_page(
        odd_study(), View(strata=("SEX",), plot="hazards")
    ),
    "entry times, stratified, adjusted": lambda: survival_page(
        late_entries(), decode("?strata=STRATUM&adjust=X1,F&at=0,5,20,60&tau=30&unit=months")
    ),
    "entry times, residuals": lambda: survival_page(
        late_entries(), decode("?plot=hazards&adjust=X1&facet=F&ci=plain")
    ),
    "small charts with a missing level": lambda: survival_page(odd_study(), View(facet="SEX")),
    **DEGENERATE,
}

SCRIPTS: dict[str, Callable[..., str]] = {"py": export.python_script, "R": export.r_script}


def made(make: Callable[[SurvivalPage], str]) -> dict[str, tuple[str, str]]:
    pages = {case: page() for case, page in CASES.items()}
    return {case: (make(page), export.patients_csv(page)) for case, page in pages.items()}


@pytest.fixture(scope="module")
def printed_by_python(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_python(made(export.python_script), tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="module")
def printed_by_r(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_r(made(export.r_script), tmp_path_factory.mktemp("r"))


def number(text: str) -> float | None:
    return float(text) if text != "" else None


def compare(printed: str, page: SurvivalPage) -> None:
    """Every number of the page and no other."""
    rows: list[Row] = []
    for row in csv.DictReader(io.StringIO(printed)):
        key = (row["quantity"], row["group"], row["arm"], number(row["time"]))
        rows.append((key, {name: number(row[name]) for name in FIELDS}))
        # What has no number says so in words.
        reached = row["quantity"] in ("median", "first quartile", "third quartile", "follow-up")
        missing = "not reached" if reached else "not estimable"
        assert row["note"] == (missing if row["estimate"] == "" else ""), row

    def order(item: Row) -> tuple[Any, ...]:
        (quantity, group, arm, time), values = item
        return quantity, group, arm, round(time or 0, 6), round(values["estimate"] or 0, 6)

    rows.sort(key=order)
    wanted = sorted(expected(page), key=order)
    assert Counter(k[:3] for k, _ in rows) == Counter(k[:3] for k, _ in wanted)
    for (key, values), (other, want) in zip(rows, wanted, strict=True):
        assert key[:3] == other[:3]
        assert key[3] == (
            None if other[3] is None else pytest.approx(other[3], rel=1e-8, abs=1e-12)
        )
        for name in FIELDS:
            if want[name] is None or values[name] is None:
                assert values[name] is want[name], (key, name, values, want)
            else:
                assert values[name] == pytest.approx(want[name], rel=1e-6, abs=1e-9), (key, name)


@pytest.mark.parametrize("case", CASES)
def test_the_python_script_prints_the_pages_numbers(
    case: str, printed_by_python: dict[str, str]
) -> None:
    compare(printed_by_python[case], CASES[case]())


@pytest.mark.parametrize("case", CASES)
def test_the_r_script_prints_the_pages_numbers(case: str, printed_by_r: dict[str, str]) -> None:
    if case not in printed_by_r:
        pytest.skip("R has not the package this script asks for")
    compare(printed_by_r[case], CASES[case]())


@pytest.mark.parametrize("make", [export.python_script, export.r_script])
def test_a_script_says_what_it_is_and_where_its_data_come_from(
    make: Callable[[SurvivalPage], str],
) -> None:
    page = survival_page(bundled("e3a06"), decode("?f.SEX=F&strata=TSDIAGGR"))
    script = make(page)
    head = "\n".join(line for line in script.splitlines() if line.startswith("#"))
    for label, words in page.provenance:
        assert f"# {label}: {words}" in head
    assert "Simulated patients" in head
    assert "/study/e3a06/survival.data.csv?" in head
    assert "f.SEX=F" in head
    assert re.search(r"e3a06-PFS-survival-patients-[0-9a-f]{6}\.csv", head)
    assert not re.search(r"@[A-Z_]+@", script), "a blank was left unfilled"


@pytest.mark.parametrize("make", [export.python_script, export.r_script])
def test_names_cannot_become_code(make: Callable[[SurvivalPage], str]) -> None:
    """An uploaded study's title and arms end up in a script: as words, never as commands."""
    evil = 'x"\nimport os; os.abort()\n"'
    study = make_study(
        [evil, "@CI@"] * 2, [1, 2, 3, 4], [True] * 4, arms=[evil, "@CI@"], title=f"T{evil}"
    )
    script = make(survival_page(study, View()))
    assert not [line for line in script.splitlines() if line.startswith(("import os;", '"'))]
    assert '"\'@CI@"' in script  # as the file of the patients has it


# --- which times and strata are the same --------------------------------------------------------

NEAR_TIES = (
    "BBBBAAAA",
    [0.1 + 0.2, 0.3, 0.7 + 0.1 - 1e-16, 0.8, 0.3, 0.8, 1.1 * 3, 3.3],
    "11011110",
)


def test_near_ties_are_ties_in_the_scripts_too(tmp_path: Path) -> None:
    """R 4.3, survival 3.5-3, of these rows: hazard ratio 0.5189521 (0.0860481 to 3.1297764),
    log-rank chi-square 0.5470494."""
    page = few(*NEAR_TIES, query="")()
    assert len(set(page.records["TIME"])) > 4
    for language, make in SCRIPTS.items():
        text, stopped = run_one(
            language, make(page), export.patients_csv(page), tmp_path / language
        )
        assert stopped == ""
        compare(text, page)
        rows = {r["quantity"]: r for r in csv.DictReader(io.StringIO(text))}
        found = [float(rows["hazard ratio"][k]) for k in ("estimate", "lower", "upper")]
        assert found == pytest.approx([0.5189521, 0.0860481, 3.1297764], rel=1e-6)
        assert float(rows["log-rank"]["estimate"]) == pytest.approx(0.5470494, rel=1e-6)


def test_strata_never_merge(tmp_path: Path) -> None:
    """A blank is none, not the level "Missing"; "a / b" with "c" is not "a" with "b / c"."""
    levels = "a / b,Missing,Missing,a / b,Missing,,a / b,Missing,Missing,a / b,Missing,,a,"
    study = make_study(
        list("ABABABABABABAB"),
        [7, 7, 8, 5, 6, 9, 2, 5, 12, 5, 2, 8, 6, 4],
        [e == "1" for e in "11101110011110"],
        {
            "S": [level or None for level in levels.split(",")],
            "T": [*["c"] * 12, "b / c", "c"],
        },
        known={"S": Column("S", "S"), "T": Column("T", "T")},
        arms=["A", "B"],
    )
    page = survival_page(study, decode("?strata=S,T"))
    assert page.records["STRATUM"].nunique() == 3
    assert page.records["STRATUM"].isna().sum() == 3
    forest = subgroups_page(study, decode("?strata=S,T&by=&min_events=1"))
    for language, make in SCRIPTS.items():
        text, stopped = run_one(
            language, make(page), export.patients_csv(page), tmp_path / language
        )
        assert stopped == ""
        compare(text, page)
        other = subgroups_export.r_script if language == "R" else subgroups_export.python_script
        data = subgroups_export.patients_csv(forest)
        text, stopped = run_one(language, other(forest), data, tmp_path / f"forest-{language}")
        assert stopped == ""
        first = next(csv.DictReader(io.StringIO(text)))
        assert forest.forest is not None
        assert forest.forest.overall.hazard_ratio is not None
        ratio = forest.forest.overall.hazard_ratio.estimate
        assert float(first["hr"]) == pytest.approx(ratio, rel=1e-6)


# --- the file a script reads --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["py", "R"])
def test_a_script_without_its_file_says_where_it_is(language: str, tmp_path: Path) -> None:
    page = survival_page(bundled(), View())
    script = SCRIPTS[language](page, "http://here/").replace('FILE = "', 'FILE = "no-')
    script = script.replace('FILE <- "', 'FILE <- "no-')
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "script").write_text(script, encoding="utf-8")
    _, said = runner(language).run(tmp_path / "run")
    assert "is not in the same folder as this script: lines 3 and 4" in said
    assert "http://here/study/e3a06/survival.data.csv" in script.splitlines()[2]
    assert file_name(page, "survival-patients", "csv") in script.splitlines()[3]


@pytest.mark.parametrize("make", [export.python_script, export.r_script])
def test_an_uploads_secret_is_in_no_script_and_no_name(
    make: Callable[[SurvivalPage, str], str],
) -> None:
    secret = "0123456789abcdef" * 2
    study = no_events_on_a()
    named = replace(study.metadata, short_title="My trial (v2)")
    study = replace(study, id=secret, metadata=named, sha256="f" * 64)
    page = survival_page(study, View())
    script = make(page, "https://smm.example/")
    for text in (script, export.patients_csv(page), export.survival_csv(page)):
        assert secret not in text
    assert "smm.example" not in script
    name = file_name(page, "survival-patients", "csv")
    assert name == "my-trial-v2-ffffff-PFS-survival-patients.csv"
    assert name in script
