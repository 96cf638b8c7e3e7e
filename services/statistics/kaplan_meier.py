"""Kaplan-Meier curves with intervals, quantiles, landmarks and follow-up.

lifelines' Kaplan-Meier estimator gives the curve's terms from counted data; the interval, the
quantiles and the landmarks follow R's rules where lifelines' differ (see docs/design.md,
"Statistics").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray
from services.statistics import rmst as _rmst
from services.statistics import times
from services.statistics.landmarks import check_landmarks, landmark_of
from services.statistics.results import Curve, Estimate, NotEstimable, Quantile
from services.statistics.steps import (
    NO_SUBJECTS,
    Interval,
    Steps,
    crossing,
    greenwood,
    limits,
    steps,
    with_origin,
)
from services.statistics.times import Counts, Subjects

QUARTILES = (0.25, 0.5, 0.75)


def _fitted(counts: Counts) -> Steps:
    """Product-limit estimate of one group's counts, by lifelines.

    lifelines' ``fit`` counts the patients by joining tables, and sums over them in others, which
    takes a hundred times as long; they are counted already. Its term of the sum alone is asked,
    for the same bits.

    lifelines counts an entry at t as at risk at t and refuses an early risk set of nobody;
    R does neither, so curves with entry times are ours (:func:`steps`).
    """
    from lifelines import KaplanMeierFitter

    n, d = counts.at_risk[0], counts.events[0]
    with np.errstate():  # lifelines turns its warnings off, here only until the end
        survival = np.exp(np.cumsum(KaplanMeierFitter()._additive_f(n, d)))
    return Steps(counts.time, n, d, counts.censored[0], survival, greenwood(n, d))


def _quantile(p: float, s: Steps, lower: FloatArray, upper: FloatArray) -> Quantile:
    return Quantile(p, *(crossing(s.time, values, 1 - p) for values in (s.survival, lower, upper)))


def _not_reached(q: Quantile) -> Estimate:
    return Estimate(
        q.estimate,
        q.lower,
        q.upper,
        "not reached: survival stays above 50%" if q.estimate is None else None,
    )


def curve(
    subjects: Subjects,
    *,
    ci: Interval = "log-log",
    level: float = 0.95,
    landmarks: Sequence[float] = (),
    tau: float | None = None,
    arm: str = "",
    ended: BoolArray | None = None,
) -> Curve:
    """:func:`kaplan_meier` for checked subjects; ``ended`` as for :func:`follow_up_of`.

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
    at_origin = float(limits(np.ones(1), np.zeros(1), ci, level)[0][0])
    started = n - int(np.count_nonzero(entered > 0))
    events = int(s.events.sum())
    return Curve(
        arm=arm,
        n=n,
        events=events,
        censored=n - events,
        time=with_origin(s.time, s.time, 0.0),
        survival=with_origin(s.time, s.survival, 1.0),
        lower=with_origin(s.time, lower, at_origin),
        upper=with_origin(s.time, upper, at_origin),
        std_err=with_origin(s.time, std_err, 0.0),
        at_risk=with_origin(s.time, s.at_risk, started),
        n_event=with_origin(s.time, s.events, 0),
        n_censor=with_origin(s.time, s.censored, 0),
        quartiles=quartiles,
        median=_not_reached(quartiles[1]),
        landmarks=tuple(landmark_of(s, entered, t, n, ci, level) for t in landmarks),
        rmst=_rmst.rmst_of(s, tau, level, ci),
        follow_up=follow_up_of(subjects, ci=ci, level=level, ended=ended),
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
    UserError : faulty data or options
    NotEstimable : no subjects

    >>> c = kaplan_meier([6, 7, 10, 15, 19, 25], [1, 0, 1, 1, 0, 1], landmarks=[12])
    >>> c.survival.round(3)
    array([1.   , 0.833, 0.833, 0.625, 0.417, 0.417, 0.   ])
    >>> c.median.estimate, c.landmarks[0].at_risk
    (15.0, 3)
    """
    subjects = times.read(time, event, entry)
    return curve(subjects, ci=ci, level=level, landmarks=landmarks, tau=tau, arm=arm)


def follow_up_of(
    subjects: Subjects, *, ci: Interval, level: float, ended: BoolArray | None = None
) -> Estimate:
    """:func:`follow_up` for checked subjects.

    Parameters
    ----------
    ended : (n,) true where the time ended with an event of any kind, also one that competes; the
        events when left out. Whoever died is not one whose observation ended.
    """
    if subjects.n == 0:
        raise NotEstimable(NO_SUBJECTS)
    gone = ~(subjects.event if ended is None else ended)
    flipped = Subjects(subjects.clock, subjects.index, gone, subjects.entry_index)
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

    >>> follow_up([2, 4, 6, 8], [1, 0, 0, 0]).estimate
    6.0
    """
    return follow_up_of(times.read(time, event, entry), ci=ci, level=level)
