"""Curves, quantiles, landmarks and follow-up against R's survival (see tests/oracles)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from tests.oracles.engine import ARMS, INTERVALS, numbers, optional, rows_of_arm


def _fit(name, arm, **options):
    rows, expected, entry = rows_of_arm(name, arm)
    return survival.kaplan_meier(rows["time"], rows["event"], entry=entry, **options), expected


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_curve_against_r(name, arm, ci):
    c, r = _fit(name, arm, ci=ci)
    start = len(c.time) - len(numbers(r["time"]))  # R has no row for the origin
    assert (c.n, c.events) == (r["n"], r["events"])
    # R keeps the data's first of two equal times, in another order than ours at most 1e-9 off.
    assert_allclose(c.time[start:], numbers(r["time"]), rtol=1e-9)
    assert_allclose(c.survival[start:], numbers(r["survival"]), atol=1e-9)
    assert_allclose(c.lower[start:], numbers(r["intervals"][ci]["lower"]), atol=1e-9)
    assert_allclose(c.upper[start:], numbers(r["intervals"][ci]["upper"]), atol=1e-9)
    assert_allclose(c.std_err[start:], numbers(r["std_err"]), atol=1e-9)
    assert c.at_risk[start:].tolist() == numbers(r["at_risk"]).tolist()
    assert c.n_event[start:].tolist() == numbers(r["n_event"]).tolist()
    assert c.n_censor[start:].tolist() == numbers(r["n_censor"]).tolist()


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_another_level_against_r(name, arm):
    c, r = _fit(name, arm, level=0.8)
    start = len(c.time) - len(numbers(r["time"]))
    assert_allclose(c.lower[start:], numbers(r["lower_80"]), atol=1e-9)
    assert_allclose(c.upper[start:], numbers(r["upper_80"]), atol=1e-9)


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_quantiles_against_r(name, arm, ci):
    c, r = _fit(name, arm, ci=ci)
    m = c.median
    expected = r["intervals"][ci]
    assert_allclose(optional(m.estimate, m.lower, m.upper), numbers(expected["median"]), rtol=1e-9)
    # R's quantile() takes half-way to the end of the curve when it ends at the quantile; its
    # print(), which we follow, the first time. The median above is from print(). It also sorts
    # a limit that rises again (few at risk early), where we take the first time as print() does.
    for at, p in ((0, 0.25), (2, 0.75)):
        q = c.quartiles[at]
        column = at // 2
        for ours, theirs, line in zip(
            (q.estimate, q.lower, q.upper),
            (row[column] for row in expected["quartiles"]),
            (c.survival, c.lower, c.upper),
            strict=True,
        ):
            line = line[~np.isnan(line)]
            if abs(line[-1] - (1 - p)) > 1e-8 and (np.diff(line) <= 0).all():
                assert_allclose(optional(ours), optional(theirs), rtol=1e-9)


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_follow_up_against_r(name, arm):
    c, r = _fit(name, arm)
    f = c.follow_up
    assert_allclose(optional(f.estimate, f.lower, f.upper), numbers(r["follow_up"]), rtol=1e-9)
    assert (f.reason is None) == (f.estimate is not None)


def test_entry_at_zero_changes_nothing():
    time, event = [1, 2, 3, 4], [1, 0, 1, 1]
    plain = survival.kaplan_meier(time, event, landmarks=[0, 2])
    late = survival.kaplan_meier(time, event, landmarks=[0, 2], entry=[0] * 4)
    assert_allclose(plain.survival, late.survival, rtol=1e-12)
    assert plain.at_risk.tolist() == late.at_risk.tolist()
    assert [m.at_risk for m in plain.landmarks] == [m.at_risk for m in late.landmarks]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ci": "arcsin"}, "no interval type 'arcsin'"),
        ({"level": 1.0}, "level 1.0"),
        ({"landmarks": [-1]}, "-1.0 is not a landmark"),
        ({"tau": 0}, "0 is not an end"),
    ],
)
def test_bad_options_say_what_is_allowed(options, message):
    with pytest.raises(UserError, match=message):
        survival.kaplan_meier([1, 2], [1, 0], **options)
