"""Swapping values: none is lost, none leaves its risk level, no interaction stands out."""

from __future__ import annotations

import numpy as np

from data.simulate.draw import Draw
from data.simulate.packages import as_columns, settle
from data.simulate.stats import interaction_p


def test_sets_are_swapped_within_a_level_until_nothing_stands_out() -> None:
    n = 120
    arm, same = np.arange(n) % 2, [int(i >= 60) for i in range(n)]
    time = 100 + 3 * np.arange(n)
    # arm 0 has its events among the marked, arm 1 among the others
    marked = np.arange(n) // 2 % 2 == 0
    sets = [{"MARK": "Y" if marked[i] else "N", "ID": str(i)} for i in range(n)]
    event = np.where(arm == 0, marked & (time % 9 > 0), ~marked & (time % 2 > 0))
    event |= np.arange(n) % 11 == 0
    times = (time, event, arm)
    assert interaction_p(*times, [p["MARK"] for p in sets]) < 0.1
    found = settle(
        sets, same, [lambda p: p["MARK"]], times, Draw(1), most=1.5, steps=2_000, what="marks"
    )
    assert interaction_p(*times, [p["MARK"] for p in found]) >= 0.3
    for level in (0, 1):
        mine = {i for i in range(n) if same[i] == level}
        assert {int(p["ID"]) for i, p in enumerate(found) if i in mine} == mine


def test_sets_become_columns() -> None:
    assert as_columns([{"A": "1", "B": "x"}, {"A": "2", "B": ""}]) == {
        "A": ["1", "2"],
        "B": ["x", ""],
    }
