"""Differences kept in their range: against R (make_differences.R) and the closed form."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from services import survival
from services.statistics.distributions import quantile_z
from services.statistics.kaplan_meier import kaplan_meier
from services.statistics.landmarks import difference
from services.statistics.proportions import exact_at_end, mover
from services.statistics.results import Estimate
from tests.oracles.engine import HERE, case, optional

R = pd.read_csv(HERE / "differences.csv", float_precision="round_trip")


# Wilson's limits of 0.8 and 0.6, as prop.test(x, n, correct = FALSE) of R prints them.
WILSON_56_OF_70 = Estimate(0.8, 0.6918335550, 0.8769526075)
WILSON_48_OF_80 = Estimate(0.6, 0.4904546501, 0.7003817240)


def r(values: object) -> np.ndarray:
    return np.array(values, dtype=float)


@pytest.mark.parametrize("name", R["name"].unique())
def test_differences_of_survival_against_r(name: str) -> None:
    own = case(name).data
    first, second = sorted(own["arm"].unique())[:2]
    arm, reference = (
        kaplan_meier(own.loc[own["arm"] == a, "time"], own.loc[own["arm"] == a, "event"])
        for a in (second, first)
    )
    for row in R[(R["name"] == name) & (R["what"] == "survival")].itertuples():
        d = difference(arm, reference, [row.time], ci=row.kind)[0]
        wanted = r([row.estimate, row.lower, row.upper, row.p])
        assert_allclose(optional(d.estimate, d.lower, d.upper, d.p), wanted, atol=1e-9)


@pytest.mark.parametrize("name", R["name"].unique())
def test_restricted_means_and_their_difference_against_r(name: str) -> None:
    own = case(name).data
    arms = sorted(own["arm"].unique())[:2]
    for tau, rows in R[(R["name"] == name) & (R["what"] != "survival")].groupby("time"):
        wanted = rows.set_index("what")[["estimate", "lower", "upper", "p"]]
        result = survival.analyse(own["time"], own["event"], own["arm"], arms=arms, tau=float(tau))
        for i, curve in enumerate(result.curves):
            m = curve.rmst
            found = optional(m.estimate, m.lower, m.upper)
            assert_allclose(found, r(wanted.loc[f"mean {i}"])[:3], rtol=1e-9)
        d = result.comparisons[0].rmst_difference
        assert d is not None
        found = optional(d.estimate, d.lower, d.upper, d.p)
        assert_allclose(found, r(wanted.loc["means"]), rtol=1e-8, atol=1e-9)


def test_mover_against_newcombe() -> None:
    """Newcombe (1998), table II: 56/70 against 48/80 by Wilson limits (method 10)."""
    found = mover(WILSON_56_OF_70, WILSON_48_OF_80)
    assert [round(v or 0, 4) for v in (found.estimate, found.lower, found.upper)] == [
        0.2, 0.0524, 0.3339,
    ]  # fmt: skip


def test_mover_without_an_estimate_gives_the_reason() -> None:
    none = Estimate(None, None, None, "follow-up ends")
    assert mover(none, WILSON_48_OF_80).reason == "follow-up ends"
    assert mover(Estimate(0.1, None, None), WILSON_48_OF_80).lower is None


@given(st.tuples(*[st.floats(0, 1)] * 3), st.tuples(*[st.floats(0, 1)] * 3))
def test_no_difference_of_shares_leaves_its_range(a: tuple[float, ...], b: tuple[float, ...]):
    (low_a, x, high_a), (low_b, y, high_b) = sorted(a), sorted(b)
    d = mover(Estimate(x, low_a, high_a), Estimate(y, low_b, high_b))
    assert -1 - 1e-12 <= d.lower <= d.estimate <= d.upper <= 1 + 1e-12


@given(st.integers(0, 2**32 - 1), st.sampled_from(["log-log", "log"]), st.integers(2, 9))
def test_nothing_impossible_of_a_few_patients(seed: int, ci: str, n: int) -> None:
    """Few patients, late and early events, ties: limits stay within -1 and 1, and within tau."""
    rng = np.random.default_rng(seed)
    time, event = rng.integers(1, 6, 2 * n).astype(float), rng.random(2 * n) < 0.7
    arm = np.repeat(["a", "b"], n)
    result = survival.analyse(time, event, arm, arms=["a", "b"], ci=ci, landmarks=[0.5, 1, 2, 3, 4])
    for curve, d in itertools.product(result.curves, result.comparisons):
        tau = curve.rmst.tau
        within = [(curve.rmst, 0.0, tau), (d.rmst_difference, -tau, tau)]
        within += [(m, -1.0, 1.0) for m in d.landmark_differences]
        for found, low, high in within:
            if found.lower is None or found.upper is None:
                continue
            assert low - 1e-9 <= found.lower <= found.estimate + 1e-9
            assert found.estimate - 1e-9 <= found.upper <= high + 1e-9
            assert found.upper > found.lower, "an interval of no width claims certainty"


def test_an_arm_of_survivors_lends_its_exact_limit() -> None:
    """4 of 4 survivors: (alpha / 2)^(1 / 4); Clopper and Pearson (1934)."""
    assert exact_at_end(1.0, 4, 0.95) == pytest.approx((0.025**0.25, 1.0))
    assert exact_at_end(0.0, 4, 0.95) == pytest.approx((0.0, 1 - 0.025**0.25))
    # 1 of 1 against 4 of 4 had the event: no difference, and nearly nothing known of it.
    d = difference(kaplan_meier([3], [1]), kaplan_meier([1, 2, 3, 4], [1] * 4), [5])[0]
    one, four = 1 - 0.025, 1 - 0.025**0.25
    assert_allclose(optional(d.estimate, d.lower, d.upper), [0, -four, one], atol=1e-12)
    assert d.p is None
    assert d.reason == "survival is 0: no standard error"


def test_before_any_event_the_difference_has_the_width_of_what_is_known() -> None:
    d = difference(kaplan_meier([5, 5, 6], [1, 0, 1]), kaplan_meier([4, 9], [1, 1]), [0.0, 2.0])
    assert (d[0].estimate, d[0].lower, d[0].reason) == (0.0, None, "nothing can have happened at 0")
    low = [0.025 ** (1 / 3), 0.025**0.5]
    assert_allclose(optional(d[1].lower, d[1].upper), [low[0] - 1, 1 - low[1]], atol=1e-12)


def test_a_mean_without_events_is_at_least_tau_times_the_exact_limit_of_survival() -> None:
    m = survival.kaplan_meier([1, 3, 4, 5], [0, 0, 0, 1], tau=3).rmst
    assert (m.estimate, m.upper) == (3.0, 3.0)
    assert m.lower == pytest.approx(3 * 0.025 ** (1 / 3))  # three were watched until 3


def test_a_mean_of_one_common_time_has_no_limits() -> None:
    m = survival.kaplan_meier([2, 2, 2], [1, 1, 1], tau=3).rmst
    assert (m.estimate, m.lower, m.upper) == (2.0, None, None)


def test_plain_is_the_normal_formula_in_range_or_not() -> None:
    """Of 3 and 2 patients: Greenwood by hand, and a limit beyond 100 points."""
    a, b = kaplan_meier([1, 9, 9], [0, 0, 0]), kaplan_meier([1, 2], [1, 0])
    d = difference(a, b, [1.5], ci="plain")[0]
    se = math.sqrt(0.25 * 1 / (2 * 1))
    z = quantile_z(0.95)
    assert_allclose(optional(d.estimate, d.lower, d.upper), [0.5, 0.5 - z * se, 0.5 + z * se])
    assert d.upper > 1
    kept = difference(a, b, [1.5])[0]
    assert kept.upper <= 1
    assert kept.p == d.p
