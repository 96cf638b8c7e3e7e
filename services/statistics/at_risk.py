"""Numbers at risk under a curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.arrays import FloatArray, IntArray
from services.statistics.results import AtRisk, CumulativeIncidence, Curve


def at_risk_table(curve: Curve, times: Sequence[float]) -> AtRisk:
    """Numbers at risk, with an event before and censored before each of ``times``."""
    return _table(curve.arm, curve.n, curve.time, curve.n_event, curve.n_censor, times)


def at_risk_of_first(curve: CumulativeIncidence, times: Sequence[float]) -> AtRisk:
    """The same of the first cause; "censored" are all who left without it."""
    first, *others = (cause.n_event for cause in curve.causes)
    return _table(curve.arm, curve.n, curve.time, first, curve.n_censor + sum(others), times)


def _table(
    arm: str, n: int, time: FloatArray, had: IntArray, left: IntArray, times: Sequence[float]
) -> AtRisk:
    position = np.searchsorted(time, np.asarray(times) * (1 - 1e-9), side="left")
    events = np.concatenate([[0], np.cumsum(had)])[position]
    censored = np.concatenate([[0], np.cumsum(left)])[position]
    parts = (n - events - censored, events, censored)
    return AtRisk(arm, n, *(tuple(int(v) for v in part) for part in parts))
