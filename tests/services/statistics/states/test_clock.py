"""Who is at risk and who moves, on one clock. Oracle: the rows, counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from services.statistics.states.clock import Clock
from services.statistics.states.rows import CENSORED
from tests.services.statistics.states.groups import group

LAST = 3


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_the_rows(seed: int) -> None:
    rows = group(seed, entries=seed % 2 == 1)
    clock = Clock.of(rows, LAST + 1)
    at_risk = clock.at_risk()
    moves, step = clock.matrices(at_risk)
    assert clock.time.tolist() == sorted({t for t in (*rows.start, *rows.stop) if t >= 0})
    stays = list(zip(rows.start, rows.stop, rows.state, rows.to, strict=True))
    for i, time in enumerate(clock.time):
        for state in range(LAST):
            inside = [s for start, stop, s, _ in stays if start < time <= stop]
            assert at_risk[i, state] == inside.count(state)
        assert at_risk[i, LAST] == sum(to == LAST and stop < time for _, stop, _, to in stays)
        gone = [(s, to) for _, stop, s, to in stays if stop == time and to != CENSORED]
        assert bool(gone) == (i in moves)
        for origin, target in {*gone}:
            share = gone.count((origin, target)) / at_risk[i, origin]
            assert step[np.flatnonzero(moves == i)[0], origin, target] == pytest.approx(share)
    np.testing.assert_allclose(step.sum(axis=2), 1)
    assert clock.size.sum() == len(rows.stop)
    assert clock.exits[:, 4].sum() == len(rows.stop)
