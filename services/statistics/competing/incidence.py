"""Competing risks: cumulative incidence and cause-specific hazard ratios.

A subject leaves by one of several causes or is censored. The cumulative incidence of a cause is
the share that has had it by a time, the others being real ways to leave: 1 - Kaplan-Meier,
which calls them censored, would be too high. Gray's test stands in
:mod:`services.statistics.competing.gray`, the subdistribution hazard ratio in
:mod:`services.statistics.competing.fine_gray`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.statistics import cox, distributions, times
from services.statistics.competing.causes import check_code, left, read, read_causes
from services.statistics.landmarks import check_landmarks
from services.statistics.results import (
    CauseIncidence,
    CumulativeIncidence,
    HazardRatio,
    IncidenceLandmark,
    NotEstimable,
)
from services.statistics.steps import NO_SUBJECTS, Interval, check_interval, with_origin

# What rounding leaves of a variance that is 0, as a share of the terms that cancel.
_ROUNDING = 1e-13
# Less than any one subject weighs.
_WHOLE = 1e-11


def cumulative_incidence(
    time: ArrayLike,
    cause: ArrayLike,
    *,
    causes: Sequence[str],
    ci: Interval = "log",
    level: float = 0.95,
    landmarks: Sequence[float] = (),
    arm: str = "",
) -> CumulativeIncidence:
    """Aalen-Johansen estimate of the cumulative incidence of every cause.

    F_k(t) is the sum over times s up to t of S(s-) d_k(s) / n(s), S being Kaplan-Meier for an
    event of any cause (Aalen and Johansen 1978). Ties are exact: all causes at one time share
    its risk set. The variance is the infinitesimal jackknife of R's ``survfit``; for one cause it
    is Greenwood's.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    cause : (n,) 0 for censored, i for ``causes[i - 1]``
    causes : the causes' names; one may have no event
    ci : interval of F: ``log`` (R's default for several states), ``log-log`` or ``plain``
    level : confidence level
    landmarks : times at which the incidence is read
    arm : name put on the result

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : no subjects

    >>> c = cumulative_incidence(
    ...     [1, 2, 2, 3, 4], [1, 2, 0, 1, 0], causes=["progression", "death"], landmarks=[3])
    >>> c.causes[0].incidence.round(3)
    array([0. , 0.2, 0.2, 0.5, 0.5])
    >>> point = c.causes[1].landmarks[0]
    >>> round(point.incidence, 3), point.at_risk, point.events, point.other_events, point.censored
    (0.2, 2, 1, 1, 1)
    """
    check_interval(ci)
    if len(causes) == 0:
        raise UserError("There is no cause of an event.", "Name one or more causes.")
    z = distributions.quantile_z(level)
    at = check_landmarks(landmarks)
    subjects, codes = read(time, cause, len(causes))
    if subjects.n == 0:
        raise NotEstimable(NO_SUBJECTS)
    # The causes are the groups of the count; the censored are group 0.
    counts = times.count(subjects, codes, len(causes) + 1)
    s = _Steps.of(counts.time, counts.at_risk.sum(axis=0), counts.events[1:], counts.censored[0])
    return CumulativeIncidence(
        arm=arm,
        n=subjects.n,
        censored=int(s.censored.sum()),
        time=with_origin(s.time, s.time, 0.0),
        at_risk=with_origin(s.time, s.at_risk, subjects.n),
        n_censor=with_origin(s.time, s.censored, 0),
        event_free=with_origin(s.time, s.after, 1.0),
        causes=tuple(_cause(s, name, code, ci, z, at) for code, name in enumerate(causes, start=1)),
    )


@dataclass(frozen=True, eq=False)
class _Steps:
    """One arm at its distinct times, without the origin. ``events`` is (causes, times)."""

    time: FloatArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    before: FloatArray  # event-free just before each time
    after: FloatArray

    @staticmethod
    def of(time: FloatArray, at_risk: IntArray, events: IntArray, censored: IntArray) -> _Steps:
        after = np.cumprod(1 - events.sum(axis=0) / at_risk)
        return _Steps(time, at_risk, events, censored, left(after), after)


def _cause(
    s: _Steps,
    name: str,
    code: int,
    ci: Interval,
    z: float,
    landmarks: tuple[float, ...],
) -> CauseIncidence:
    d = s.events[code - 1]
    # Rounding may leave 1 + 1e-16, or 1 - 1e-15 where everyone had the event: both are 1.
    incidence = np.cumsum(s.before * d / s.at_risk)
    incidence = np.where(incidence > 1.0 - _WHOLE, 1.0, incidence)
    std_err = np.sqrt(_variance(s, d, incidence))
    lower, upper = limits_of_share(incidence, std_err, ci, z)
    start = 0.0 if ci == "plain" else np.nan
    curve = (
        with_origin(s.time, incidence, 0.0),
        with_origin(s.time, lower, start),
        with_origin(s.time, upper, start),
    )
    return CauseIncidence(
        cause=name,
        code=code,
        events=int(d.sum()),
        incidence=curve[0],
        std_err=with_origin(s.time, std_err, 0.0),
        lower=curve[1],
        upper=curve[2],
        n_event=with_origin(s.time, d, 0),
        landmarks=tuple(_landmark(s, d, curve, t) for t in landmarks),
    )


def _variance(s: _Steps, d: IntArray, incidence: FloatArray) -> FloatArray:
    """Variance of F_k at every time, in one pass.

    With r = (F(t) - F(s)) / S(s), the share still to come among those event-free after s, an
    event of the cause at s weighs 1 - r and one of another cause -r. The jackknife sums over s
    the multinomial variance of these weights, S(s-)^2 / n^2 (sum of squares - square of the
    sum / n). Per time that is A + r B + r^2 C, so that cumulative sums give every t at once.
    """
    n, every = s.at_risk.astype(np.float64), s.events.sum(axis=0)
    alive = s.after > 0
    scale = (s.before / n) ** 2
    a = scale * d * (1 - d / n)
    b = np.where(alive, d * s.before / n**2, 0.0)
    c = np.divide(every, n * (n - every), out=np.zeros_like(n), where=alive)
    f = incidence
    parts = (
        np.cumsum(a),
        -2 * f * np.cumsum(b),
        2 * np.cumsum(b * f),
        f**2 * np.cumsum(c),
        -2 * f * np.cumsum(c * f),
        np.cumsum(c * f**2),
    )
    total = np.sum(parts, axis=0)
    return np.where(total > _ROUNDING * np.sum(np.abs(parts), axis=0), total, 0.0)


def limits_of_share(
    incidence: FloatArray, std_err: FloatArray, ci: Interval, z: float
) -> tuple[FloatArray, FloatArray]:
    """Pointwise limits of F on its own scale, as ``survfit_confint`` of R makes them."""
    if ci == "plain":
        half = z * std_err
        return np.maximum(incidence - half, 0.0), np.minimum(incidence + half, 1.0)
    inside = (incidence > 0) if ci == "log" else (incidence > 0) & (incidence < 1)
    f = np.where(inside, incidence, 0.5)
    relative = z * std_err / f
    if ci == "log":
        lower, upper = f * np.exp(-relative), np.minimum(f * np.exp(relative), 1.0)
    else:
        # F to the power exp(-+ z se / (F log F)); log F is below 0.
        power = np.exp(relative / -np.log(f))
        lower, upper = f**power, f ** (1 / power)
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)


def _landmark(
    s: _Steps, d: IntArray, curve: tuple[FloatArray, FloatArray, FloatArray], time: float
) -> IncidenceLandmark:
    slack = times.TIME_TOLERANCE * float(np.mean(s.time))
    gone = int(np.searchsorted(s.time, time - slack, side="left"))
    events, censored = int(d[:gone].sum()), int(s.censored[:gone].sum())
    others = int(s.events[:, :gone].sum()) - events
    at_risk = int(s.at_risk[0]) - events - others - censored
    # Past the last time the incidence is known only if nobody is left to have an event.
    if time > s.time[-1] + slack and s.after[-1] > times.TIME_TOLERANCE:
        reason = times.ends_before(float(s.time[-1]), time)
        return IncidenceLandmark(time, at_risk, events, others, censored, None, None, None, reason)
    # With an origin in front, the row of the last time not later than the landmark.
    origin = 1 if s.time[0] > 0 else 0
    row = int(np.searchsorted(s.time, time + slack, side="right")) - 1 + origin
    value, lower, upper = (float(column[row]) for column in curve)
    defined = not np.isnan(lower)
    why = "0 events so far" if value == 0 else "everyone had the event"
    return IncidenceLandmark(
        time,
        at_risk,
        events,
        others,
        censored,
        value,
        lower if defined else None,
        upper if defined else None,
        None if defined else f"{why}: no interval",
    )


def cause_specific_hazard_ratio(
    time: ArrayLike,
    cause: ArrayLike,
    treated: ArrayLike,
    *,
    cause_of_interest: int = 1,
    strata: ArrayLike | None = None,
    level: float = 0.95,
    names: tuple[str, str] = cox.NAMES,
) -> HazardRatio:
    """Cox hazard ratio of one cause; subjects who leave by another are censored then.

    It compares the rate of the cause among those still event-free, and says nothing by itself
    about how many will have it (Prentice et al. 1978).

    Parameters
    ----------
    time, treated, strata, level, names : as for :func:`services.statistics.cox.hazard_ratio`
    cause : (n,) codes, 0 for censored
    cause_of_interest : the code of the cause

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : as :func:`services.statistics.cox.hazard_ratio`

    >>> hr = cause_specific_hazard_ratio(
    ...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 2, 0, 1, 1, 1, 2, 0], [0] * 4 + [1] * 4)
    >>> round(hr.estimate, 4)
    0.841
    """
    codes = read_causes(cause)
    check_code(cause_of_interest)
    return cox.hazard_ratio(
        time, codes == cause_of_interest, treated, strata=strata, level=level, names=names
    )
