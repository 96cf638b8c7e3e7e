"""Survival at chosen times: landmarks and the difference of two curves there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services import times
from services.errors import UserError
from services.records import Difference, FloatArray, Landmark
from services.steps import NO_SUBJECTS, PROBABILITY_TOLERANCE, Interval, Steps, limits, steps
from services.times import Subjects


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


def _beyond(time: float, last: float) -> str:
    return f"follow-up ends at {last:.6g}, before {time:.6g}"


def landmark_of(
    s: Steps, entered: FloatArray, time: float, n: int, ci: Interval, level: float
) -> Landmark:
    """Survival of a curve at one time, with its limits and the counts that lead to it.

    ``entered`` (n,) holds the entry times, or is empty.
    """
    before = int(np.searchsorted(s.time, time - _tolerance(s.time), side="left"))
    events, censored = int(s.events[:before].sum()), int(s.censored[:before].sum())
    gone = events + censored
    # Those not yet under observation are not at risk; at the origin an entry there counts.
    waiting = int(np.count_nonzero(entered >= time)) if time > 0 else 0
    point = _at(s, time)
    if not point.known:
        reason = _beyond(time, float(s.time[-1]))
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


def difference(
    arm: Subjects, reference: Subjects, landmarks: Sequence[float], level: float = 0.95
) -> tuple[Difference, ...]:
    """Survival of the arm minus that of the reference at each landmark.

    The difference is normal with the sum of the two Greenwood variances.

    Examples
    --------
    >>> a, b = times.read([1, 3, 4], [1, 1, 0]), times.read([1, 2, 4], [1, 1, 0])
    >>> d = difference(a, b, [2])[0]
    >>> round(d.estimate, 4), round(d.p, 4)
    (0.3333, 0.3865)
    """
    landmarks = check_landmarks(landmarks)
    curves = [steps(times.count(side)) for side in (arm, reference)]
    return tuple(difference_at(curves[0], curves[1], t, level) for t in landmarks)


def difference_at(arm: Steps, reference: Steps, time: float, level: float) -> Difference:
    """:func:`difference` of two curves at one time."""
    points = []
    for s in (arm, reference):
        if not len(s.time):
            return Difference(time, None, None, None, None, NO_SUBJECTS)
        point = _at(s, time)
        if not point.known:
            reason = _beyond(time, float(s.time[-1]))
            return Difference(time, None, None, None, None, reason)
        points.append(point)
    estimate = points[0].survival - points[1].survival
    if any(not np.isfinite(p.variance) for p in points):
        reason = "survival is 0: no standard error"
        return Difference(time, estimate, None, None, None, reason)
    se = float(np.sqrt(sum(p.survival**2 * p.variance for p in points)))
    if se == 0:
        reason = "no events yet in either arm: no standard error"
        return Difference(time, estimate, None, None, None, reason)
    z = times.quantile_z(level)
    return Difference(
        time, estimate, estimate - z * se, estimate + z * se, times.normal_p(estimate / se)
    )
