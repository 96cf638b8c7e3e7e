"""Survival at chosen times: landmarks and the difference of two curves there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.arrays import FloatArray
from services.errors import UserError
from services.statistics import distributions, times
from services.statistics.proportions import exact_at_end, mover
from services.statistics.results import Curve, Difference, Estimate, Landmark
from services.statistics.steps import (
    NO_SUBJECTS,
    PROBABILITY_TOLERANCE,
    Interval,
    Steps,
    limits,
    steps_of,
)


@dataclass(frozen=True)
class _Point:
    """What a curve says at one time."""

    survival: float
    variance: float
    known: bool


def _at(s: Steps, time: float) -> _Point:
    tolerance = _tolerance(s.time)
    after = int(np.searchsorted(s.time, time + tolerance, side="right"))
    if after == 0:
        return _Point(1.0, 0.0, True)
    survival = float(s.survival[after - 1])
    # Beyond the last time nothing is known, unless nobody is left to have the event.
    known = time <= s.time[-1] + tolerance or survival < PROBABILITY_TOLERANCE
    return _Point(survival, float(s.variance[after - 1]), known)


def survival_at(s: Steps, time: float) -> float | None:
    """Survival at one time; ``None`` where nothing is known of it."""
    if not len(s.time):
        return None
    point = _at(s, time)
    return max(point.survival, 0.0) if point.known else None


def _tolerance(time: FloatArray) -> float:
    return times.TIME_TOLERANCE * float(np.mean(time)) if len(time) else 0.0


def landmark_of(
    s: Steps, entered: FloatArray, time: float, n: int, ci: Interval, level: float
) -> Landmark:
    """Survival of a curve at one time, with its limits and the counts that lead to it.

    ``entered`` (n,) holds the entry times, or is empty.
    """
    before = int(np.searchsorted(s.time, time - _tolerance(s.time), side="left"))
    events, censored = int(s.events[:before].sum()), int(s.censored[:before].sum())
    gone = events + censored
    waiting = int(np.count_nonzero((entered >= time) & (entered > 0)))
    point = _at(s, time)
    if not point.known:
        reason = times.ends_before(float(s.time[-1]), time)
        return Landmark(time, n - gone - waiting, events, censored, None, None, None, reason)
    lower, upper = limits(np.array([point.survival]), np.array([point.variance]), ci, level)
    return Landmark(
        time,
        n - gone - waiting,
        events,
        censored,
        max(point.survival, 0.0),
        None if np.isnan(lower[0]) else float(lower[0]),
        None if np.isnan(upper[0]) else float(upper[0]),
    )


def check_landmarks(landmarks: Sequence[float]) -> tuple[float, ...]:
    """Landmark times as floats; raise a ``UserError`` for one that is not a time."""
    found = tuple(float(t) for t in landmarks)
    for t in found:
        if not np.isfinite(t) or t < 0:
            raise UserError(f"{t} is not a landmark time.", "Give finite times, 0 or more.")
    return found


def difference_words(ci: str, means: bool = True) -> str:
    """How limits of differences (and of restricted means: ``means``) are made, under a table."""
    if ci == "plain":
        return "by the plain normal formula, as in R: they may lie outside the possible range"
    own = "from the arms' own intervals (MOVER)"
    return f"{own}, for restricted means on the log-log scale" if means else own


def difference(
    arm: Curve,
    reference: Curve,
    landmarks: Sequence[float],
    level: float = 0.95,
    ci: Interval = "log-log",
) -> tuple[Difference, ...]:
    """Survival of the arm minus that of the reference at each landmark.

    Limits are recovered from those of the two arms (``mover``), so that they stay within -1 and
    1; an arm at 0 or 1, which has no Greenwood interval, lends its exact one. With ``plain``
    they are normal with the sum of the two Greenwood variances, as R would have it, and not kept
    in range. ``p`` is that of the normal test with the Greenwood variances, whatever the interval.

    >>> from services.statistics.kaplan_meier import kaplan_meier
    >>> a, b = kaplan_meier([1, 3, 4], [1, 1, 0]), kaplan_meier([1, 2, 4], [1, 1, 0])
    >>> d = difference(a, b, [2])[0]
    >>> round(d.estimate, 4), round(d.p, 4)
    (0.3333, 0.3865)
    """
    landmarks = check_landmarks(landmarks)
    sides = steps_of(arm), steps_of(reference)
    return tuple(difference_at(*sides, t, level, ci) for t in landmarks)


def difference_at(
    arm: Steps, reference: Steps, time: float, level: float, ci: Interval = "log-log"
) -> Difference:
    """:func:`difference` of two curves at one time."""
    points = []
    for s in (arm, reference):
        if not len(s.time):
            return Difference(time, None, None, None, None, NO_SUBJECTS)
        point = _at(s, time)
        if not point.known:
            beyond = times.ends_before(float(s.time[-1]), time)
            return Difference(time, None, None, None, None, beyond)
        points.append(point)
    estimate = points[0].survival - points[1].survival
    p: float | None = None
    reason: str | None = None
    se = 0.0
    if any(not np.isfinite(point.variance) for point in points):
        reason = "survival is 0: no standard error"
    else:
        se = float(np.sqrt(sum(point.survival**2 * point.variance for point in points)))
        if se == 0:
            reason = "no events yet in either arm: no standard error"
        else:
            p = distributions.normal_p(estimate / se)
    if ci == "plain":
        half = distributions.quantile_z(level) * se
        lower, upper = (None, None) if p is None else (estimate - half, estimate + half)
        return Difference(time, estimate, lower, upper, p, reason)
    if time == 0 and all(point.survival == 1 for point in points):
        return Difference(time, estimate, None, None, None, "nothing can have happened at 0")
    sides = (
        Estimate(point.survival, *_own_limits(s, point, time, ci, level))
        for s, point in zip((arm, reference), points, strict=True)
    )
    found = mover(*sides)
    return Difference(time, estimate, found.lower, found.upper, p, reason)


def _own_limits(
    s: Steps, point: _Point, time: float, ci: Interval, level: float
) -> tuple[float, float]:
    """Limits of one arm's survival; at 0 and 1 exact, of those whose state is known."""
    if PROBABILITY_TOLERANCE < point.survival < 1:
        lower, upper = limits(np.array([point.survival]), np.array([point.variance]), ci, level)
        return float(lower[0]), float(upper[0])
    before = int(np.searchsorted(s.time, time - _tolerance(s.time), side="left"))
    still = int(s.at_risk[before]) if before < len(s.time) else 0
    return exact_at_end(point.survival, int(s.events[:before].sum()) + still, level)
