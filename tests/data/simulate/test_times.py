"""Placing and judging event times, by hand; hazard ratios against lifelines through the engine."""

from __future__ import annotations

import numpy as np
import pytest

from data.simulate.draw import Band, Draw
from data.simulate.stats import DAYS_PER_MONTH, percent_at
from data.simulate.times import (
    LOST,
    WITHDREW,
    Followed,
    arm_loss,
    ask_again,
    out_of_sight,
    place_events,
    ratio_loss,
    take,
)
from services import survival

TIME = np.array([90, 200, 310, 420, 500, 150, 260, 370, 480, 500])
EVENT = np.array([1, 1, 0, 1, 0, 1, 0, 1, 0, 0], dtype=bool)
ARM = np.array([0] * 5 + [1] * 5)


def followed(dropout: list[int]) -> Followed:
    n = len(dropout)
    cap, none = np.full(n, 1000), np.zeros(n, dtype=bool)
    return Followed(
        arm=np.ones(n, dtype=np.int64), start=np.full(n, 735_000), cap=cap, pfs=np.full(n, 300),
        dropout=np.array(dropout), os=cap, died=none,
    )  # fmt: skip


@pytest.mark.parametrize("late_first", [True, False])
def test_so_many_events_fall_in_each_year(late_first: bool) -> None:
    free, latest = list(range(20)), np.full(20, 2000)
    found = place_events(free, (3, 0, 5), latest, 2, Draw(1), last=30, late_first=late_first)
    months = np.array(list(found.values())) / DAYS_PER_MONTH
    assert ((months > 1.9) & (months < 12)).sum() == 3
    assert ((months > 23.9) & (months < 30)).sum() == 5
    assert len(found) == 8
    assert sorted([*free, *found]) == list(range(20))


def test_only_who_is_followed_long_enough_is_taken() -> None:
    free = [0, 1, 2]
    assert take(free, np.array([100, 200, 300]), 250, Draw(1)) == 2
    assert free == [0, 1]


def test_the_lost_are_out_of_sight_and_most_who_withdrew() -> None:
    t = followed([0] * 200 + [LOST] * 200 + [WITHDREW] * 400)
    gone = out_of_sight(t, Draw(1))
    assert not gone[:200].any()
    assert gone[200:400].all()
    assert gone[400:].mean() == pytest.approx(0.6, abs=0.08)


def test_asking_again_changes_one_who_withdrew_and_back() -> None:
    t = followed([0, LOST, WITHDREW])
    once = ask_again(t, Draw(1))
    assert once.os.tolist() == [1000, 1000, 300]
    assert ask_again(once, Draw(1)).os.tolist() == [1000, 1000, 1000]
    assert t.os.tolist() == [1000, 1000, 1000]


def test_losses_are_nothing_where_figures_print_as_published() -> None:
    """Oracle: the app's engine (lifelines)."""
    h = survival.hazard_ratio(TIME / DAYS_PER_MONTH, EVENT, ARM == 1)
    assert h.estimate is not None
    assert h.lower is not None
    assert h.upper is not None
    assert h.p is not None
    met = [Band(x - 1e-6, x + 1e-6) for x in (h.estimate, h.lower, h.upper, h.p)]
    assert ratio_loss(met, TIME, EVENT, ARM) == 0
    assert ratio_loss(met[:3], TIME, EVENT, ARM) == 0
    # 0.8 of the half-width is free, a whole one more is beside it
    off = Band(h.estimate + 1, h.estimate + 3)
    assert ratio_loss([off], TIME, EVENT, ARM) == pytest.approx(2 - 0.8)


def test_figures_are_judged_by_arm() -> None:
    # by hand at one year: 4/5 * 3/4 of arm 0; 4/5 of arm 1, whose second event comes later
    met = {0: Band.printed(60.0, 1), 1: Band.printed(80.0, 1)}
    percent = percent_at(TIME, EVENT, 12)
    assert arm_loss(met, ARM, percent) == 0
    swapped = {0: met[1], 1: met[0]}
    assert arm_loss(swapped, ARM, percent) == pytest.approx(2 * (20 / 0.05 - 0.8))
