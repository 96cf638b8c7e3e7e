"""Kaplan-Meier curves with intervals, quantiles, landmarks and follow-up.

lifelines' ``KaplanMeierFitter`` makes the curve from counted data; the interval, the quantiles
and the landmarks follow R's rules where lifelines' differ (see docs/design.md, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from services import rmst as _rmst
from services import times
from services.errors import UserError
from services.records import Curve, Difference, Estimate, FloatArray, IntArray, Landmark, Quantile
from services.times import Counts, NotEstimable, Subjects

Interval = Literal["log-log", "log", "plain"]
QUARTILES = (0.25, 0.5, 0.75)
# Two survival probabilities closer than this are equal (R uses the same).
PROBABILITY_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
NO_SUBJECTS = "no subjects"


@dataclass(frozen=True, eq=False)
class Steps:
    """A survival curve at its distinct times, without the origin.

    ``variance`` is Greenwood's sum of d / (n (n - d)): the variance of log S. Infinite once
    everyone at risk had the event.
    """

    time: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    survival: FloatArray
    variance: FloatArray


def steps(counts: Counts, group: int = 0) -> Steps:
    """Product-limit estimate of one group's counts, in plain numpy.

    Times at which nobody of the group leaves are left out.

    >>> steps(times.count(times.read([1, 2, 2], [1, 1, 0]))).survival.round(4)
    array([0.6667, 0.3333])
    """
    n, d, c = counts.at_risk[group], counts.events[group], counts.censored[group]
    time = counts.time
    if len(counts.events) > 1:
        own = (d + c) > 0
        time, n, d, c = time[own], n[own], d[own], c[own]
    return Steps(time, n, d, c, _product_limit(n, d), _greenwood(n, d))


def _product_limit(n: IntArray, d: IntArray) -> FloatArray:
    return np.cumprod(1.0 - d / np.maximum(n, 1), dtype=np.float64)


def _greenwood(n: IntArray, d: IntArray) -> FloatArray:
    """Cumulative d / (n (n - d)); infinite from where n = d > 0 (Greenwood 1926)."""
    left = n - d
    dead = (left == 0) & (d > 0)
    terms = np.divide(d, n * np.where(left == 0, 1, left), out=np.zeros(len(n)), where=n > 0)
    return np.cumsum(np.where(dead, np.inf, terms))


def _fitted(counts: Counts) -> Steps:
    """The same, with lifelines as the engine.

    lifelines counts an entry at t as at risk at t and refuses an early risk set of nobody;
    R does neither, so curves with entry times are ours (:func:`steps`).
    """
    from lifelines import KaplanMeierFitter

    d, c = counts.events[0], counts.censored[0]
    fitter = KaplanMeierFitter().fit(
        np.concatenate((counts.time, counts.time)),
        np.concatenate((np.ones(len(d), dtype=bool), np.zeros(len(c), dtype=bool))),
        weights=np.concatenate((d, c)),
    )
    survival = fitter.survival_function_.to_numpy(dtype=np.float64)[:, 0]
    survival = survival[len(survival) - len(d) :]  # without the origin, if it was added
    n = counts.at_risk[0]
    return Steps(counts.time, n, d, c, survival, _greenwood(n, d))


def check_interval(ci: str) -> None:
    """Raise a ``UserError`` for an interval type that does not exist."""
    if ci not in get_args(Interval):
        raise UserError(f"There is no interval called {ci!r}.", "Choose log-log, log or plain.")


def limits(
    survival: FloatArray, variance: FloatArray, ci: Interval, level: float
) -> tuple[FloatArray, FloatArray]:
    """Pointwise confidence limits of survival (R's ``survfit_confint``).

    Parameters
    ----------
    survival : S(t)
    variance : Greenwood's variance of log S(t)
    ci : ``log-log`` (of -log S), ``log`` (of S) or ``plain``
    level : confidence level, 0.95 for 95%

    Returns
    -------
    lower, upper : NaN where S is 0. Where S is 1 the log-log interval does not exist (NaN, as
        in R); the others are the point 1, their variance being 0.

    Examples
    --------
    >>> low, high = limits(np.array([0.9]), np.array([0.01]), "plain", 0.95)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.7236, 1.0)
    """
    check_interval(ci)
    z = times.quantile_z(level)
    inside = (survival > 0) & (survival < 1) & np.isfinite(variance)
    s = np.where(inside, survival, 0.5)
    se = np.sqrt(np.where(inside, variance, 0.0))
    if ci == "log-log":
        log_s = np.log(s)
        middle = np.log(-log_s)
        lower = np.exp(-np.exp(middle - z * se / log_s))
        upper = np.exp(-np.exp(middle + z * se / log_s))
    elif ci == "log":
        lower, upper = s * np.exp(-z * se), np.minimum(s * np.exp(z * se), 1.0)
    else:
        lower, upper = np.maximum(s - z * se * s, 0.0), np.minimum(s + z * se * s, 1.0)
    at_one = np.nan if ci == "log-log" else 1.0
    outside = np.where(survival >= 1, at_one, np.nan)
    return np.where(inside, lower, outside), np.where(inside, upper, outside)


def crossing(time: FloatArray, values: FloatArray, level: float) -> float | None:
    """First time a falling step function is at or below a level.

    When it lies exactly at the level until a later drop, the mid-point of the two times, as R's
    ``quantile`` and ``print`` of a survfit; with no later drop, the first time, as ``print``.
    NaN values are left out.

    >>> crossing(np.array([1.0, 3.0]), np.array([0.5, 0.2]), 0.5)
    2.0
    """
    below = np.flatnonzero(values < level + PROBABILITY_TOLERANCE)
    if not len(below):
        return None
    first = below[0]
    if abs(values[first] - level) < PROBABILITY_TOLERANCE:
        lower = np.flatnonzero(values[first:] < level - PROBABILITY_TOLERANCE)
        if len(lower):
            return float((time[first] + time[first + lower[0]]) / 2)
    return float(time[first])


def _quantile(p: float, s: Steps, lower: FloatArray, upper: FloatArray) -> Quantile:
    return Quantile(p, *(crossing(s.time, values, 1 - p) for values in (s.survival, lower, upper)))


def _not_reached(q: Quantile) -> Estimate:
    return Estimate(
        q.estimate,
        q.lower,
        q.upper,
        "not reached: survival stays above 50%" if q.estimate is None else None,
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


def _tolerance(time: FloatArray) -> float:
    return times.TIME_TOLERANCE * float(np.mean(time)) if len(time) else 0.0


def _beyond(time: float, last: float) -> str:
    return f"follow-up ends at {last:.6g}, before {time:.6g}"


def _landmark(
    s: Steps, entered: FloatArray, time: float, n: int, ci: Interval, level: float
) -> Landmark:
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


def curve(
    subjects: Subjects,
    *,
    ci: Interval = "log-log",
    level: float = 0.95,
    landmarks: Sequence[float] = (),
    tau: float | None = None,
    arm: str = "",
) -> Curve:
    """:func:`kaplan_meier` for checked subjects.

    >>> curve(times.read([1, 2, 3], [1, 0, 1])).at_risk
    array([3, 3, 2, 1])
    """
    landmarks = check_landmarks(landmarks)
    n = subjects.n
    if n == 0:
        raise NotEstimable(NO_SUBJECTS)
    counts = times.count(subjects)
    s = _fitted(counts) if subjects.entry_index is None else steps(counts)
    lower, upper = limits(s.survival, s.variance, ci, level)
    quartiles = tuple(_quantile(p, s, lower, upper) for p in QUARTILES)
    entered = np.empty(0)
    if subjects.entry_index is not None:
        entered = subjects.clock[subjects.entry_index]
    # Everyone at risk leaves with an event: S is 0, its variance infinite, its error undefined.
    finite = np.isfinite(s.variance)
    std_err = np.where(finite, s.survival * np.sqrt(np.where(finite, s.variance, 0.0)), np.nan)
    origin = s.time[0] > 0
    at_origin = float(limits(np.ones(1), np.zeros(1), ci, level)[0][0])
    started = n - int(np.count_nonzero(entered > 0))
    events = int(s.events.sum())

    def with_origin(values: FloatArray, start: float) -> FloatArray:
        return np.concatenate(([start], values)) if origin else values

    def counts_with_origin(values: IntArray, start: int) -> IntArray:
        return np.concatenate((np.array([start], dtype=np.int64), values)) if origin else values

    return Curve(
        arm=arm,
        n=n,
        events=events,
        censored=n - events,
        time=with_origin(s.time, 0.0),
        survival=with_origin(s.survival, 1.0),
        lower=with_origin(lower, at_origin),
        upper=with_origin(upper, at_origin),
        std_err=with_origin(std_err, 0.0),
        at_risk=counts_with_origin(s.at_risk, started),
        n_event=counts_with_origin(s.events, 0),
        n_censor=counts_with_origin(s.censored, 0),
        quartiles=quartiles,
        median=_not_reached(quartiles[1]),
        landmarks=tuple(_landmark(s, entered, t, n, ci, level) for t in landmarks),
        rmst=_rmst.rmst_of(s, tau, level),
        follow_up=follow_up_of(subjects, ci=ci, level=level),
    )


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    ci: Interval = "log-log",
    level: float = 0.95,
    landmarks: Sequence[float] = (),
    tau: float | None = None,
    arm: str = "",
    entry: ArrayLike | None = None,
) -> Curve:
    """Kaplan-Meier estimate of survival with everything read off it.

    S(t) is the product over event times up to t of 1 - d / n; its variance is Greenwood's
    (Kaplan and Meier 1958; Greenwood 1926). Quartiles come with the interval of Brookmeyer and
    Crowley (1982): the times at which the limits of S cross.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true for an event
    ci : interval of S: ``log-log`` (default), ``log`` or ``plain``
    level : confidence level of every interval
    landmarks : times at which survival is read
    tau : end of the restricted mean; the last time when left out
    arm : name put on the result
    entry : (n,) entry times (left truncation): at risk are those with entry < t <= time

    Raises
    ------
    UserError
        Faulty data or options.
    NotEstimable
        No subjects.

    Examples
    --------
    >>> c = kaplan_meier([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], landmarks=[12])
    >>> c.survival.round(3)
    array([1.   , 0.833, 0.833, 0.625, 0.417, 0.417, 0.   ])
    >>> c.median.estimate, c.landmarks[0].at_risk
    (15.0, 3)
    """
    subjects = times.read(time, event, entry)
    return curve(subjects, ci=ci, level=level, landmarks=landmarks, tau=tau, arm=arm)


def follow_up_of(subjects: Subjects, *, ci: Interval, level: float) -> Estimate:
    """:func:`follow_up` for checked subjects."""
    if subjects.n == 0:
        raise NotEstimable(NO_SUBJECTS)
    flipped = Subjects(subjects.clock, subjects.index, ~subjects.event, subjects.entry_index)
    s = steps(times.count(flipped))
    lower, upper = limits(s.survival, s.variance, ci, level)
    q = _quantile(0.5, s, lower, upper)
    reason = None if q.estimate is not None else "not reached: too few subjects are censored"
    return Estimate(q.estimate, q.lower, q.upper, reason)


def follow_up(
    time: ArrayLike,
    event: ArrayLike,
    *,
    ci: Interval = "log-log",
    level: float = 0.95,
    entry: ArrayLike | None = None,
) -> Estimate:
    """Median potential follow-up: Kaplan-Meier with event and censoring exchanged.

    Schemper and Smith (1996). Time in the unit given; ``estimate`` is ``None`` with a reason
    when the reverse curve stays above 50%.

    Examples
    --------
    >>> follow_up([2, 4, 6, 8], [1, 0, 0, 0]).estimate
    6.0
    """
    return follow_up_of(times.read(time, event, entry), ci=ci, level=level)


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
