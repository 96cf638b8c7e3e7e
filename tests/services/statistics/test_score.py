"""Score intervals of ratios and differences. Oracle: likelihoods maximized by R."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from services.statistics.proportions import (
    odds_ratio,
    risk_ratio,
)
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
