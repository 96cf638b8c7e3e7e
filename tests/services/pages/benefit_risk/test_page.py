"""Benefit and risk. Oracles: the survival page, Newcombe's published example, hand counts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from services.pages.benefit_risk.export import benefit_risk_csv, benefit_risk_json
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.adverse_events import synthetic, tiny
from tests.studies import bundled


def test_the_benefit_is_the_number_of_the_survival_page():
    found = benefit_risk_page(bundled(), decode(""))
    assert found.time == 36
    benefit = found.outcomes[0]
    page = survival_page(bundled(), decode("at=36"))
    shares = {c.arm: c.landmarks[0].survival for c in page.result.curves}
    assert {arm: o.share.estimate for arm, o in benefit.arms.items()} == shares
    difference = page.result.comparisons[0].landmark_differences[0]
    assert (benefit.difference.estimate, benefit.difference.lower, benefit.difference.upper) == (
        difference.estimate, difference.lower, difference.upper
    )  # fmt: skip
    needed = benefit.number_needed
    assert needed.estimate == pytest.approx(1 / difference.estimate)
    assert (needed.lower, needed.upper) == pytest.approx(
        (1 / difference.upper, 1 / difference.lower)
    )


def test_the_harm_by_hand():
    """At 60 days: S1 (day 32, grade 3) and S2 (day 31, grade 4) of four on the drug."""
    found = benefit_risk_page(tiny(), decode("unit=days&diff=60"))
    harm = found.outcomes[1]
    assert harm.arms["Drug"].share.estimate == pytest.approx(0.5)
    assert harm.arms["Placebo"].share.estimate == 0.0
    # No event: exact, of the two whose answer is known.
    assert harm.arms["Placebo"].share.lower == 0.0
    assert harm.arms["Placebo"].share.upper == pytest.approx(1 - 0.025 ** (1 / 2))
    assert harm.difference.lower < 0 < harm.difference.upper
    assert harm.number_needed.estimate is None
    assert harm.number_needed.reason == "the interval is compatible with no difference"


def test_the_time_steps_back_where_too_few_are_followed():
    everyone = benefit_risk_page(bundled(), decode(""))
    few = benefit_risk_page(bundled(), decode("f.AGEGR1=>= 75"))
    assert everyone.time == 36
    assert few.time < 36
    assert benefit_risk_page(bundled(), decode("diff=12")).time == 12
    assert benefit_risk_page(bundled(), decode("unit=years")).time == 3


def test_who_is_counted_is_told_as_on_the_survival_page():
    study = synthetic((1, 2), (20, 20))
    for page in (benefit_risk_page, survival_page):
        found = page(study, decode("unit=days&arms=A"))
        assert dict(found.provenance)["Population"] == "20 of 40 patients (arm A only)"
        assert not any("the difference combines" in text for _, text in found.provenance)


def test_what_was_not_estimated_has_no_method():
    """Two arms without adverse events and without deaths: neither harm nor mean times."""
    found = benefit_risk_page(synthetic((1, 2), (20, 20)), decode(""))
    told = {o.title: o.reason for o in found.outcomes} | {
        m.title: m.reason for m in found.mean_times
    }
    assert any(told.values())
    for label, text in found.provenance:
        reason = next((why for title, why in told.items() if label.startswith(title)), None)
        assert text.startswith("not estimated: ") == bool(reason), label
    assert any(
        "Aalen-Johansen" in text for _, text in benefit_risk_page(bundled(), decode("")).provenance
    )


def test_one_arm_has_shares_and_no_comparison():
    found = benefit_risk_page(bundled("e3a06-run-in"), decode(""))
    assert found.pair is None
    assert [o.difference for o in found.outcomes] == [None, None]
    assert not any("MOVER" in text for _, text in found.provenance)
    assert found.answer.startswith(  # the share and its limits as on the survival page
        "Of 100 patients like these, at 36 months: 87 are progression-free (95% CI 72 to 94)."
    )


def test_what_is_not_recorded_is_said():
    found = benefit_risk_page(synthetic((1, 2), (20, 20)), decode("unit=days&diff=5"))
    harm = found.outcomes[1]
    assert harm.arms == {}
    assert "no severity or grade" in harm.reason
    json.dumps(benefit_risk_json(found), allow_nan=False)
    assert "no severity or grade" in benefit_risk_csv(found)


def test_files_hold_what_the_page_shows():
    found = benefit_risk_page(bundled(), decode(""))
    body = benefit_risk_json(found)
    assert body["outcomes"][0]["difference"]["estimate"] == found.outcomes[0].difference.estimate
    assert "benefit,Progression-free,Lenalidomide,92," in benefit_risk_csv(found)
    assert "Simulated patients" in benefit_risk_csv(found)
    nobody = benefit_risk_page(bundled(), decode("f.AGE=1..2"))
    assert nobody.reason
    json.dumps(benefit_risk_json(nobody), allow_nan=False)


def test_a_benefit_that_cannot_be_estimated_is_said_with_its_reason():
    found = benefit_risk_page(bundled("aquila"), decode("diff=200"))
    assert "Progression-free: the difference cannot be estimated (follow-up ends at 75" in (
        found.answer
    )
    assert "counted separately" not in found.answer_detail


def test_no_harm_is_stated_past_the_last_day_anyone_was_watched():
    """AQUILA treats for 36 months: 36.4 and 36.8 months are the longest with 30 days more."""
    found = benefit_risk_page(bundled("aquila"), decode("diff=60"))
    harm = found.outcomes[1]
    assert found.time == 60
    assert harm.time == 36.4
    assert "by 36.4 months, the longest both arms were observed" in found.answer
    at_the_end = benefit_risk_page(bundled("aquila"), decode("diff=36.4")).outcomes[1]
    assert at_the_end.arms == harm.arms
    assert at_the_end.beyond == ""
    assert benefit_risk_json(found)["outcomes"][1]["time"] == 36.4
    assert "36.4 months" in benefit_risk_csv(found)


def test_the_method_says_which_events_are_counted():
    def method(query: str) -> str:
        return benefit_risk_page(bundled(), decode(query)).outcomes[1].method

    assert "first such treatment-emergent event" in method("")
    assert "treatment-emergent or not" in method("emergent=no")
    assert "first such treatment-emergent" not in method("emergent=no")


def test_one_time_as_the_survival_page_names_it_is_followed():
    one = benefit_risk_page(bundled(), decode("at=12"))
    assert (one.time, one.answer) == (12, benefit_risk_page(bundled(), decode("diff=12")).answer)
    two = benefit_risk_page(bundled(), decode("at=12,24"))
    assert two.time == 36
    assert any("survival page" in text for label, text in two.provenance if label == "Time")


def test_a_benefit_with_a_competing_event_is_not_kaplan_meier():
    """Second malignancies of E3A06 by 36 months, death competing: published 5.2% and 3.5%."""
    benefit = benefit_risk_page(bundled(), decode("endpoint=SPM")).outcomes[0]
    had = {arm: 100 * (1 - found.share.estimate) for arm, found in benefit.arms.items()}
    assert had["Lenalidomide"] == pytest.approx(5.2, abs=0.05)
    assert had["Observation"] == pytest.approx(3.5, abs=0.05)
    assert "or have died without it" in benefit.label


def test_a_good_event_counts_those_who_had_it():
    study = bundled()
    good = tuple(replace(e, good=e.id == "PFS") for e in study.endpoints)
    turned = benefit_risk_page(replace(study, endpoints=good, sha256="good"), decode("")).outcomes[
        0
    ]
    plain = benefit_risk_page(study, decode("")).outcomes[0]
    for arm, found in plain.arms.items():
        other = turned.arms[arm].share
        assert other.estimate == pytest.approx(1 - found.share.estimate)
        assert other.lower == pytest.approx(1 - found.share.upper)
    assert turned.difference.lower == pytest.approx(-plain.difference.upper)
    assert turned.label.startswith("have had the event")


def test_without_adverse_events_nothing_is_counted_twice():
    found = benefit_risk_page(bundled("mgus2"), decode(""))
    assert "counted separately" not in found.answer_detail
    assert "no adverse event table" in found.answer_detail


def test_filters_that_move_the_time_say_so() -> None:
    """By hand: of the 28 at high risk on observation 4 are followed for 36 months."""
    found = benefit_risk_page(bundled("e3a06"), decode("f.MAYO2018=High"))
    assert found.time == 18
    assert found.usual is not None
    assert (found.usual.time, found.usual.at_risk["Observation"]) == (36, 4)
    assert found.answer_detail.startswith(
        "Without the filter “high risk (Mayo 2018)” the headline is at 36 months; with it fewer"
        " than 10 are at risk then (4 on observation)."
    )
    assert benefit_risk_page(bundled("e3a06"), decode("f.MAYO2018=High&diff=24")).usual is None
