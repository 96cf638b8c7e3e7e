"""Score intervals of ratios and differences. Oracles: likelihoods maximized by R, halving alone."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, given, settings

from services.statistics import proportions
from services.statistics.proportions import (
    odds_ratio,
    risk_ratio,
)
from services.statistics.score import limit_between
from tests.oracles.proportions import ORACLE, close, difference, ends, tables


# R's optimize() finds a maximum to half the digits; what it leaves in a limit is below 1e-9.
@pytest.mark.parametrize("case", ORACLE["pairs"], ids=str)
def test_score_intervals_against_likelihoods_maximized_by_r(case):
    for name, function in (
        ("difference", difference),
        ("ratio", risk_ratio),
        ("odds", odds_ratio),
    ):
        if name in case:
            found = function(*case["counts"], level=case["level"])
            close(ends(found), case[name], 5e-8)


@settings(deadline=None)
@given(tables())
def test_ratios_agree_with_the_difference_about_no_effect(table):
    # All three invert the same test when there is no difference: limits are on the same side.
    x1, n1, x2, n2 = table
    assume(0 < x1 < n1 and 0 < x2 < n2)
    between = difference(*table)
    assume(min(abs(between.lower), abs(between.upper)) > 1e-6)
    for function in (risk_ratio, odds_ratio):
        ratio = function(*table)
        assert (ratio.lower > 1, ratio.upper < 1) == (between.lower > 0, between.upper < 0)
        inverse = function(x2, n2, x1, n1)
        assert ends(inverse) == pytest.approx((1 / ratio.upper, 1 / ratio.lower), rel=1e-7)


def halved(rejected, inside, outside):
    """The limit by halving alone, until no double lies between."""
    for _ in range(1100):
        middle = (inside + outside) / 2
        if np.all((middle == inside) | (middle == outside)):
            break
        out = rejected(middle) > 0
        inside, outside = np.where(out, inside, middle), np.where(out, middle, outside)
    return inside


@settings(deadline=None)
@given(tables())
def test_limits_are_those_that_halving_alone_finds(table):
    for function in (difference, risk_ratio, odds_ratio):
        found = ends(function(*table))
        with mock.patch.object(proportions, "limit_between", halved):
            expected = ends(function(*table))
        for limit, other in zip(found, expected, strict=True):
            # Where a limit is next to a double root of the score, rounding moves both.
            assert limit == (None if other is None else pytest.approx(other, rel=1e-8, abs=1e-9))


def test_a_limit_is_found_where_the_way_bends_ends_or_is_cut():
    def rejected(v):
        """Of a line, a root of third order, a step, an infinite value, and one never rejected."""
        assert np.all((v > 0) & (v < 1)), "the ends are not asked about"
        with np.errstate(divide="ignore"):
            bent = [v - 0.3, (v - 0.7) ** 3, np.where(v > 0.2, 1.0, -1.0)]
            cut = [np.where(v < 0.9, np.log(v), np.inf), v - 2]
        return np.stack([part[i] for i, part in enumerate([*bent, *cut])])

    found = limit_between(rejected, np.zeros(5), np.ones(5))
    assert found == pytest.approx([0.3, 0.7, 0.2, 0.9, 1.0], abs=1e-7)
    assert np.all(rejected(np.minimum(found, 0.9999))[:4] <= 0)
