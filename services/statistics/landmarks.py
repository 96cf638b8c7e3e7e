"""Survival at chosen times: landmarks and the difference of two curves there."""

from __future__ import annotations

import math
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


@dataclass(frozen=True, eq=False)
class Point:
    """What a curve says at one time; ``reason`` is given where it says nothing."""

    time: float
    survival: float
    variance: float
    steps: Steps
    reason: str | None = None

    @property
    def known(self) -> float | None:
        """Survival, ``None`` where nothing is known of it."""
        return max(self.survival, 0.0) if self.reason is None else None


def point_at(s: Steps, time: float) -> Point:
    """A curve at one time.

    >>> from services.statistics import steps, times
    >>> s = steps.steps(times.count(times.read([1, 2, 2], [1, 1, 0])))
    >>> round(point_at(s, 1.5).known, 4), point_at(s, 3).reason
    (0.6667, 'follow-up ends at 2, before 3')
    """
    if not len(s.time):
        return Point(time, np.nan, np.nan, s, NO_SUBJECTS)
    tolerance = _tolerance(s.time)
    after = int(np.searchsorted(s.time, time + tolerance, side="right"))
    if after == 0:
        return Point(time, 1.0, 0.0, s)
    survival, last = float(s.survival[after - 1]), float(s.time[-1])
    # Beyond the last time nothing is known, unless nobody is left to have the event.
    known = time <= last + tolerance or survival < PROBABILITY_TOLERANCE
    reason = None if known else times.ends_before(last, time)
    return Point(time, survival, float(s.variance[after - 1]), s, reason)


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
    point = point_at(s, time)
    if point.reason is not None:
        at_risk = n - gone - waiting
        return Landmark(time, at_risk, events, censored, None, None, None, point.reason)
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
    pairs = [(point_at(sides[0], t), point_at(sides[1], t)) for t in landmarks]
    return tuple(differences(pairs, level, ci))


def differences(
    pairs: Sequence[tuple[Point, Point]], level: float, ci: Interval = "log-log"
) -> list[Difference]:
    """:func:`difference` of many pairs of points, that of the arm first."""
    survival = np.array([[p.survival for p in pair] for pair in pairs])
    variance = np.array([[p.variance for p in pair] for pair in pairs])
    own = np.stack(limits(survival, variance, ci, level), axis=-1).tolist()
    return [_of_points(pair, sides, level, ci) for pair, sides in zip(pairs, own, strict=True)]


def _of_points(
    pair: tuple[Point, Point], own: Sequence[Sequence[float]], level: float, ci: Interval
) -> Difference:
    """The difference of two points with their ``own`` limits, for those that have some."""
    time = pair[0].time
    reason = next((p.reason for p in pair if p.reason is not None), None)
    if reason is not None:
        return Difference(time, None, None, None, None, reason)
    estimate = pair[0].survival - pair[1].survival
    p: float | None = None
    se = 0.0
    if not all(math.isfinite(point.variance) for point in pair):
        reason = "survival is 0: no standard error"
    else:
        se = math.sqrt(sum(point.survival**2 * point.variance for point in pair))
        if se == 0:
            reason = "no events yet in either arm: no standard error"
        else:
            p = distributions.normal_p(estimate / se)
    if ci == "plain":
        half = distributions.quantile_z(level) * se
        lower, upper = (None, None) if p is None else (estimate - half, estimate + half)
        return Difference(time, estimate, lower, upper, p, reason)
    if time == 0 and all(point.survival == 1 for point in pair):
        return Difference(time, estimate, None, None, None, "nothing can have happened at 0")
    sides = []
    for point, ends in zip(pair, own, strict=True):
        low, high = ends if _inside(point) else _at_end(point, level)
        sides.append(Estimate(point.survival, low, high))
    found = mover(*sides)
    return Difference(time, estimate, found.lower, found.upper, p, reason)


def _inside(point: Point) -> bool:
    return PROBABILITY_TOLERANCE < point.survival < 1


def _at_end(point: Point, level: float) -> tuple[float, float]:
    """Limits of survival at 0 or 1: exact, of those whose state is known."""
    s = point.steps
    before = int(np.searchsorted(s.time, point.time - _tolerance(s.time), side="left"))
    still = int(s.at_risk[before]) if before < len(s.time) else 0
    return exact_at_end(point.survival, int(s.events[:before].sum()) + still, level)
