"""Proportions and rates against base R, a published macro, and a likelihood maximized by R.

The oracle's file is made by tests/oracles/make_proportions.R.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.statistics.proportions import (
    clopper_pearson,
    exact_poisson_rate,
    odds_ratio,
    rate_difference,
    risk_differences,
    risk_ratio,
)
from tests.oracles.proportions import ORACLE, close, difference, ends, tables


@pytest.mark.parametrize("case", ORACLE["binomial"], ids=str)
def test_one_proportion_against_r(case):
    found = clopper_pearson(case["x"], case["n"], case["level"])
    assert found.estimate == case["x"] / case["n"]
    close(ends(found), case["clopper_pearson"])


@pytest.mark.parametrize("case", ORACLE["poisson"], ids=str)
def test_rate_against_r(case):
    found = exact_poisson_rate(case["events"], case["time"], case["level"])
    close(ends(found), case["ci"])
    assert found.estimate == case["events"] / case["time"]


def test_difference_against_a_sas_macro():
    # Printed by the macro for 46/116 minus 70/119.
    found = difference(46, 116, 70, 119)
    assert round(found.estimate, 6) == -0.191684
    assert (round(found.lower, 6), round(found.upper, 6)) == (-0.313343, -0.063821)


@pytest.mark.parametrize("case", ORACLE["rates"], ids=str)
def test_difference_of_rates_against_likelihoods_maximized_by_r(case):
    close(ends(rate_difference(*case["counts"], level=case["level"])), case["ci"], 2e-7)


def test_closed_forms():
    # Without any event the variance is p / n2 below 0: a quadratic with root k / (n + k).
    k = 1.959963984540054**2 * 30 / 29
    found = difference(0, 10, 0, 20)
    close(ends(found), (-k / (20 + k), k / (10 + k)))
    assert clopper_pearson(0, 10).upper == pytest.approx(1 - 0.025**0.1, rel=1e-12)
    assert exact_poisson_rate(0, 10).upper == pytest.approx(-np.log(0.025) / 10, rel=1e-12)
    close(ends(rate_difference(0, 40, 0, 60)), (-(1.959963984540054**2) / 60, 0.0960364705173531))


@pytest.mark.parametrize("function", [risk_ratio, odds_ratio])
def test_arm_without_subjects_has_a_reason(function):
    assert function(0, 0, 3, 9).reason == "no patients in the arm"
    found = function(3, 9, 0, 0)
    assert found.reason == "no patients in the reference"
    assert (found.estimate, found.lower, found.upper) == (None, None, None)


def test_nothing_to_divide_by():
    assert clopper_pearson(0, 0).reason == "no patients"
    assert exact_poisson_rate(0, 0.0).reason == "no time at risk"
    assert rate_difference(0, 0, 1, 2).reason == "no time at risk in the arm"
    assert rate_difference(1, 2, 0, 0).reason == "no time at risk in the reference"


def test_differences_at_the_bounds():
    assert ends(difference(9, 9, 0, 9))[1] == 1
    assert ends(difference(0, 9, 9, 9))[0] == -1
    low, high = ends(difference(1, 1, 0, 1))
    assert -1 < low < 1 == high


def test_ratios_with_zeros():
    found = risk_ratio(5, 56, 0, 29)
    assert (found.estimate, found.upper) == (None, None)
    assert 0 < found.lower < 1
    assert found.reason.startswith("0 events in the reference")
    found = risk_ratio(0, 29, 5, 56)
    assert (found.estimate, found.lower, found.reason) == (0, 0, None)
    assert found.upper == pytest.approx(1 / risk_ratio(5, 56, 0, 29).lower, rel=1e-9)
    assert risk_ratio(0, 9, 0, 9).reason == "0 events in both arms"
    assert risk_ratio(9, 9, 8, 8).estimate == 1
    assert odds_ratio(9, 9, 3, 9).upper is None
    assert odds_ratio(9, 9, 3, 9).reason.startswith("every subject of the arm")
    assert odds_ratio(3, 9, 9, 9).estimate == odds_ratio(0, 9, 9, 9).estimate == 0
    assert odds_ratio(9, 9, 9, 9).reason == "every subject of both arms has the event"
    assert odds_ratio(0, 9, 0, 9).reason == "0 events in both arms"


def test_many_differences_are_the_single_ones():
    x1, x2 = np.array([0, 46, 116, 3]), np.array([0, 70, 119, 119])
    many = risk_differences(x1, 116, x2, 119, level=0.9)
    for i, (a, b) in enumerate(zip(x1, x2, strict=True)):
        one = difference(a, 116, b, 119, level=0.9)
        assert tuple(float(column[i]) for column in many) == (one.estimate, one.lower, one.upper)
    empty = risk_differences([[0], [1]], [[0], [4]], [0, 2], [3, 5])
    assert empty[0].shape == (2, 2)
    assert np.isnan(np.stack(empty)[:, 0]).all()
    assert np.isfinite(np.stack(empty)[:, 1]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(4, 3), "4 of 3 subjects have the event"),
        (lambda: clopper_pearson(1, 3, 95), "level 95"),
        (lambda: clopper_pearson(-1, 3), "The number of subjects with the event is -1"),
        (lambda: risk_differences(1.5, 3, 1, 3), "is 1.5"),
        (lambda: risk_differences([1, 4], [3, 3], 1, 3), "4 of 3 subjects have the event"),
        (lambda: risk_differences(float("nan"), 3, 1, 3), "is nan"),
        (lambda: exact_poisson_rate(1, -2.0), "The time at risk is -2"),
        (lambda: rate_difference(1, 2.0, 1, float("inf")), "The time at risk is inf"),
    ],
)
def test_faulty_counts_are_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()


@settings(deadline=None)
@given(tables(), st.sampled_from([0.8, 0.95, 0.99]))
def test_difference_holds_its_estimate_and_mirrors(table, level):
    x1, n1, x2, n2 = table
    found = difference(*table, level=level)
    assert -1 <= found.lower <= found.estimate <= found.upper <= 1
    assert found.lower < found.upper
    mirrored = difference(x2, n2, x1, n1, level=level)
    assert ends(mirrored) == pytest.approx((-found.upper, -found.lower), abs=1e-9)
    others = difference(n1 - x1, n1, n2 - x2, n2, level=level)
    assert ends(others) == pytest.approx((-found.upper, -found.lower), abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.01, 1e4), st.floats(0.01, 1e4))
def test_difference_of_rates_scales_with_the_unit(x1, x2, t1, t2):
    days, years = rate_difference(x1, t1, x2, t2), rate_difference(x1, t1 / 365.25, x2, t2 / 365.25)
    assert days.lower <= days.estimate <= days.upper
    assert ends(years) == pytest.approx(tuple(365.25 * v for v in ends(days)), rel=1e-7, abs=1e-7)
