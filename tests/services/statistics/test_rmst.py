"""Restricted mean survival time against R's summary(survfit, rmean=)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import IntegrationWarning

from services import survival
from services.statistics import rmst
from services.statistics.results import Rmst
from tests.oracles.engine import CASES, case

# R's table is of arms that start at 0; curves that start late have the same area rule.
ARMS = [(name, arm) for name in CASES for arm in case(name).r["arms"]]


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("end", ["tau", "last"])
def test_rmst_and_its_error_against_r(name, arm, end):
    c = case(name)
    rows = c.data[c.data["arm"] == arm]
    r = c.r["curves"][arm]
    expected = r["rmst" if end == "tau" else "rmst_last"]
    ours = survival.kaplan_meier(
        rows["time"], rows["event"], tau=r[end], entry=rows.get("entry"), ci="plain"
    ).rmst
    assert_allclose([ours.estimate, ours.se], expected, rtol=1e-9)
    assert_allclose(ours.upper - ours.estimate, 1.959963984540054 * ours.se, rtol=1e-9)


def test_variance_is_not_that_of_the_restricted_times():
    # lifelines' return_variance=True is the variance of min(T, tau): 8.5 here, not 0.2.
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    rows = case("leukemia").data
    fit = KaplanMeierFitter().fit(rows["time"], rows["event"])
    with pytest.warns(IntegrationWarning):
        _, theirs = restricted_mean_survival_time(fit, t=10, return_variance=True)
    ours = survival.kaplan_meier(rows["time"], rows["event"], tau=10).rmst
    assert theirs / ours.se**2 > 40


def test_rmst_beyond_follow_up_is_not_estimable():
    r = survival.kaplan_meier([1, 2, 3], [1, 0, 0], tau=5).rmst
    assert r.estimate is None
    assert r.reason == "follow-up ends at 3, before tau = 5"


def test_rmst_beyond_the_last_event_counts_no_area():
    r = survival.kaplan_meier([1, 2, 3], [1, 1, 1], tau=5).rmst
    assert r.estimate == pytest.approx(2.0)


def test_rmst_before_the_first_event_is_tau_without_error():
    r = survival.kaplan_meier([2, 3], [1, 1], tau=1).rmst
    assert (r.estimate, r.se) == (1.0, 0.0)


def test_default_tau_is_the_smallest_last_time_of_the_arms():
    result = survival.analyse(
        [1, 2, 9, 1, 4, 6], [1, 0, 0, 1, 1, 0], list("aaabbb"), arms=["a", "b"]
    )
    assert {c.rmst.tau for c in result.curves} == {6.0}
    assert result.comparisons[0].rmst_difference.tau == 6.0


@pytest.mark.parametrize(("name", "tau"), [("gbsg2", 1500), ("mgus2", 200)])
def test_difference_and_ratio_by_their_formulas(name, tau):
    c = case(name)
    result = survival.analyse(
        c.data["time"], c.data["event"], c.data["arm"], arms=c.r["arms"], tau=tau, ci="plain"
    )
    d = result.comparisons[0].rmst_difference
    (m0, s0), (m1, s1) = ((k.rmst.estimate, k.rmst.se) for k in result.curves)
    z = 1.959963984540054
    assert_allclose([d.estimate, d.upper], [m1 - m0, m1 - m0 + z * np.hypot(s0, s1)])
    half = z * np.hypot(s0 / m0, s1 / m1)
    assert_allclose([d.ratio.estimate, d.ratio.lower], [m1 / m0, m1 / m0 * np.exp(-half)])


def test_difference_without_events_has_no_interval():
    flat = Rmst(3.0, 3.0, 0.0, 3.0, 3.0)
    d = rmst.difference(flat, flat, ci="plain")
    assert (d.estimate, d.p) == (0.0, None)
    assert "no events" in d.reason


def test_ratio_of_a_mean_of_zero_is_not_estimable():
    result = survival.analyse([0, 0, 1, 2], [1, 1, 1, 1], list("aabb"), arms=["a", "b"], tau=2)
    d = result.comparisons[0].rmst_difference
    assert d.ratio.estimate is None
    assert d.ratio.reason == "a restricted mean is 0"
