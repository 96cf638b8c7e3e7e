"""Which estimate the sentence takes, at which time, and with what caution."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.pages.survival.records import SIMULATED_CHANGE, SurvivalPage
from services.study.model import Endpoint
from services.views.study import decode
from tests.studies import PFS, bundled, make_study


def page(study_id: str, query: str = "") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


# --- one view, one answer ---------------------------------------------------------------------


def test_with_strata_the_stratified_ratio_leads_and_the_other_stands_second() -> None:
    """R: coxph(Surv(AVAL, CNSR == 0) ~ ARM + strata(AGEGR1)), deaths of AQUILA:
    0.535 (0.283 to 1.011); without strata 0.517 (0.273 to 0.980)."""
    found = page("aquila", "?endpoint=OS&strata=AGEGR1")
    assert "over the whole follow-up, stratified HR 0.53 (95% CI 0.28 to 1.01)" in found.answer
    assert found.answer_detail == (
        "The interval is compatible with no difference between daratumumab and active monitoring."
        " Unstratified: HR 0.52 (95% CI 0.27 to 0.98)."
        " Age group is made up here: the publications read for this site do not give it."
    )


def test_small_charts_say_that_they_stratify() -> None:
    found = page("aquila", "?facet=SEX")
    assert "stratified HR" in found.answer
    assert "strata: Sex (by the small charts);" in dict(found.provenance)["Comparison"]


def test_strata_are_named_by_label_and_a_blank_one_is_said() -> None:
    study = make_study(
        ["A", "B"] * 10,
        range(1, 21),
        [True] * 20,
        columns={"STRATA1": ["high", "low", "high", "low", None] * 4},
    )
    words = dict(survival_page(study, decode("?strata=STRATA1")).provenance)
    assert (
        "STRATA1 (4 patients without a value left out of what is stratified)" in words["Comparison"]
    )


def test_with_three_arms_the_stratified_log_rank_leads() -> None:
    arms = ["X", "Y", "Z"]
    study = make_study(
        arms * 20,
        [1 + i for i in range(60)],
        [i % 4 != 0 for i in range(60)],
        columns={"G": ["a", "b"] * 30},
        arms=arms,
    )
    found = survival_page(study, decode("?at=12&strata=G"))
    assert found.answer_detail.startswith("Difference between the 3 arms: stratified log-rank p ")
    assert "Unstratified p " in found.answer_detail


# --- competing events -------------------------------------------------------------------------


@pytest.mark.parametrize("plot", ["", "?plot=types"])
def test_the_answer_of_a_cohort_whose_patients_die_is_the_incidence(plot: str) -> None:
    """R: survfit of several states at 240 months: 0.0998 progressed, 0.724 died before."""
    found = page("mgus2", plot)
    assert found.answer == (
        "By 240 months, 10.0% had progressed (95% CI 8.2% to 12.0%) and 72.4% had died without it."
    )
    assert "free of" not in found.answer + found.answer_detail


@pytest.mark.parametrize(
    ("study_id", "query"),
    [
        ("quiredex", "?plot=curves"),
        ("aquila", "?endpoint=FLT&plot=curves"),
        ("e3a06", "?endpoint=SPM&plot=curves"),
    ],
)
def test_no_share_of_kaplan_meier_is_said_where_events_compete(study_id: str, query: str) -> None:
    found = page(study_id, query)
    assert "died without it" in found.answer
    assert "cause-specific HR" in found.answer + found.answer_detail
    assert "what would happen if nobody died" in found.answer_detail
    assert not any(words in found.answer for words in ("free of", "were "))


def test_what_competes_is_called_by_its_name() -> None:
    endpoint = Endpoint(
        "X", "Time to relapse", "relapse-free", "relapse", competing=("Transplant",)
    )
    study = make_study(
        ["A", "B"] * 20,
        range(1, 41),
        [True, False, True, True] * 10,
        event_type=["", "Transplant", "", ""] * 10,
        endpoint=endpoint,
    )
    found = survival_page(study, decode("?at=12&plot=curves"))
    assert "had transplant first" in found.answer
    assert "if no transplant came first" in found.answer_detail


def test_the_line_under_types_of_event_does_not_say_kaplan_meier() -> None:
    words = dict(page("mgus2", "?plot=types").provenance)
    assert not any("Kaplan-Meier" in text for text in words.values())
    assert words["Incidence"].startswith("Aalen-Johansen")


def test_both_pages_take_the_same_stratified_ratio() -> None:
    query = "?strata=AGEGR1"
    result = page("aquila", query).result
    forest = subgroups_page(bundled("aquila"), decode(query)).forest
    assert result is not None
    assert forest is not None
    ours, overall = result.comparisons[0].lead_hazard_ratio, forest.overall.hazard_ratio
    assert ours is not None
    assert overall is not None
    assert overall.estimate == pytest.approx(ours.estimate, rel=1e-9)
    assert overall.upper == pytest.approx(ours.upper, rel=1e-9)


# --- the time of the headline -----------------------------------------------------------------


def test_a_filter_that_changes_the_time_says_why() -> None:
    found = page("e3a06", "?f.MAYO2018=High")
    assert found.answer.startswith("At 12 months")
    assert (
        "12 months: the latest of the listed times with 10 patients at risk in each arm."
        in found.answer_detail
    )
    # Of the 28 at high risk on observation 4 are followed for 36 months without the event.
    assert (
        " Without the filter “high risk (Mayo 2018)” the headline is at 36 months; with it fewer"
        " than 10 are at risk then (4 on observation)." in found.answer_detail
    )
    assert "Without the filter" not in page("e3a06").answer_detail
    same = page("mgus2", "?f.SEX=F")
    assert same.answer.startswith("By 240 months"), "the filter moved nothing"
    assert "Without the filter" not in same.answer_detail


def test_a_filter_that_leaves_only_counts_says_so() -> None:
    found = page("mgus2", "?f.AGE=90..96")
    assert found.answer.startswith("Only 1 event so far")
    assert found.answer_detail == (
        "Without the filter “age 90 to 96 years” the headline is at 240 months; with it fewer than"
        " 10 are at risk then (0 left)."
    )


def test_the_latest_time_is_not_taken_from_two_patients() -> None:
    """At 20 months 2 and 1 are at risk, at 3 months 7 and 6."""
    placebo, drug = [1, 2, 3, 4, 5, 6, 7, 20], [2, 4, 6, 8, 10, 12, 22, 24]
    study = make_study(
        ["Len"] * 8 + ["Placebo"] * 8, [*drug, *placebo], [True] * 6 + [False] + [True] * 9
    )
    found = survival_page(study, decode("?at=3,6,20"))
    assert found.answer.startswith("At 3 months, ")
    assert (
        "Only 8 patients on Len and 8 patients on placebo: read the comparison with caution."
        in found.answer_detail
    )
    assert "favors" not in found.answer_detail


def test_nothing_is_told_of_time_zero() -> None:
    found = page("e3a06", "?at=0")
    assert found.answer.startswith("8 of 92 on lenalidomide and 22 of 90 on observation had")
    assert found.answer_detail.startswith("Over the whole follow-up, HR 0.28 (95% CI 0.12 to 0.62)")


# --- caution ----------------------------------------------------------------------------------


def test_an_arm_of_one_patient_is_said_and_favors_nobody() -> None:
    study = make_study(
        ["Mutated"] + ["Wild type"] * 60,
        [0.1, *(1 + i for i in range(60))],
        [True] + [i % 4 == 0 for i in range(60)],
    )
    found = survival_page(study, decode("?at=12,24"))
    assert found.answer.startswith("1 of 1 on Mutated and 15 of 60 on Wild type had the event")
    assert "Only 1 patient on Mutated: too few to compare." in found.answer_detail
    assert "favors" not in found.answer_detail


# --- direction --------------------------------------------------------------------------------


def response(good: bool | None) -> SurvivalPage:
    """Twelve respond by 12 months on the drug, four on placebo, of 20 each."""
    endpoint = Endpoint("TTR", "Time to response", "event-free", "response", good=good)
    study = make_study(
        ["Lenalidomide"] * 20 + ["Placebo"] * 20,
        [*range(1, 13), *[30] * 8, *range(1, 5), *[30] * 16],
        [*[True] * 12, *[False] * 8, *[True] * 4, *[False] * 16],
        endpoint=endpoint,
    )
    return survival_page(study, decode("?at=12"))


def test_an_earlier_response_is_better() -> None:
    found = response(True)
    assert found.answer.startswith(
        "By 12 months, 60% on lenalidomide and 20% on placebo had had the event (response);"
    )
    assert found.answer_detail.startswith("The entire interval favors lenalidomide over placebo.")
    assert "above 1 favors the other arm" in dict(found.provenance)["Comparison"]


def test_an_event_nobody_knows_favors_none() -> None:
    found = response(None)
    assert found.answer.startswith("At 12 months, 40% on lenalidomide and 80% on placebo were")
    assert found.answer_detail.startswith(
        "Over the entire interval, the event occurs earlier on lenalidomide than on placebo."
    )
    assert "favor" not in found.answer_detail + dict(found.provenance)["Comparison"]


# --- who is counted, and rounding -------------------------------------------------------------


def test_the_whole_study_is_counted_and_picked_arms_are_said() -> None:
    arms = ["A", "B", "C", "D", "E"]
    study = make_study(arms * 8, range(1, 41), [True] * 40, arms=arms)
    words = dict(survival_page(study, decode("?arms=A,B")).provenance)
    assert words["Population"] == "16 of 40 patients (arms A and B only)"


def test_rounding_never_claims_all_or_none() -> None:
    """One event among 400 patients on the drug: S = 0.9975 at 36 months, by hand."""
    n = 400
    study = make_study(
        ["Len"] * n + ["Placebo"] * n,
        [3, *[40] * (n - 1), *range(1, 31), *[40] * (n - 30)],
        [True, *[False] * (n - 1), *[True] * 30, *[False] * (n - 30)],
    )
    found = survival_page(study, decode("?at=36"))
    assert found.answer.startswith("At 36 months, >99% on Len and 92% on placebo")
    assert "0.00" not in found.answer


def test_names_from_right_to_left_are_isolated() -> None:
    study = make_study(["עברית", "Placebo"] * 20, range(1, 41), [True] * 40)
    found = survival_page(study, decode("?at=12"))
    assert " on \u2068עברית\u2069 and " in found.answer


def test_one_arm_with_two_competing_events_is_one_list() -> None:
    """By hand: of 40 followed to the end, 3 of each kind by 9 months, one a month in turn."""
    endpoint = replace(PFS, competing=("Death", "Transplant"), happened="had progressed")
    kinds = (["", "Death", "Transplant"] * 13) + [""]
    study = make_study(
        ["A"] * 40,
        [float(t) for t in range(1, 41)],
        [kind == "" for kind in kinds],
        event_type=kinds,
        endpoint=endpoint,
    )
    found = survival_page(study, decode("at=9"))
    assert found.answer.startswith("By 9 months, 7.5% had progressed (95% CI")
    assert found.answer.endswith("), 7.5% had died without it and 7.5% had transplant first.")


def test_of_many_arms_the_sentence_says_the_ends_and_the_reference() -> None:
    """Seven arms of 20, arm k with k + 1 events at month 6; all others are watched to month 24."""
    names = [f"Dose {k}" for k in range(7)]
    arm = [name for name in names for _ in range(20)]
    event = [i < k + 1 for k in range(7) for i in range(20)]
    time = [6.0 if e else 24.0 for e in event]
    study = make_study(arm, time, event, arms=names)
    found = survival_page(study, decode("?at=12"))
    assert found.answer == (
        "At 12 months, 65% on Dose 6 and, of the other 6 arms (all in the table), from 70% on Dose"
        " 5 to 95% on Dose 0 were progression-free."
    )


def test_a_ratio_that_changes_with_time_is_told_beside_the_verdict() -> None:
    """Curves that cross: cox.zph of these patients in R has chi-squared 56.8, p 4.8e-14."""
    early = [1 + i / 10 for i in range(20)]
    time = [*early, *[40 + i for i in range(20)], *[5 + i for i in range(40)]]
    arm = ["B"] * 40 + ["A"] * 40
    study = make_study(arm, time, [True] * 80, arms=["B", "A"], kind="uploaded")
    found = survival_page(study, decode(""))
    assert found.answer_detail.startswith(
        "The entire interval favors B over A. The effect seems to change over time, so one hazard"
        " ratio does not describe it well."
    )
    # Of simulated patients the ratio is published, its change is not.
    told = page("quiredex", "endpoint=OS")
    assert "change over time" not in told.answer_detail
    assert told.result is not None
    said = told.said[told.result.comparisons[0].arm].constancy
    assert said.startswith("The effect seems to change over time")
    assert said.endswith(SIMULATED_CHANGE)
