"""The survival page's record: defaults, errors, the cache, the table at risk, published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from services import format as fmt
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import first_look, survival_page
from services.pages.survival.records import Facet, SurvivalPage
from services.statistics.results import HazardRatio
from services.studies import Catalogue
from services.study.model import Column, Study
from services.units import DAYS_PER_UNIT
from services.views.study import View, decode
from tests.studies import bundled, make_study, two_arms

PILOT = Path(__file__).resolve().parents[5] / "shared/data/adam/cdiscpilot01"


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


@pytest.mark.parametrize(("ci", "upper"), [("log-log", 191.0), ("log", 192.0)])
def test_who_died_first_was_not_lost(ci: str, upper: float) -> None:
    """Median follow-up where death competes, of R's survfit with deaths censored.

    ``survfit(Surv(time, pstat == 0 & death == 0) ~ 1, mgus2)``, time to progression or the last
    visit, conf.type "log-log" and "log": 184 (175 to 191) and (175 to 192) months;
    by sex 185 and 184. With deaths taken for the end of observation it is 88.
    """
    found = page(f"?ci={ci}", "mgus2")
    assert found.endpoint.competing == ("Death",)
    assert found.result is not None
    follow_up = found.result.curves[0].follow_up
    assert (follow_up.estimate, follow_up.lower, follow_up.upper) == (184.0, 175.0, upper)
    assert first_look(bundled("mgus2")).follow_up == (184.0,)
    men = page("?facet=SEX", "mgus2").extra
    assert isinstance(men, tuple)
    by_sex = {f.level: f.result.curves[0].follow_up.estimate for f in men if isinstance(f, Facet)}
    assert by_sex == {"F": 185.0, "M": 184.0}


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
    assert found.result is None


def test_patients_without_a_record_are_counted() -> None:
    study = small()
    found = survival_page(replace(study, times=study.times.iloc[1:], sha256="one less"), View())
    assert (found.population.n, len(found.records)) == (4, 3)
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


def test_patients_without_a_stratum_are_left_out_of_what_is_stratified() -> None:
    """R: coxph(Surv(t, e) ~ x + strata(s)), survdiff, cox.zph, anova and subsets; n = 64 of 80."""
    study = make_study(
        ["A" if i % 2 else "B" for i in range(80)],
        [1 + (i * 7) % 23 + (i % 3) * 0.5 for i in range(80)],
        [i % 7 != 0 for i in range(80)],
        {
            "SEX": ["F", "F", "M", "M", None] * 16,
            "G": ["x" if (i // 4) % 3 == 0 else "y" for i in range(80)],
        },
        known={"SEX": Column("SEX", "Sex"), "G": Column("G", "G")},
        arms=["A", "B"],
    )
    page = survival_page(study, View(strata=("SEX",), arms=("B", "A")))
    assert page.records["STRATUM"].isna().sum() == 16
    assert page.result is not None
    found = page.result.comparisons[0]
    ratio, test, constant = (
        found.stratified_hazard_ratio,
        found.stratified_log_rank,
        found.stratified_proportional_hazards,
    )
    assert ratio is not None
    assert test is not None
    assert constant is not None
    known = [1.3999664102, 0.7585609184, 2.5837159577]
    assert [ratio.estimate, ratio.lower, ratio.upper] == pytest.approx(known, rel=1e-6)
    assert test.chi2 == pytest.approx(1.265308729, rel=1e-6)
    assert constant.chi2 == pytest.approx(0.005278941066, rel=1e-6)
    assert sum(curve.n for curve in page.result.curves) == 80
    view = View(strata=("SEX",), arms=("B", "A"), by=("SEX", "G"))
    forest = subgroups_page(study, view).forest
    assert forest is not None
    sex, group = forest.groups
    rows = [*sex.levels[:2], *group.levels]
    assert sum(sum(row.n.values()) for row in group.levels) == 80
    ratios = [row.hazard_ratio.estimate for row in rows if row.hazard_ratio]
    assert ratios == pytest.approx([0.9261321846, 2.0170542086, 1.2764212038, 1.8827184147])
    assert group.interaction is not None
    assert group.interaction.chi2 == pytest.approx(1.074271273e-05, rel=1e-4)


def test_times_are_in_the_unit_asked_for() -> None:
    curves = {
        unit: survival_page(two_arms(), View(unit=unit)).result.curves  # type: ignore[union-attr]
        for unit in DAYS_PER_UNIT
    }
    for unit, days in DAYS_PER_UNIT.items():
        for curve, other in zip(curves[unit], curves["days"], strict=True):
            np.testing.assert_allclose(curve.time * days, other.time, rtol=1e-12)
            np.testing.assert_array_equal(curve.survival, other.survival)


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
