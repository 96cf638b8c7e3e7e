"""Log-rank tests against R's survdiff, and weighted ones against their definition in R."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, special

from services import survival
from services.errors import UserError
from services.statistics.log_rank import _two_sided
from tests.oracles.engine import CASES, case

PLAIN = [name for name in CASES if case(name).entry is None]


@pytest.mark.parametrize("name", PLAIN)
def test_log_rank_against_r(name):
    d, r = case(name).data, case(name).r
    for strata, key in ((None, "log_rank"), (d["stratum"], "log_rank_stratified")):
        ours = survival.log_rank(d["time"], d["event"], d["arm"], strata=strata)
        assert_allclose(ours.chi2, r[key]["chi2"], rtol=1e-9, atol=1e-12)
        assert ours.df == r[key]["df"]
        assert_allclose(ours.p, special.chdtrc(ours.df, ours.chi2), rtol=1e-12)
    assert ours.name == "stratified log-rank"


@pytest.mark.parametrize("name", PLAIN)
def test_peto_peto_against_r(name):
    d, r = case(name).data, case(name).r
    ours = survival.log_rank(d["time"], d["event"], d["arm"], rho=1)
    assert_allclose(ours.chi2, r["peto"]["chi2"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("at", range(5))
def test_fleming_harrington_against_its_definition_in_r(name, at):
    d, r = case(name).data, case(name).r["weighted"][at]
    options = {"rho": r["rho"], "gamma": r["gamma"]}
    if r.get("chi2") is not None:
        ours = survival.log_rank(d["time"], d["event"], d["arm"], **options)
        assert_allclose(ours.chi2, r["chi2"], rtol=1e-9)
    if r.get("stratified") is not None:
        ours = survival.log_rank(d["time"], d["event"], d["arm"], strata=d["stratum"], **options)
        assert_allclose(ours.chi2, r["stratified"], rtol=1e-9)


def test_fleming_harrington_with_an_event_at_time_zero():
    # lifelines raises here.
    for rho, gamma in ((1, 0), (0, 1), (1, 1)):
        t = survival.log_rank(
            [0, 1, 2, 0, 3, 4], [1, 1, 1, 1, 1, 0], list("aaabbb"), rho=rho, gamma=gamma
        )
        assert np.isfinite(t.chi2)


def test_weights_must_not_be_negative():
    with pytest.raises(UserError, match="rho is -1"):
        survival.log_rank([1, 2], [1, 1], ["a", "b"], rho=-1)


def test_swapping_two_groups_keeps_the_test():
    d = case("leukemia").data
    one = survival.log_rank(d["time"], d["event"], d["arm"])
    two = survival.log_rank(d["time"], d["event"], d["arm"] == "6-MP")
    assert_allclose(one.chi2, two.chi2, rtol=1e-12)


def test_a_group_never_at_risk_at_an_event_costs_no_degree_of_freedom():
    # R: survdiff drops a group whose expected number is 0.
    t = survival.log_rank([5, 6, 7, 8, 1], [1, 1, 1, 0, 0], [*list("abab"), "c"])
    assert t.df == 1


@pytest.mark.parametrize("name", ["gbsg2", "leukemia", "waltons"])
def test_max_combo_statistics_against_their_definition_in_r(name):
    d, r = case(name).data, case(name).r["weighted"]
    m = survival.max_combo(d["time"], d["event"], d["arm"])
    assert_allclose(m.statistics, [r[k]["z"] for k in range(4)], rtol=1e-9)
    assert abs(m.statistics[m.largest]) == max(abs(z) for z in m.statistics)


def test_max_combo_of_one_weight_is_that_test():
    d = case("rossi").data
    m = survival.max_combo(d["time"], d["event"], d["arm"], weights=[(0, 1)])
    t = survival.log_rank(d["time"], d["event"], d["arm"], gamma=1)
    assert_allclose(m.p, t.p, rtol=1e-9)


def test_max_combo_p_of_two_weights_against_an_integral():
    d = case("rossi").data
    m = survival.max_combo(d["time"], d["event"], d["arm"], weights=[(1, 0), (0, 1)])
    bound = abs(m.statistics[m.largest])
    for rho in (0.3, 0.8):
        spread = np.sqrt(1 - rho**2)

        def inner(x, rho=rho, spread=spread):
            inside = special.ndtr((bound - rho * x) / spread)
            return (
                np.exp(-(x**2) / 2)
                / np.sqrt(2 * np.pi)
                * (inside - special.ndtr((-bound - rho * x) / spread))
            )

        exact = 1 - integrate.quad(inner, -bound, bound, epsabs=1e-12)[0]
        ours = _two_sided(bound, np.array([[1, rho], [rho, 1]]))
        assert_allclose(ours, exact, rtol=1e-6)


@pytest.mark.parametrize("name", ["gbsg2", "leukemia"])
def test_max_combo_p_against_simulation(name):
    d = case(name).data
    weighted = [(0, 0), (0, 1), (1, 0), (1, 1)]
    m = survival.max_combo(d["time"], d["event"], d["arm"], weights=weighted)
    # The correlation from pairs: the variance of a sum of two scores is that of its parts.
    correlation = _correlation(d, weighted)
    root = np.linalg.cholesky(correlation + 1e-12 * np.eye(4))
    z = np.random.default_rng(1).standard_normal((1_000_000, 4)) @ root.T
    share = np.mean(np.abs(z).max(axis=1) > abs(m.statistics[m.largest]))
    assert abs(m.p - share) < 5 * np.sqrt(share / 1_000_000)


def _correlation(d, weighted):
    """By definition, with a loop over event times."""
    time, event = d["time"].to_numpy(), d["event"].to_numpy()
    second = (d["arm"] == sorted(d["arm"].unique())[1]).to_numpy()
    covariance, s = np.zeros((4, 4)), 1.0
    for t in np.unique(time[event == 1]):
        risk = time >= t
        n, k = risk.sum(), ((time == t) & (event == 1)).sum()
        share = (risk & second).sum() / n
        w = np.array([s**rho * (1 - s) ** gamma for rho, gamma in weighted])
        if n > 1:
            covariance += np.outer(w, w) * share * (1 - share) * k * (n - k) / (n - 1)
        s *= 1 - k / n
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)


def test_max_combo_of_many_weights_is_near_that_of_few():
    d = case("gbsg2").data
    few = survival.max_combo(d["time"], d["event"], d["arm"])
    more = [*few.weights, (0.5, 0.5), (0.0, 2.0)]
    many = survival.max_combo(d["time"], d["event"], d["arm"], weights=more)
    assert few.p - 1e-6 <= many.p <= 1.5 * few.p


def test_max_combo_gives_the_same_answer_every_time():
    d = case("gbsg2").data
    ps = {survival.max_combo(d["time"], d["event"], d["arm"]).p for _ in range(3)}
    assert len(ps) == 1


def test_max_combo_is_between_the_best_test_and_bonferroni():
    d = case("gbsg2").data
    m = survival.max_combo(d["time"], d["event"], d["arm"], strata=d["stratum"])
    best = 2 * special.ndtr(-abs(m.statistics[m.largest]))
    assert best <= m.p <= 4 * best
