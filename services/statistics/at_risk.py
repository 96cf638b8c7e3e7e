"""Numbers at risk under a curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.statistics.results import AtRisk, Curve


def at_risk_table(curve: Curve, times: Sequence[float]) -> AtRisk:
    """Numbers at risk, with an event before and censored before each of ``times``."""
    position = np.searchsorted(curve.time, np.asarray(times) * (1 - 1e-9), side="left")
    events = np.concatenate([[0], np.cumsum(curve.n_event)])[position]
    censored = np.concatenate([[0], np.cumsum(curve.n_censor)])[position]
    left = curve.n - events - censored
    return AtRisk(
        curve.arm,
        curve.n,
        tuple(int(v) for v in left),
        tuple(int(v) for v in events),
        tuple(int(v) for v in censored),
    )
