"""Sentences about results: what is said, and what must not be claimed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.study.model import Endpoint, Study
from services.views.study import View, decode
from tests.studies import as_such, bundled, make_study


def e3a06(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def two_arms(events_a: int, events_b: int, n: int = 30, view: str = "") -> SurvivalPage:
    """``n`` patients an arm, one event a month from the first on, everyone else until 40 months."""

    def side(events: int) -> tuple[list[float], list[bool]]:
        times = [float(i + 1) for i in range(events)] + [40.0] * (n - events)
        return times, [i < events for i in range(n)]

    (time_a, event_a), (time_b, event_b) = side(events_a), side(events_b)
    study = make_study(
        ["Drugamab"] * n + ["Placebo"] * n,
        [*time_a, *time_b],
        [*event_a, *event_b],
        arms=["Drugamab", "Placebo"],
    )
    return survival_page(study, decode(view or "?at=12,24,36"))


def provenance(page: SurvivalPage) -> dict[str, str]:
    return dict(page.provenance)


# --- the answer -------------------------------------------------------------------------------


def test_the_answer_of_e3a06_is_the_designs_sentence() -> None:
    page = e3a06()
    assert page.answer == (
        "At 36 months, 91% on lenalidomide and 66% on observation were progression-free;"
        " over the whole follow-up, HR 0.28 (95% CI 0.12 to 0.62)."
    )
    assert page.answer_detail == "The entire interval favors lenalidomide over observation."


def test_few_events_are_counted_and_no_share_is_claimed() -> None:
    page = e3a06("?endpoint=OS")
    assert page.answer == (
        "Only 6 events so far: 2 of 92 on lenalidomide and 4 of 90 on observation had the event"
        " (death from any cause)."
    )
    assert page.answer_detail == (
        "With so few events the comparison is very uncertain (HR 0.46, 95% CI 0.08 to 2.53)."
    )


@pytest.mark.parametrize(
    ("events", "start"),
    [
        ((0, 0), "No events so far: 0 of 30 on drugamab and 0 of 30 on placebo had the event"),
        ((0, 1), "Only 1 event so far: 0 of 30 on drugamab and 1 of 30 on placebo"),
        ((4, 5), "Only 9 events so far: 4 of 30"),
    ],
)
def test_counts_instead_of_shares_below_ten_events(events: tuple[int, int], start: str) -> None:
    assert two_arms(*events).answer.startswith(start)


def test_too_few_to_compare_says_why() -> None:
    page = two_arms(0, 3)
    assert page.answer_detail == (
        "Too few to compare (hazard ratio not estimable: 0 events in Drugamab)."
    )


def test_a_hazard_ratio_that_cannot_be_estimated_is_not_a_number_in_the_sentence() -> None:
    page = two_arms(0, 15)
    assert page.answer.endswith("; hazard ratio not estimable: 0 events in Drugamab.")
    assert page.answer.startswith("At 36 months, 100% on drugamab and 50% on placebo")
    assert "favors" not in page.answer_detail


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((5, 20), "The entire interval favors drugamab over placebo."),
        ((20, 5), "The entire interval favors placebo over drugamab."),
        ((12, 12), "The interval is compatible with no difference between drugamab and placebo."),
    ],
)
def test_what_the_interval_says(events: tuple[int, int], words: str) -> None:
    assert two_arms(*events).answer_detail.startswith(words)


def test_the_headline_is_the_last_time_with_ten_at_risk_in_every_arm() -> None:
    """After 22 months 8 of 30 remain on the drug: 24 months is no headline, 12 months is."""
    assert two_arms(22, 12).answer.startswith("At 12 months, 60% on drugamab and 60% on placebo")
    assert two_arms(14, 14).answer.startswith("At 36 months,")


def test_with_fewer_than_ten_everywhere_the_earliest_estimable_time_is_used() -> None:
    """By hand: 3 of 8 have had the event by 3 months, the time at which most are still there."""
    small = two_arms(6, 7, n=8, view="?at=3,6,99")
    assert small.answer.startswith("At 3 months, 62% on drugamab and 62% on placebo")
    assert "3 months: the earliest of the times listed" in small.answer_detail


def test_no_landmark_within_follow_up() -> None:
    page = two_arms(10, 10, view="?at=99")
    assert page.answer == (
        "10 of 30 on drugamab and 10 of 30 on placebo had the event (progression or death)."
    )


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("?unit=years&at=1", "At 1 year, "),
        ("?unit=days&at=1", "At 1 day, "),
        ("?at=1.5", "At 1.5 "),
    ],
)
def test_one_year_is_singular(query: str, start: str) -> None:
    assert two_arms(14, 14, view=query).answer.startswith(start)


def test_a_single_arm_has_its_interval_and_no_comparison() -> None:
    page = e3a06("?ci=log", "e3a06-run-in")
    assert page.answer == "At 60 months, 78% were progression-free (95% CI 65% to 93%)."
    assert page.answer_detail == ""
    deaths = survival_page(as_such("e3a06-run-in"), decode("?endpoint=OS"))
    assert deaths.answer.startswith("Only 3 events so far: 3 of 44 patients had the event")


def test_three_arms_have_the_overall_test() -> None:
    arms = ["Low dose", "High dose", "Placebo"]
    study = make_study(
        arms * 10, [1 + i for i in range(30)], [i % 3 != 0 or i > 20 for i in range(30)], arms=arms
    )
    page = survival_page(study, decode("?at=12"))
    assert " on low dose, " in page.answer
    assert " on high dose and " in page.answer
    assert "HR" not in page.answer
    assert page.answer_detail.startswith("Difference between the 3 arms: log-rank p ")


def test_the_level_is_said() -> None:
    assert "90% CI" in two_arms(14, 14, view="?level=0.9&at=12").answer


# --- provenance -------------------------------------------------------------------------------


def test_everything_a_number_rests_on_is_said() -> None:
    words = provenance(e3a06())
    assert list(words) == [
        "Study",
        "Population",
        "Endpoint",
        "Curves",
        "Comparison",
        "Differences",
        "P-values",
        "Time",
        "Data cut",
    ]
    assert words["Study"] == "E3A06. Simulated patients"
    assert words["Population"] == "182 of 182 patients, no filter"
    assert "event: progression to myeloma" in words["Endpoint"]
    assert words["Curves"] == "Kaplan-Meier, 95% CI (log-log, Greenwood)"
    assert words["Comparison"] == (
        "Cox hazard ratio (Efron ties) and log-rank test; strata: none; reference: Observation;"
        " below 1 favors the other arm"
    )
    assert words["Differences"].startswith("limits from the arms' own intervals (MOVER)")
    assert words["P-values"].startswith("two-sided, not corrected for multiplicity; log-rank test")
    assert words["Time"].startswith("months")
    assert words["Data cut"]


def test_provenance_follows_the_view() -> None:
    words = provenance(
        e3a06(
            "?f.SEX=F&ci=plain&level=0.9&unit=years&strata=TSDIAGGR&facet=SEX"
            "&arms=Lenalidomide,Observation"
        )
    )
    assert words["Population"].endswith("of 182 patients (female)")
    curves = "Kaplan-Meier, 90% CI (plain, Greenwood); each level of Sex separately"
    assert words["Curves"] == curves
    # All of them are women: no strata come of it.
    held = "strata: Time since diagnosis (Sex the same in all patients);"
    assert held in words["Comparison"]
    assert "reference: Lenalidomide;" in words["Comparison"]
    assert words["Time"].startswith("years")


def test_a_single_arm_has_no_comparison_line() -> None:
    assert "Comparison" not in provenance(e3a06("", "e3a06-run-in"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("simulated", "Simulated patients"),
        ("real", "Real patients"),
        ("uploaded", "Uploaded data"),
    ],
)
def test_whose_patients_these_are(kind: str, words: str) -> None:
    study: Study = make_study(["A", "B"], [1, 2], [True, True])
    cited = replace(study.metadata, citation={"label": "Doe 2020"})
    study = replace(study, metadata=cited)
    page = survival_page(replace(study, kind=kind, sha256=kind), View())  # type: ignore[arg-type]
    assert provenance(page)["Study"] == f"Tests. {words}"


def test_nobody_says_real_of_data_without_a_source() -> None:
    study = make_study(["A", "B"], [1, 2], [True, True], kind="real")
    assert provenance(survival_page(study, View()))["Study"] == "Tests. Data as supplied"


def test_what_competes_is_said_where_it_is_censored() -> None:
    endpoint = Endpoint("SPM", "Time to x", "free of x", "x", competing=("Death",))
    study = make_study(
        ["A", "B"] * 3,
        range(1, 7),
        [True, False] * 3,
        event_type=["X", "Death"] * 3,
        endpoint=endpoint,
    )
    words = provenance(survival_page(study, View(plot="curves")))
    assert "death before the event counted as censored" in words["Curves"]


# --- small words ------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "few"), [((5.0,), False), ((34.0,), True), ((34.0, 36.0), False)])
def test_a_time_with_few_at_risk_is_said_where_no_other_is_left(
    at: tuple[float, ...], few: bool
) -> None:
    """Two arms of 20, an event each 2 and 3 months: 4 and 9 of 20 are left at 34."""
    times = [2.0 * i for i in range(1, 21)] + [3.0 * i for i in range(1, 21)]
    page = survival_page(make_study(["A"] * 20 + ["B"] * 20, times, [True] * 40), View(at=at))
    said = "At 34 months fewer than 10 patients are at risk in at least one arm."
    assert (said in page.answer_detail) == few, page.answer_detail
