"""The scripts of benefit and risk print the page's own numbers. Oracle: its JSON; R's own word."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from services.errors import UserError
from services.pages.benefit_risk.export import (
    benefit_risk_json,
    patients_csv,
    python_script,
    r_script,
)
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.benefit_risk.records import BenefitRiskPage
from services.views.study import decode
from tests.recorded import recorded, unseen
from tests.script_runs import run_one
from tests.studies import PFS, bundled, make_study

CASES = [
    ("e3a06", ""),
    ("e3a06", "?f.SEX=F&ci=plain&level=0.9&unit=years"),
    ("e3a06", "?endpoint=SPM"),
    ("aquila", "?diff=200"),
    ("aquila", "?diff=1&arms=Daratumumab,Active monitoring"),
    ("quiredex", "?endpoint=TTP&emergent=no"),
    ("e3a06-run-in", ""),
    ("mgus2", ""),
]


def page(study: str, query: str) -> BenefitRiskPage:
    return benefit_risk_page(bundled(study), decode(query))


@pytest.mark.parametrize("language", ["py", "R"])
@pytest.mark.parametrize(("study", "query"), CASES)
def test_scripts_print_the_pages_numbers(
    language: str, study: str, query: str, tmp_path: Path
) -> None:
    assert_the_same(page(study, query), language, tmp_path)


@pytest.mark.parametrize("language", ["py", "R"])
def test_scripts_print_the_numbers_of_an_arm_of_one(language: str, tmp_path: Path) -> None:
    """Its event comes before the others'; adverse events are asked about before any began."""
    study = make_study(["A"] * 20 + ["B"], [40.0] * 20 + [3.0], [True] * 21, arms=["B", "A"])
    for i, query in enumerate(("diff=10", "diff=1")):
        assert_the_same(benefit_risk_page(study, decode(query)), language, tmp_path / str(i))
    competing = replace(PFS, competing=("Death",))
    study = make_study(
        ["A"] * 9 + ["B"], [40.0] * 9 + [3.0], [True] * 8 + [False, True],
        event_type=[""] * 8 + ["Death", ""], endpoint=competing, arms=["B", "A"],
    )  # fmt: skip
    assert_the_same(benefit_risk_page(study, decode("diff=1")), language, tmp_path / "first")


def assert_the_same(made: BenefitRiskPage, language: str, tmp_path: Path) -> None:
    make = python_script if language == "py" else r_script
    printed, stopped = run_one(language, make(made), patients_csv(made), tmp_path / "run")
    assert stopped == ""
    rows = {(r["outcome"], r["quantity"], r["arm"]): r
            for r in csv.DictReader(io.StringIO(printed))}  # fmt: skip
    wanted, times = {}, []
    body = recorded(json.loads(json.dumps(benefit_risk_json(made))))
    for outcome in body["outcomes"]:
        times.append(outcome["time"])
        for arm, found in outcome["arms"].items():
            assert float(rows[outcome["id"], "share", arm]["time"]) == pytest.approx(
                outcome["time"]
            )
            wanted[outcome["id"], "share", arm] = (found["n"], found["share"])
        for what in ("difference", "number_needed"):
            if outcome[what] and made.pair:
                key = (outcome["id"], what.replace("_", " "), made.pair[0])
                wanted[key] = (None, outcome[what])
    assert set(rows) == set(wanted)
    # What is not printed: who is counted, which the file of patients holds, what was published, and
    # the time that would be taken without filters; mean times free of progression are those of the
    # states page, whose scripts print them.
    not_printed = ("population.*", "settings.*", "headlines*", "usual_time*", "mean_times*")
    assert unseen(body, [wanted, times], not_printed) == []
    for key, (n, value) in wanted.items():
        assert rows[key]["n"] == ("" if n is None else str(int(n)))
        for name in ("estimate", "lower", "upper"):
            text = rows[key][name]
            if value[name] is None:
                assert text == "", (key, name)
            else:
                assert float(text) == pytest.approx(value[name], rel=1e-6, abs=1e-9), (key, name)


def test_the_cases_hold_what_they_are_for() -> None:
    found = [page(*case) for case in CASES]
    assert {p.competes for p in found} == {True, False}
    assert any(p.pair is None for p in found)
    needed = [o.number_needed for p in found for o in p.outcomes if o.number_needed]
    assert {n.estimate is None for n in needed} == {True, False}


def test_without_patients_there_is_nothing_to_recompute() -> None:
    made = page("e3a06", "?f.AGE=..1")
    with pytest.raises(UserError) as caught:
        python_script(made)
    assert "No patient matches" in caught.value.hint
    assert "OUTCOME,USUBJID,ARM,TIME,CAUSE,EVENT" in patients_csv(made)
