"""Made groups of subjects over four states, some of whom leave on the same days."""

from __future__ import annotations

import numpy as np

from services.statistics.states.rows import Rows, rows_of


def group(seed: int, entries: bool = False, n: int = 40) -> Rows:
    """Stays of n subjects; with ``entries`` under observation from a time of their own."""
    random = np.random.default_rng(seed)
    entered = np.cumsum(random.integers(1, 9, (n, 3)), axis=1).astype(float)
    entered[random.random((n, 3)) < 0.4] = np.nan
    end = random.integers(4, 20, n).astype(float)
    # Nobody is under observation after the last state.
    end = np.fmin(end, entered[:, 2])
    entry = np.floor(end * random.random(n) * 0.6) if entries else None
    return rows_of(entered, end, entry)
