"""Cox models against R's coxph, and lifelines where it is right."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.statistics import distributions
from services.survival import NotEstimable
from tests.oracles.engine import CASES, case, numbers
from tests.services.statistics.pairs import ratio

FITTED = [name for name in CASES if case(name).r["pair"]["cox"]]


def _nowhere(r):
    """Whether R stopped on the way to infinity, or had no coefficient."""
    return not r or not abs(float(numbers(r["beta"])[0])) < 10


def _agrees(ours, r, tolerance=1e-6):
    beta, se = float(numbers(r["beta"])[0]), float(numbers(r["se"])[0])
    assert_allclose(np.log(ours.estimate), beta, atol=tolerance)
    assert_allclose(ours.log_se, se, rtol=tolerance)
    assert_allclose(np.log(ours.upper), beta + 1.959963984540054 * se, atol=tolerance)
    assert_allclose(ours.p, distributions.chi2_p(r["wald"], 1), atol=tolerance)
    assert_allclose(ours.p_score, distributions.chi2_p(r["score"], 1), atol=tolerance)
    assert_allclose(ours.p_likelihood, distributions.chi2_p(r["likelihood"], 1), atol=tolerance)


@pytest.mark.parametrize("name", FITTED)
def test_hazard_ratio_against_r(name):
    _agrees(ratio(name), case(name).r["pair"]["cox"])


@pytest.mark.parametrize("name", [n for n in FITTED if case(n).r["pair"]["cox_stratified"]])
def test_stratified_hazard_ratio_against_r(name):
    expected = case(name).r["pair"]["cox_stratified"]
    strata = case(name).pair()["stratum"]
    try:
        ours = ratio(name, strata=strata)
    except NotEstimable:
        assert _nowhere(expected)
        return
    _agrees(ours, expected)


@pytest.mark.parametrize("name", FITTED)
def test_hazard_ratios_of_two_periods_against_r(name):
    d, r = case(name).pair(), case(name).r["pair"]
    p = survival.piecewise_hazard_ratio(
        d["time"], d["event"], d["treated"], cut=r["cut"], entry=d.get("entry")
    )
    for ours, reason, expected in (
        (p.before, p.before_reason, r["before"]),
        (p.after, p.after_reason, r["after"]),
    ):
        if ours is None:
            assert reason
            assert _nowhere(expected)
        else:
            _agrees(ours, expected)


def test_zero_events_in_one_arm_is_not_estimable_but_the_log_rank_test_is():
    time, event, arm = [1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], list("aaabbb")
    with pytest.raises(NotEstimable, match=r"^0 events in Lenalidomide$"):
        survival.hazard_ratio(
            time, event, [a == "b" for a in arm], names=("Observation", "Lenalidomide")
        )
    assert survival.log_rank(time, event, arm).p < 0.05


def test_events_of_one_arm_all_before_the_other_is_at_risk_is_not_estimable():
    # b enters when a has gone: no risk set holds both.
    with pytest.raises(NotEstimable, match="no event in a while b is at risk"):
        survival.hazard_ratio(
            [1, 2, 5, 6], [1, 1, 1, 1], [0, 0, 1, 1], entry=[0, 0, 3, 3], names=("a", "b")
        )


def test_separated_times_are_not_estimable():
    # Every a dies before the first b: the likelihood grows without end.
    with pytest.raises(NotEstimable, match="no event in b while a is at risk"):
        survival.hazard_ratio([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1], names=("a", "b"))


def test_strata_of_one_arm_each_are_not_estimable():
    with pytest.raises(NotEstimable, match="while"):
        survival.hazard_ratio([1, 2, 3, 4], [1] * 4, [0, 0, 1, 1], strata=[0, 0, 1, 1])
