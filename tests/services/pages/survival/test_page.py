"""The survival page's record: defaults, errors, the cache, the table at risk, published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import analysis
from services import format as fmt
from services.analysis import at_risk_table, minimal, resolve, survival_page, tick_step, ticks
from services.catalogue import Catalogue
from services.errors import UserError
from services.page_records import SurvivalPage
from services.records import HazardRatio
from services.study import Endpoint, Study
from services.view import CI_TYPES, DAYS_PER_UNIT, View, decode
from tests.studies import bundled, make_study, two_arms

PILOT = Path(__file__).resolve().parents[3] / "shared/data/adam/cdiscpilot01"


@cache
def page(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def ratio(query: str) -> HazardRatio:
    result = page(query).result
    assert result is not None
    found = result.comparisons[0].hazard_ratio
    assert found is not None
    return found


# --- published figures (Lonial 2020), printed by the page's own record ------------------------


def test_pfs_at_12_24_and_36_months_as_published() -> None:
    result = page().result
    assert result is not None
    printed = {c.arm: [fmt.percent(m.survival, 0) for m in c.landmarks] for c in result.curves}
    assert printed == {
        "Lenalidomide": ["98%", "93%", "91%"],
        "Observation": ["89%", "76%", "66%"],
    }
    assert {c.arm: c.n for c in result.curves} == {"Lenalidomide": 92, "Observation": 90}


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("", "0.28 (0.12 to 0.62)"),
        ("?endpoint=OS", "0.46 (0.08 to 2.53)"),
        ("?f.MAYO2018=High", "0.09 (0.02 to 0.44)"),
    ],
)
def test_hazard_ratios_as_published(query: str, printed: str) -> None:
    assert fmt.hazard_ratio(ratio(query)) == printed


def test_the_p_of_pfs_the_deaths_and_the_high_risk_patients_as_published() -> None:
    assert fmt.p_value(ratio("").p) == "0.002"
    result = page("?endpoint=OS").result
    assert result is not None
    assert {c.arm: c.events for c in result.curves} == {"Lenalidomide": 2, "Observation": 4}
    assert page("?f.MAYO2018=High").population.n == 56


def test_the_run_in_is_one_arm_with_its_published_figures() -> None:
    found = page("?ci=log", "e3a06-run-in")
    assert found.result is not None
    (curve,) = found.result.curves
    printed = [fmt.percent(m.survival, 0) for m in curve.landmarks]
    assert (curve.n, found.view.at, printed) == (44, (36.0, 60.0), ["87%", "78%"])
    last = curve.landmarks[-1]
    assert (fmt.percent(last.lower, 0), fmt.percent(last.upper, 0)) == ("65%", "93%")
    assert found.result.comparisons == ()
    assert found.result.log_rank is None
    assert found.reason is None
    assert "hazards" not in found.plots
    deaths = page("?endpoint=OS", "e3a06-run-in").result
    assert deaths is not None
    follow_up = deaths.curves[0].follow_up
    assert [round(v or 0) for v in (follow_up.estimate, follow_up.lower, follow_up.upper)] == [
        82,
        72,
        84,
    ]


def test_the_cdisc_pilot_against_r() -> None:
    """R 4.2 survival 3.5: survdiff and coxph of TTDE in days by planned arm."""
    if not PILOT.is_dir():
        pytest.skip(f"the CDISC pilot study is not at {PILOT}")
    found = survival_page(Catalogue([PILOT]).get("cdiscpilot01"), View(unit="days"))
    assert found.result is not None
    arms = {c.arm: (c.n, c.events) for c in found.result.curves}
    assert arms == {
        "Placebo": (86, 29),
        "Xanomeline High Dose": (84, 61),
        "Xanomeline Low Dose": (84, 62),
    }
    test = found.result.log_rank
    assert test is not None
    assert (test.chi2, test.df) == (pytest.approx(60.26955674, abs=1e-6), 2)
    ratios = {c.arm: c.hazard_ratio for c in found.result.comparisons}
    assert all(c.reference == "Placebo" for c in found.result.comparisons)
    for arm, expected in (("Xanomeline High Dose", 4.9202), ("Xanomeline Low Dose", 4.0770)):
        found_ratio = ratios[arm]
        assert found_ratio is not None
        assert found_ratio.estimate == pytest.approx(expected, abs=5e-5)


# --- defaults ---------------------------------------------------------------------------------

asked = st.builds(
    View,
    endpoint=st.sampled_from(["", "PFS", "OS", "SPM"]),
    arms=st.sampled_from(
        [
            (),
            ("Observation", "Lenalidomide"),
            ("Lenalidomide", "Observation"),
            ("Lenalidomide",),
        ]
    ),
    ci=st.sampled_from(CI_TYPES),
    unit=st.sampled_from(list(DAYS_PER_UNIT)),
    at=st.sampled_from([(), (12.0,), (12.0, 24.0, 36.0), (1.0, 2.0, 3.0)]),
    strata=st.sampled_from([(), ("SEX",), ("TSDIAGGR", "SEX")]),
    facet=st.sampled_from(["", "MAYO2018"]),
)


@settings(deadline=None)
@given(asked)
def test_resolve_and_minimal_are_inverse(view: View) -> None:
    study = bundled()
    full = resolve(study, view)
    short = minimal(study, full)
    assert resolve(study, short) == full
    assert minimal(study, resolve(study, short)) == short
    assert resolve(study, full) == full
    assert full.endpoint
    assert full.arms
    assert full.at


def test_the_default_view_has_the_shortest_address() -> None:
    assert minimal(bundled(), resolve(bundled(), View())) == View()
    full = resolve(bundled(), View())
    assert (full.endpoint, full.arms) == ("PFS", ("Observation", "Lenalidomide"))
    assert full.at == (12.0, 24.0, 36.0)


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("days", (365.25, 730.5, 1095.75)),
        ("weeks", (52.0, 104.0, 156.0)),
        ("years", (1.0, 2.0, 3.0)),
    ],
)
def test_default_times_follow_the_unit(unit: str, times: tuple[float, ...]) -> None:
    assert resolve(bundled(), View(unit=unit)).at == times


@pytest.mark.parametrize(
    ("view", "message", "hint"),
    [
        (View(endpoint="TTP"), "E3A06 has no endpoint “TTP”.", "It has: PFS, OS, SPM."),
        (View(arms=("Placebo",)), "no arm “Placebo”", "It has: Lenalidomide, Observation."),
        (View(strata=("HEIGHT",)), "no grouping “HEIGHT”", "SEX"),
        (View(strata=("AGE",)), "no grouping “AGE”", "AGEGR1"),
        (View(facet="USUBJID"), "no grouping “USUBJID”", "SEX"),
        (View(by=("BOR",)), "no grouping “BOR”", "MAYO2018"),
        (
            View(arms=("Lenalidomide", "Lenalidomide")),
            "“arms=Lenalidomide,Lenalidomide” names an arm twice.",
            "once",
        ),
    ],
)
def test_errors_name_what_was_asked_for_and_what_there_is(
    view: View, message: str, hint: str
) -> None:
    with pytest.raises(UserError) as caught:
        survival_page(bundled(), view)
    assert message in caught.value.message
    assert hint in caught.value.hint


# --- the cache --------------------------------------------------------------------------------


def test_the_same_view_of_the_same_study_is_made_once() -> None:
    study = two_arms()
    first = survival_page(study, View(ci="log"))
    assert survival_page(study, View(ci="log")) is first
    assert survival_page(study, View(ci="plain")) is not first
    assert survival_page(two_arms(), View(ci="log")) is first, "the content counts, not the object"
    assert survival_page(two_arms(19), View(ci="log")) is not first


def test_another_page_of_the_same_view_is_another_record() -> None:
    study = two_arms(18)
    first = survival_page(study, View())
    made: list[View] = []

    def make(_: Study, view: View) -> SurvivalPage:
        made.append(view)
        return replace(first, answer="other")

    for _ in range(2):
        assert analysis.cached("other", study, View(), make).answer == "other"
    assert made == [View()]
    assert survival_page(study, View()) is first


def test_the_cache_is_bounded_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_cache", analysis.LRUCache(512))
    analysis.set_cache_size(2)
    study, other = two_arms(17), two_arms(16)
    views = [View(level=level) for level in (0.8, 0.9, 0.95)]
    records = [survival_page(study, view) for view in views]
    assert survival_page(study, views[2]) is records[2]
    assert survival_page(study, views[0]) is not records[0], "the oldest was dropped"
    kept = survival_page(other, View())
    analysis.forget(study)
    assert survival_page(other, View()) is kept
    assert survival_page(study, views[0]) is not records[0]


# --- numbers at risk --------------------------------------------------------------------------

patients = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 12), st.booleans()), min_size=2, max_size=25
)


@settings(deadline=None)
@given(patients, st.lists(st.floats(0, 15), max_size=6))
def test_at_risk_events_and_censored_add_to_n_at_every_time(
    rows: list[tuple[str, int, bool]], times: list[float]
) -> None:
    """Oracle: counting patients one by one (at risk T >= t, the others before t)."""
    arms, months, events = zip(*rows, strict=True)
    found = survival_page(make_study(arms, months, events, arms=["A", "B"]), View())
    assert found.result is not None
    for curve in found.result.curves:
        mine = [(t, e) for a, t, e in rows if a == curve.arm]
        table = at_risk_table(curve, [*times, *range(13)])
        for i, at in enumerate([*times, *range(13)]):
            near = [m for m in months if abs(m - at) <= 1e-6 and m != at]
            if near:
                continue  # the engine takes times this close for one
            expected = (
                sum(t >= at for t, _ in mine),
                sum(e and t < at for t, e in mine),
                sum(not e and t < at for t, e in mine),
            )
            assert (table.at_risk[i], table.events[i], table.censored[i]) == expected, at
            assert sum(expected) == curve.n == table.n


@pytest.mark.parametrize("query", ["", "?endpoint=OS", "?unit=days", "?unit=years&ticks=0.1"])
def test_the_tables_of_a_page_stand_at_its_ticks(query: str) -> None:
    found = page(query)
    assert found.result is not None
    assert found.ticks[0] == 0
    assert found.ticks == tuple(sorted(set(found.ticks)))
    for curve, table in zip(found.result.curves, found.at_risk, strict=True):
        sums = np.array([table.at_risk, table.events, table.censored]).sum(axis=0)
        assert sums.tolist() == [curve.n] * len(found.ticks)
        assert (table.at_risk[0], table.events[0]) == (curve.n, 0)


@given(st.floats(1e-3, 1e5), st.integers(3, 12))
def test_a_tick_step_is_round_and_leaves_few_ticks(longest: float, most: int) -> None:
    step = tick_step(longest, most)
    assert longest / step <= most * (1 + 1e-9)
    assert float(f"{step:.3g}") == step


def test_ticks_as_asked_for() -> None:
    assert ticks(View(ticks=10.0), 35) == (0, 10, 20, 30)
    assert ticks(View(ticks=0.1, xmax=0.3), 35) == (0, 0.1, 0.2, 0.3)
    assert ticks(View(xmax=24.0), 60) == (0, 3, 6, 9, 12, 15, 18, 21, 24)
    assert ticks(View(), 0.0) == (0,)


# --- what cannot be shown ---------------------------------------------------------------------


def small(arms: Sequence[str] = ("A", "A", "B", "B")) -> Study:
    return make_study(
        arms, [1, 2, 3, 4], [True] * 4, {"SEX": ["F", "M", "F", "F"]}, arms=["A", "B"]
    )


def test_nobody_matches() -> None:
    found = survival_page(bundled(), decode("?f.AGE=..1"))
    assert (found.population.n, found.population.n_total, found.result) == (0, 182, None)
    assert found.reason is not None
    assert "No patient matches" in found.reason
    assert (found.answer, found.at_risk) == ("", ())
    assert sum(found.counts["SEX"].values()) == 0


def test_one_arm_only_is_not_compared() -> None:
    found = survival_page(small(), decode("?f.SEX=M"))
    assert found.reason is not None
    assert "only A has patients" in found.reason
    assert found.result is not None
    assert [c.arm for c in found.result.curves] == ["A"]
    alone = survival_page(small(), decode("?f.SEX=M&arms=A"))
    assert alone.reason is None


def test_nobody_has_a_record_of_the_endpoint() -> None:
    study = small()
    bare = replace(study, times=study.times.iloc[:0], sha256="bare")
    found = survival_page(bare, View())
    assert found.reason == "None of these 4 patients has a record of progression-free survival."
    assert (found.without_record, found.result) == (4, None)


def test_patients_without_a_record_are_counted() -> None:
    study = small()
    found = survival_page(replace(study, times=study.times.iloc[1:], sha256="one less"), View())
    assert (found.population.n, found.without_record, len(found.records)) == (4, 1, 3)
    assert any("1 without a record" in text for _, text in found.provenance)


def test_a_plot_that_is_not_there_falls_back_to_curves() -> None:
    found = page("?endpoint=OS&plot=types")
    assert "types" not in found.plots
    assert (found.view.plot, found.extra) == ("curves", None)


def test_a_facet_and_strata_make_the_stratified_results() -> None:
    stratified, faceted = page("?strata=MAYO2018").result, page("?facet=MAYO2018").result
    assert stratified is not None
    assert faceted is not None
    assert stratified.stratified_log_rank == faceted.stratified_log_rank
    assert stratified.stratified_log_rank is not None
    plain = page().result
    assert plain is not None
    assert plain.stratified_log_rank is None
    assert plain.log_rank == stratified.log_rank


def test_missing_strata_are_a_stratum_of_their_own() -> None:
    study = make_study(
        ["A", "B"] * 6,
        range(1, 13),
        [True] * 12,
        {"SEX": ["F", "F", "M", "M", None, None] * 2},
        arms=["A", "B"],
    )
    found = survival_page(study, View(strata=("SEX",)))
    called = ["F", "F", "M", "M", "(missing)", "(missing)"] * 2
    assert found.records["STRATUM_LABEL"].tolist() == called
    assert found.records["STRATUM"].tolist() == [2, 2, 3, 3, 1, 1] * 2
    assert len(found.records) == 12


def test_times_are_in_the_unit_asked_for() -> None:
    curves = {
        unit: survival_page(two_arms(), View(unit=unit)).result.curves  # type: ignore[union-attr]
        for unit in DAYS_PER_UNIT
    }
    for unit, days in DAYS_PER_UNIT.items():
        for curve, other in zip(curves[unit], curves["days"], strict=True):
            np.testing.assert_allclose(curve.time * days, other.time, rtol=1e-12)
            np.testing.assert_array_equal(curve.survival, other.survival)


def test_default_landmarks_without_the_studys_own_are_thirds_of_the_follow_up() -> None:
    study = make_study(
        ["A", "B"] * 3,
        [10, 20, 30, 40, 50, 58],
        [True] * 6,
        arms=["A", "B"],
        endpoint=Endpoint("X", "X", "x", "x"),
    )
    assert resolve(study, View()).at == (24.0, 48.0)


@pytest.mark.parametrize(
    ("study_id", "query", "drawn", "address"),
    [
        ("quiredex", "", "types", ""),
        ("quiredex", "?plot=types", "types", ""),
        ("quiredex", "?plot=curves", "curves", "curves"),
        ("quiredex", "?plot=hazards", "hazards", "hazards"),
        ("quiredex", "?endpoint=OS", "curves", ""),
        ("quiredex", "?endpoint=OS&plot=curves", "curves", ""),
        ("quiredex", "?facet=SEX", "curves", ""),
        ("quiredex", "?facet=SEX&plot=types", "types", "types"),
        ("quiredex", "?scale=incidence", "curves", ""),
        ("aquila", "?endpoint=FLT", "types", ""),
        ("aquila", "", "curves", ""),
        ("mgus2", "?endpoint=OS", "curves", ""),
    ],
)
def test_where_something_competes_its_incidence_is_drawn_first(
    study_id: str, query: str, drawn: str, address: str
) -> None:
    made = page(query, study_id)
    assert (made.view.plot, made.address.plot) == (drawn, address)
    assert made.full_address.plot == address


def test_without_an_event_the_default_chart_stays_the_default() -> None:
    """No type of event is left to draw, but taking the filter away brings the incidence back."""
    made = page("?endpoint=SPM&f.SEX=F&f.AGE=40..41")
    assert (made.view.plot, made.address.plot) == ("curves", "")
