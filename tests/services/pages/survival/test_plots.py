"""Types of event, hazards and means over time, small charts: each against the engine itself."""

from __future__ import annotations

import numpy as np
import pytest

from services import survival
from services.pages.survival import plots as survival_plots
from services.pages.survival.page import survival_page
from services.pages.survival.records import (
    Facet,
    HazardsOverTime,
    MeanOverTime,
    SurvivalPage,
    TypesOfEvent,
)
from services.study.model import Endpoint, Study
from services.views.study import View, decode
from tests.studies import bundled, make_study


def e3a06(query: str, study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def typed_study(types: list[str], events: list[bool], endpoint: Endpoint | None = None) -> Study:
    n = len(types)
    return make_study(
        (["A", "B"] * n)[:n],
        range(1, n + 1),
        events,
        event_type=types,
        endpoint=endpoint or Endpoint("PFS", "PFS", "free", "x", type_column="T"),
        arms=["A", "B"],
    )


# --- which plots there are --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "study_id", "plots"),
    [
        ("", "e3a06", ("curves", "types", "hazards", "means")),
        ("?endpoint=OS", "e3a06", ("curves", "hazards", "means")),
        ("?endpoint=SPM", "e3a06", ("types", "curves", "hazards", "means")),
        ("?arms=Lenalidomide", "e3a06", ("curves", "types")),
        ("", "e3a06-run-in", ("curves", "types")),
        ("?endpoint=OS", "e3a06-run-in", ("curves",)),
    ],
)
def test_plots_that_the_records_allow(query: str, study_id: str, plots: tuple[str, ...]) -> None:
    assert e3a06(query, study_id).plots == plots


# --- types of event ---------------------------------------------------------------------------


def test_organ_damage_comes_first_and_death_last() -> None:
    names = ["Death", "Zeta", "SLiM", "CRAB", "Alpha", ""]
    study = typed_study(names, [True] * 6)
    records = study.times.assign(ARM_PLANNED="A")
    assert survival_plots.event_types(records) == (
        "CRAB",
        "SLiM",
        "Alpha",
        "Zeta",
        "Death",
        "Type not stated",
    )


def test_incidences_of_all_types_add_up_to_one_minus_kaplan_meier() -> None:
    """Aalen-Johansen of every type together is 1 - S of the composite: an identity."""
    page = e3a06("?plot=types")
    found = page.extra
    assert isinstance(found, TypesOfEvent)
    assert page.result is not None
    by_arm = {c.arm: c for c in page.result.curves}
    assert {c.arm for c in found.incidences} == set(by_arm)
    for incidence in found.incidences:
        curve = by_arm[incidence.arm]
        np.testing.assert_allclose(incidence.time, curve.time)
        total = sum(cause.incidence for cause in incidence.causes)
        np.testing.assert_allclose(total, 1 - curve.survival, atol=1e-12)
        assert sum(cause.events for cause in incidence.causes) == curve.events
        assert tuple(c.cause for c in incidence.causes) == found.types
        assert [m.time for m in incidence.causes[0].landmarks] == [12, 24, 36]


def test_each_type_has_its_test_or_a_reason() -> None:
    found = e3a06("?plot=types").extra
    assert isinstance(found, TypesOfEvent)
    assert len(found.tests) == len(found.types)
    for test, reason in found.tests:
        assert (test is None) == (reason is not None)
        if test is not None:
            assert (test.df, test.name) == (1, test.name)
            assert 0 <= test.p <= 1


def test_a_competing_event_is_a_type_although_it_is_censored_for_the_curve() -> None:
    page = e3a06("?endpoint=SPM&plot=types")
    found = page.extra
    assert isinstance(found, TypesOfEvent)
    assert "Death" in found.types
    counted = {
        cause.cause: sum(c.causes[i].events for c in found.incidences)
        for i, cause in enumerate(found.incidences[0].causes)
    }
    records = page.records
    assert counted["Death"] == int((records["EVENT_TYPE"] == "Death").sum()) > 0
    assert not records.loc[records["EVENT_TYPE"] == "Death", "EVENT"].any()


def test_an_event_without_a_type_is_not_lost() -> None:
    study = typed_study(["X", "", "Y", "", "X", "Y"], [True, True, True, False, True, True])
    found = survival_page(study, View(plot="types")).extra
    assert isinstance(found, TypesOfEvent)
    assert found.types == ("X", "Y", "Type not stated")
    assert sum(c.causes[2].events for c in found.incidences) == 1


def test_nothing_happened_yet_although_something_could_compete() -> None:
    endpoint = Endpoint("SPM", "SPM", "free", "x", competing=("Death",))
    study = typed_study([""] * 4, [False] * 4, endpoint)
    page = survival_page(study, View(plot="types"))
    assert page.result is not None
    assert (page.view.plot, page.extra) == ("curves", None)


# --- hazards and means over time --------------------------------------------------------------


def test_residuals_are_those_of_the_pair() -> None:
    page = e3a06("?plot=hazards")
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, HazardsOverTime)
    assert (found.arm, found.reference, found.reason) == ("Lenalidomide", "Observation", None)
    assert found.residuals is not None
    assert page.result is not None
    ratio = page.result.comparisons[0].hazard_ratio
    assert ratio is not None
    assert len(found.residuals.residual) == 30
    assert np.exp(found.residuals.log_hazard_ratio) == pytest.approx(ratio.estimate, rel=1e-9)
    assert found.residuals.residual.mean() == pytest.approx(np.log(ratio.estimate), abs=1e-6)


def test_hazards_without_events_in_an_arm_have_a_reason() -> None:
    study = make_study(list("AABB"), [4, 6, 3, 5], [False, False, True, True], arms=["A", "B"])
    page = survival_page(study, View(plot="hazards"))
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, HazardsOverTime)
    assert (found.residuals, found.reason) == (None, "0 events in A")


def test_the_last_mean_is_that_of_the_whole_follow_up() -> None:
    page = e3a06("?plot=means")
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, MeanOverTime)
    assert page.result is not None
    whole = page.result.comparisons[0].rmst_difference
    assert whole is not None
    assert found.tau[-1] == pytest.approx(whole.tau)
    for values, wanted in (
        (found.estimate, whole.estimate),
        (found.lower, whole.lower),
        (found.upper, whole.upper),
    ):
        assert values[-1] == pytest.approx(wanted)
    assert (np.diff(found.tau) > 0).all()
    known = np.isfinite(found.lower)
    assert known[-30:].all()
    assert (found.lower[known] <= found.estimate[known]).all()


def test_a_mean_at_any_horizon_is_the_analysis_with_that_tau() -> None:
    study = make_study(
        ["A", "B"] * 10,
        range(1, 21),
        [i % 3 > 0 for i in range(20)],
        arms=["A", "B"],
    )
    page = survival_page(study, View(plot="means"))
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, MeanOverTime)
    for i in (4, 17, 30):
        tau = float(found.tau[i])
        result = survival.analyse(
            study.times["TIME"] / 30.4375,
            study.times["EVENT"],
            study.subjects["ARM_PLANNED"],
            arms=["B", "A"],
            tau=tau,
        )
        wanted = result.comparisons[0].rmst_difference
        assert wanted is not None
        assert found.estimate[i] == pytest.approx(wanted.estimate)
        assert found.lower[i] == pytest.approx(wanted.lower)


# --- small charts -----------------------------------------------------------------------------


def test_a_facet_is_the_page_filtered_to_its_level() -> None:
    page = e3a06("?facet=MAYO2018")
    assert isinstance(page.extra, tuple)
    assert sum(f.n for f in page.extra if isinstance(f, Facet)) == page.population.n
    for facet in page.extra:
        assert isinstance(facet, Facet)
        filtered = e3a06(f"?f.MAYO2018={facet.level}")
        assert facet.n == filtered.population.n
        assert filtered.result is not None
        for curve, other in zip(facet.result.curves, filtered.result.curves, strict=True):
            np.testing.assert_array_equal(curve.survival, other.survival)
        assert facet.result.comparisons == filtered.result.comparisons


def test_missing_is_a_small_chart_of_its_own_and_empty_levels_have_none() -> None:
    study = make_study(
        ["A", "B"] * 6,
        range(1, 13),
        [True] * 12,
        {"SEX": ["F", "F", "M", "M", None, None] * 2, "OLD": ["Y", "N"] * 6},
        arms=["A", "B"],
    )
    page = survival_page(study, View(facet="SEX"))
    assert isinstance(page.extra, tuple)
    assert [(f.label, f.n) for f in page.extra if isinstance(f, Facet)] == [
        ("Female", 4),
        ("Male", 4),
        ("Missing", 4),
    ]
    some = survival_page(study, View(facet="SEX").with_filters({"SEX": ["F", ""]}))
    assert isinstance(some.extra, tuple)
    assert [f.level for f in some.extra if isinstance(f, Facet)] == ["F", ""]
