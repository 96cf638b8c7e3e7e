"""A survival curve as steps: the product-limit estimate, its limits and where it crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.statistics import distributions
from services.statistics.results import AtRisk, CumulativeIncidence, Curve
from services.statistics.times import Counts

Interval = Literal["log-log", "log", "plain"]
# Two survival probabilities closer than this are equal (R uses the same).
PROBABILITY_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
NO_SUBJECTS = "no patients"


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

    >>> from services.statistics import times
    >>> steps(times.count(times.read([1, 2, 2], [1, 1, 0]))).survival.round(4)
    array([0.6667, 0.3333])
    """
    n, d, c = counts.at_risk[group], counts.events[group], counts.censored[group]
    time = counts.time
    if len(counts.events) > 1:
        own = (d + c) > 0
        time, n, d, c = time[own], n[own], d[own], c[own]
    survival = np.cumprod(1.0 - d / np.maximum(n, 1), dtype=np.float64)
    return Steps(time, n, d, c, survival, greenwood(n, d))


def steps_of(curve: Curve) -> Steps:
    """The steps of a fitted curve: nothing is estimated anew.

    >>> from services.statistics.kaplan_meier import kaplan_meier
    >>> steps_of(kaplan_meier([1, 2, 2], [1, 1, 0])).time
    array([1., 2.])
    """
    # The origin was put before the first time, unless somebody left at 0.
    first = int(len(curve.time) > 0 and curve.n_event[0] + curve.n_censor[0] == 0)
    n, d = curve.at_risk[first:], curve.n_event[first:]
    c, survival = curve.n_censor[first:], curve.survival[first:]
    return Steps(curve.time[first:], n, d, c, survival, greenwood(n, d))


def greenwood(n: IntArray, d: IntArray) -> FloatArray:
    """Cumulative d / (n (n - d)); infinite from where n = d > 0 (Greenwood 1926).

    >>> greenwood(np.array([2, 1]), np.array([1, 1]))
    array([0.5, inf])
    """
    left = n - d
    terms = np.divide(d, n * left, out=np.zeros(len(n)), where=left > 0)
    terms[(left == 0) & (n > 0)] = np.inf
    return np.cumsum(terms)


def with_origin(time: FloatArray, values: Any, start: float) -> Any:
    """Values at some times with that at time 0 in front, unless it is one of the times.

    >>> with_origin(np.array([2.0]), np.array([5]), 6)
    array([6, 5])
    """
    origin = np.array([start], dtype=values.dtype)
    return np.concatenate((origin, values)) if time[0] > 0 else values


def check_interval(ci: str) -> None:
    """Raise a ``UserError`` for an interval type that does not exist."""
    if ci not in get_args(Interval):
        raise UserError(f"There is no interval type {ci!r}.", "Choose log-log, log or plain.")


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

    >>> low, high = limits(np.array([0.9]), np.array([0.01]), "plain", 0.95)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.7236, 1.0)
    """
    check_interval(ci)
    z = distributions.quantile_z(level)
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


def at_risk_table(curve: Curve, times: Sequence[float], entry: FloatArray | None = None) -> AtRisk:
    """Numbers at risk, with an event before and censored before each of ``times``.

    Parameters
    ----------
    entry : (n,) entry times of the curve's subjects: who is still to come is not at risk
    """
    made = _table(curve.arm, curve.n, curve.time, curve.n_event, curve.n_censor, times)
    if entry is None:
        return made
    to_come = [((entry * (1 + 1e-9) >= t) & (entry > 0)).sum() for t in times]
    at_risk = (n - int(later) for n, later in zip(made.at_risk, to_come, strict=True))
    return replace(made, at_risk=tuple(at_risk))


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
