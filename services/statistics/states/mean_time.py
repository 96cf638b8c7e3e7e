"""Mean time in each state up to tau, and what differs between two arms."""

from __future__ import annotations

import numpy as np

from services.arrays import FloatArray
from services.statistics import times
from services.statistics.proportions import exact_at_end, mover
from services.statistics.results import Estimate
from services.statistics.states.records import (
    InState,
    MeanTimes,
    StateCurves,
    StateDifferences,
    StatesAt,
)

_NOTHING = 1e-12  # of tau: what rounding leaves of a mean that is 0


def mean_times(
    mean: FloatArray,
    std_err: FloatArray,
    tau: float | None,
    last: float,
    at_end: FloatArray,
    z: float,
) -> MeanTimes:
    """Mean times with limits within 0 and tau.

    The limits are normal for log(-log(mean / tau)), as those of the restricted mean survival time,
    which the mean time in the first state of two is. R gives the standard error alone.

    Parameters
    ----------
    mean, std_err : (K,) of each state, up to tau
    tau : end; the last time when ``None``
    last : the last time; at_end : (K,) probabilities at it. A mean beyond it is known only if
        nobody is left to go anywhere
    z : quantile of the level
    """
    end = last if tau is None else tau
    if end <= 0:
        return MeanTimes(end, (InState(None, None, None, None, "every time is 0"),) * len(mean))
    if end > last * (1 + times.TIME_TOLERANCE) and at_end[:-1].sum() > times.TIME_TOLERANCE:
        reason = times.ends_before(last, end, "tau = ")
        return MeanTimes(end, (InState(None, None, None, None, reason),) * len(mean))
    return MeanTimes(
        end, tuple(_mean(float(m), float(s), end, z) for m, s in zip(mean, std_err, strict=True))
    )


def _mean(mean: float, std_err: float, tau: float, z: float) -> InState:
    share = mean / tau
    if share <= _NOTHING:
        return InState(0.0, 0.0, None, None, "nobody in this state: no interval")
    if not np.isfinite(std_err):
        return InState(mean, None, None, None, "tau is too long for a standard error")
    if share >= 1 - _NOTHING or std_err <= _NOTHING * tau:
        same = "all in this state" if share >= 1 - _NOTHING else "all the same time"
        return InState(mean, 0.0, None, None, f"{same}: no interval")
    log_share = float(np.log(share))
    theta = z * std_err / (mean * log_share)
    low, high = share ** float(np.exp(-theta)), share ** float(np.exp(theta))
    return InState(mean, std_err, tau * low, tau * high)


def differences(arm: StateCurves, reference: StateCurves, level: float = 0.95) -> StateDifferences:
    """Arm minus reference at every landmark, and of the mean times.

    Limits are recovered from those of the two arms (``mover``), so that they stay in range; a
    probability of 0 or 1 lends its exact interval. ``std_err`` is the root of the sum of squares:
    the arms are independent.
    """
    marks = zip(arm.landmarks, reference.landmarks, strict=True)
    pairs = zip(arm.mean_times.states, reference.mean_times.states, strict=True)
    return StateDifferences(
        arm=arm.arm,
        reference=reference.arm,
        landmarks=tuple((a.time, _at(a, b, level)) for a, b in marks),
        mean_times=MeanTimes(
            arm.mean_times.tau, tuple(_minus(a, b, _estimate(a), _estimate(b)) for a, b in pairs)
        ),
    )


def _at(arm: StatesAt, reference: StatesAt, level: float) -> tuple[InState, ...]:
    pairs = enumerate(zip(arm.states, reference.states, strict=True))
    return tuple(
        _minus(a, b, _share(a, arm, level), _share(b, reference, level)) for _, (a, b) in pairs
    )


def _share(found: InState, mark: StatesAt, level: float) -> Estimate:
    """A probability with limits: at 0 and 1 exact, of those whose state is known."""
    known = sum(mark.at_risk)
    if found.lower is not None or found.estimate not in (0.0, 1.0) or not known or not mark.time:
        return _estimate(found)
    return Estimate(found.estimate, *exact_at_end(found.estimate, known, level))


def _estimate(found: InState) -> Estimate:
    return Estimate(found.estimate, found.lower, found.upper, found.reason)


def _minus(a: InState, b: InState, own: Estimate, other: Estimate) -> InState:
    found = mover(own, other)
    if a.std_err is None or b.std_err is None:
        return InState(None, None, None, None, found.reason)
    error = float(np.hypot(a.std_err, b.std_err))
    return InState(found.estimate, error, found.lower, found.upper, found.reason)
