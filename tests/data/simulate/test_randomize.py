"""Randomization and days of inclusion, by their definitions."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from data.simulate.draw import Draw
from data.simulate.randomize import blocks, days, stratified, working_day

FIRST, LAST = dt.date(2020, 1, 6), dt.date(2021, 12, 31)


@pytest.mark.parametrize("scatter", [True, False])
def test_blocks_hold_the_sizes(scatter: bool) -> None:
    queue = blocks({1: 13, 0: 10}, Draw(1), scatter)
    assert (queue.count(1), queue.count(0)) == (13, 10)
    if not scatter:
        assert all(sum(queue[i : i + 4]) == 2 for i in range(0, 20, 4))
        assert queue[20:] == [1, 1, 1]


def test_strata_hold_their_sizes() -> None:
    arm, early = stratified({1: 30, 0: 28}, {1: 11, 0: 12}, Draw(1))
    counts = [int(np.sum((arm == a) & (early == e))) for a in (1, 0) for e in (True, False)]
    assert counts == [11, 19, 12, 16]


def test_nobody_is_included_at_a_weekend() -> None:
    week = [working_day(dt.date(2024, 7, d).toordinal()) for d in (5, 6, 7, 8)]
    friday = dt.date(2024, 7, 5).toordinal()
    assert week == [friday, friday, friday, friday + 3]


def test_days_go_from_the_first_to_the_last_at_the_given_pace() -> None:
    even, late = (days(400, FIRST, LAST, pace, Draw(1)) for pace in (float, lambda u: u**0.5))
    for found in (even, late):
        assert (found[0], found[-1]) == (FIRST.toordinal(), LAST.toordinal())
        assert (np.diff(found) >= 0).all()
        assert all(dt.date.fromordinal(int(d)).weekday() < 5 for d in found)
    middle = (FIRST.toordinal() + LAST.toordinal()) / 2
    assert (even < middle).mean() == pytest.approx(0.5, abs=0.02)
    # the square root passes one half at a quarter
    assert (late < middle).mean() == pytest.approx(0.25, abs=0.02)
    assert days(400, FIRST, LAST, float, Draw(1), both_ends=False)[-1] <= LAST.toordinal()
