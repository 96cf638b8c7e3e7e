"""The same patients by level of two risk models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from services.pages.risk_models.records import Cell, CrossTable
from services.risk.models import RiskModel


def cross_table(
    levels: Mapping[str, np.ndarray],
    first: RiskModel,
    second: RiskModel,
) -> CrossTable:
    """Patients by level of both models; those without one of the levels are counted apart."""
    known = pd.notna(levels[first.id]) & pd.notna(levels[second.id])
    places = (
        pd.Index(m.levels).get_indexer(pd.Index(levels[m.id][known].astype(str)))
        for m in (first, second)
    )
    n = np.zeros((len(first.levels) + 1, len(second.levels) + 1), dtype=np.int64)
    np.add.at(n, tuple(places), 1)  # who has no level of a model, in its last row or column
    n = n[:-1, :-1]
    shifts = np.array([[_shift(a, b) for b in second.grades] for a in first.grades])
    cells = tuple(
        tuple(Cell(int(n[i, j]), int(shifts[i, j])) for j in range(n.shape[1]))
        for i in range(n.shape[0])
    )
    return CrossTable(
        rows=first.levels,
        columns=second.levels,
        cells=cells,
        both=int(n.sum()),
        higher=int(n[shifts > 0].sum()),
        lower=int(n[shifts < 0].sum()),
        untold=int((~known).sum()),
    )


def _shift(first: Sequence[int], second: Sequence[int]) -> int:
    """1 where all grades of the second level are above those of the first, -1 below, else 0.

    >>> _shift((0,), (1,)), _shift((0, 1), (1,)), _shift((2,), (0, 1))
    (1, 0, -1)
    """
    if min(second) > max(first):
        return 1
    return -1 if max(second) < min(first) else 0
