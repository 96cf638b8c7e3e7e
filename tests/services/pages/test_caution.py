"""What few patients and events do not allow to say; the oracle is what was counted by hand."""

from __future__ import annotations

import pytest

from services.pages import caution
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.statistics.results import Test
from services.study.model import Column
from services.views.study import View, decode
from tests.studies import as_such, make_study


def chi(p: float) -> Test:
    return Test(1.0, 1, p)


@pytest.mark.parametrize(
    ("p", "events", "words"),
    [
        (0.804, 6, "Too few events (6) to determine whether the effect changes over time."),
        (0.01, 6, "Too few events (6) to determine whether the effect changes over time."),
        (0.059, 166, "The effect may change over time: the test is inconclusive."),
        (0.85, 30, "Whether the effect changes over time cannot be determined (30 events)."),
        (0.85, 166, "No sign that the effect changes over time."),
    ],
)
def test_what_a_test_of_proportional_hazards_says(p: float, events: int, words: str) -> None:
    assert caution.constancy(chi(p), events) == words


def test_a_small_p_of_many_events_is_a_change() -> None:
    assert caution.constancy(chi(0.01), 166).startswith("The effect seems to change over time")


def test_enough_events_is_where_a_halving_is_found_as_often_as_missed() -> None:
    """(1.96 x 4 / log 2)^2 = 127.9"""
    assert caution.ENOUGH_EVENTS == 128


def test_an_interaction_of_nine_events_is_not_tested_aloud() -> None:
    """12 patients, 9 events: chi-square 10.3 on 1 df, and no level has a hazard ratio."""
    rows = [
        (3, 1, "Obs", "0"), (4, 1, "Obs", "0"), (3, 0, "Trt", "0"), (7, 1, "Trt", "0"),
        (5, 1, "Obs", "1"), (5, 0, "Obs", "2"), (6, 1, "Obs", "2"), (5, 1, "Obs", "2"),
        (6, 1, "Obs", "2"), (3, 0, "Obs", "2"), (5, 1, "Trt", "2"), (5, 1, "Obs", None),
    ]  # fmt: skip
    time, event, arm, ecog = zip(*rows, strict=True)
    study = make_study(
        arm,
        time,
        [bool(e) for e in event],
        columns={"ECOG": list(ecog)},
        known={"ECOG": Column("ECOG", "ECOG performance status")},
        arms=["Trt", "Obs"],
    )
    page = subgroups_page(study, decode("?by=ECOG"))
    assert page.forest is not None
    (group,) = page.forest.groups
    assert group.interaction is not None
    assert group.caution == "too few events to rely on the test (8)"
    assert "may depend" not in page.answer
    assert "Too few events (9) to test whether any variable changes the effect." in page.answer
    (item,) = page.credibility
    assert item.summary == "Cannot be judged: too few events to rely on the test (8)."
    assert "Deserves attention" not in item.summary


def test_a_level_without_a_ratio_leaves_nothing_to_compare() -> None:
    page = subgroups_page(as_such(), View())
    assert page.forest is not None
    by_name = {g.variable: g for g in page.forest.groups}
    assert (
        by_name["RACE"].caution
        == "too few events to rely on the test (only one level has a hazard ratio)"
    )
    assert by_name["SEX"].caution is None
    assert "Too few events to test race" in page.answer_detail


@pytest.mark.parametrize(
    ("p", "events", "words"),
    [
        (0.065, 200, "inconclusive (200 events)"),
        (0.106, 30, "inconclusive (30 events)"),
        (0.4, 200, "consistent with chance"),
    ],
)
def test_what_an_interaction_test_leaves_to_chance(p: float, events: int, words: str) -> None:
    assert caution.chance(chi(p), events) == words


def test_arms_of_few_patients_and_events_are_named() -> None:
    study = make_study(["A"] * 9 + ["B"] * 40, range(1, 50), [True] * 49)
    result = survival_page(study, View()).result
    assert result is not None
    assert (
        caution.of_arms(result.curves) == "Only 9 patients on A: read the comparison with caution."
    )
    assert caution.of_events(result.curves) == ""


@pytest.mark.parametrize(
    ("time", "at_risk", "words"),
    [
        ("36", [("A", 12)], ""),
        ("12", [("A", 4), ("B", 12)], "fewer than 10 are at risk then (4 on A)."),
        ("12", [("", 0)], "fewer than 10 are at risk then (0 left)."),
        ("", [("", 30)], "only counts are given: too few patients or events are left."),
    ],
)
def test_a_time_that_a_filter_moved(time: str, at_risk: list[tuple[str, int]], words: str) -> None:
    before = "Without the filter “female” the headline is at 36 months; with it "
    told = caution.moved(time, 36.0, at_risk, "months", "female")
    assert told == (before + words if words else "")
