"""Sentences of benefit and risk. Oracle: small studies counted by hand."""

from __future__ import annotations

from dataclasses import replace

from services.pages.benefit_risk.export import benefit_risk_json
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.benefit_risk.words import _verb, benefit
from services.views.study import decode
from tests.studies import PFS, as_such, make_study


def test_no_difference_yet_is_said_with_what_is_known_of_it():
    """Nobody has progressed at 4 months: 0 of 100 and the exact limits of both arms."""
    found = benefit_risk_page(as_such(), decode("f.SEX=F&f.MAYO2018=High"))
    assert "about as many are progression-free (95% CI −25 to +31)" in found.answer


def test_one_patient_of_a_hundred_is_one():
    assert _verb("are alive", "1") == "is alive"
    assert _verb("have had an event", "1") == "has had an event"
    assert _verb("are alive", "2") == "are alive"
    label = "are free of progression or have died without it"
    assert _verb(label, "1") == "is free of progression or has died without it"


def test_an_arm_of_a_few_patients_is_not_made_a_hundred():
    """One patient whose event came first: 100 of 100 fewer, exact limits, and nobody to treat."""
    study = make_study(["A"] * 20 + ["B"], [40.0] * 20 + [3.0], [True] * 21, arms=["B", "A"])
    found = benefit_risk_page(study, decode("diff=10"))
    assert found.answer == "Only 1 patient on B: too few to compare."
    benefit_of = found.outcomes[0]
    assert benefit_of.difference.estimate == -1.0
    assert benefit_of.number_needed.reason == "too few patients to compare"
    assert benefit_risk_json(found)["answer_detail"] == found.answer_detail


def test_an_arm_of_several_patients_is_told_with_caution():
    study = make_study(["A"] * 20 + ["B"] * 6, [40.0] * 20 + [3.0] * 6, [True] * 26)
    found = benefit_risk_page(study, decode("diff=10"))
    assert "Only 6 patients on B: read the comparison with caution." in found.answer_detail


def test_whole_patients_that_differ_otherwise_are_explained():
    """157 and 107 of 200 are 78.5 and 53.5 of 100: 78 and 54 drawn, 25 more told."""

    def told(events: int) -> tuple[str, str]:
        left = [200 - 43, 200 - events]
        time = [t for n in left for t in [5.0] * (200 - n) + [40.0] * n]
        event = [t == 5.0 for t in time]
        study = make_study(["A"] * 200 + ["B"] * 200, time, event, arms=["A", "B"])
        found = benefit_risk_page(study, decode("diff=10"))
        return found.answer, found.answer_detail

    assert "25 more are progression-free" in told(93)[0]
    assert "may be one patient apart" in told(93)[1]
    assert "one patient apart" not in told(84)[1]  # 78 and 58, 20.5 rounded to 20


def test_what_is_counted_is_said_in_the_words_of_the_endpoint():
    response = replace(PFS, good=True, happened="had responded")
    assert benefit(response, False) == ("have responded", "Responded")
    two = replace(PFS, competing=("Death", "Transplant"))
    assert benefit(two, True) == (
        "are progression-free, have died without it or have had transplant first",
        "Progression-free, died without it or had transplant first",
    )
