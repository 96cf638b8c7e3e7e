"""Further events, against refits one at a time, and where none is to be had.

The numbers of whole studies are compared with R in ``tests/services/pages/survival``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from services.statistics.cox import hazard_ratio
from services.statistics.tipping import includes_one, tipping

NAMES = ("B", "A")
# Ties among the censored, and one who left by a competing event first.
RANDOM = np.random.default_rng(7)
TIME = np.ceil(RANDOM.exponential(20, 240) * 4) / 4
ARM = np.arange(240) % 2
TIME = np.where(ARM == 1, np.ceil(TIME * 2), TIME)
EVENT = RANDOM.random(240) < 0.5
LEFT = ~EVENT & (RANDOM.random(240) < 0.2)
STRATA = RANDOM.integers(0, 3, 240)


def by_hand(side: int, k: int, strata: Any) -> Any:
    queue = [i for i in np.argsort(TIME, kind="stable") if ARM[i] == side]
    queue = [i for i in queue if not EVENT[i] and not LEFT[i]]
    event = EVENT.copy()
    event[queue[:k]] = True
    return hazard_ratio(TIME, event, ARM, strata=strata, names=NAMES)


@pytest.mark.parametrize("strata", [None, STRATA])
def test_each_step_is_a_refit_and_no_smaller_number_tips(strata: Any) -> None:
    """A second implementation: one fit at a time, all numbers from 1 on."""
    ratios, (arm, reference) = tipping(
        TIME, EVENT, ARM, left=LEFT, strata=strata, names=NAMES, steps=(1, 4)
    )
    for step in ratios:
        assert step.hazard_ratio is not None
        want = by_hand(NAMES.index(step.arm), step.k, strata)
        assert step.hazard_ratio.estimate == pytest.approx(want.estimate, rel=1e-9)
        assert step.hazard_ratio.upper == pytest.approx(want.upper, rel=1e-9)
    smallest = next(k for k in range(1, 121) if includes_one(by_hand(1, k, strata)))
    assert (arm.arm, arm.k, reference.k) == ("A", smallest, None)
    assert smallest > 1
    assert reference.reason == "further events on B would move the hazard ratio away from 1"
    assert arm.candidates == int((~EVENT & ~LEFT & (ARM == 1)).sum())


DEGENERATE: dict[str, tuple[Any, Any, Any, tuple[int | None, str | None]]] = {
    "no events": (
        [4, 6, 3, 5], [0] * 4, [1, 1, 0, 0], (None, "no hazard ratio as observed (0 events)"),
    ),
    "no events in the arm": (
        [4, 6, 3, 5], [0, 0, 1, 1], [1, 1, 0, 0],
        (None, "no hazard ratio as observed (0 events in A)"),
    ),
    "an arm without patients": (
        [4, 6], [1, 1], [0, 0], (None, "no hazard ratio as observed (no patients in A)"),
    ),
    "the interval includes 1": ([1, 2, 3, 4], [1] * 4, [0, 1, 0, 1], (0, None)),
    "nobody is censored": (
        [1, 1.5, 2, 2.5, 3, 3.5, 1.7, 8, 9, 10, 11, 12] * 2, [1] * 24, ([0] * 6 + [1] * 6) * 2,
        (None, "nobody is censored on A"),
    ),
    "not even with all": (
        [1, 1.5, 2, 2.5, 3, 3.5, 1.7, 8, 9, 10, 11, 12] * 2, [1] * 23 + [0],
        ([0] * 6 + [1] * 6) * 2,
        (None, "even with an event in the one censored on A the interval would not include 1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DEGENERATE)
def test_where_nothing_tips_says_why(case: str) -> None:
    time, event, arm, (k, reason) = DEGENERATE[case]
    ratios, (point, _) = tipping(time, event, arm, names=NAMES)
    assert (point.k, point.reason) == (k, reason)
    assert all(r.hazard_ratio is not None or r.reason for r in ratios)


def test_more_than_are_censored_is_not_estimable() -> None:
    ratios, _ = tipping([1, 2, 3, 4, 5], [1, 1, 1, 1, 0], [0, 1, 0, 1, 1], names=NAMES)
    assert [(r.arm, r.k, r.reason) for r in ratios if r.hazard_ratio is None] == [
        *(("A", k, "only 1 censored on A") for k in (2, 5, 10)),
        *(("B", k, "nobody is censored on B") for k in (1, 2, 5, 10)),
    ]
