"""Proportions, rates and their comparison: exact and score intervals.

The order is always (x1, n1, x2, n2): the arm first, the reference second. A score interval
holds every value that its test does not reject; the test's variance uses the proportions that
fit best under that value, with the factor N / (N - 1) of Miettinen and Nurminen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray
from services.errors import UserError
from services.statistics.distributions import quantile_z
from services.statistics.results import Estimate
from services.statistics.score import (
    Score,
    constrained_p2,
    limit_between,
    odds_ratio_score,
    risk_ratio_score,
)

Table = tuple[int, int, int, int]


def clopper_pearson(x: int, n: int, level: float = 0.95) -> Estimate:
    """Exact (Clopper-Pearson) interval of one proportion.

    Parameters
    ----------
    x : subjects with the event, 0 to n
    n : subjects; 0 gives no estimate, with the reason
    level : confidence level

    Source: Clopper and Pearson (1934), by quantiles of the beta distribution; ``binom.test`` in R.

    Raises
    ------
    UserError : x or n is not a count, x exceeds n, or the level is not between 0 and 1

    >>> e = clopper_pearson(46, 116)
    >>> round(e.estimate, 4), round(e.lower, 4), round(e.upper, 4)
    (0.3966, 0.3069, 0.4916)
    """
    tail = _tail(level)
    x, n = _counts(x, n)
    if n == 0:
        return _none("no patients")
    from scipy.special import betaincinv  # when asked for: the import takes its time

    lower = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Estimate(x / n, lower, upper)


def exact_poisson_rate(events: int, person_time: float, level: float = 0.95) -> Estimate:
    """Exact (Garwood) interval of an incidence rate.

    Parameters
    ----------
    events : number of events, 0 or more
    person_time : time at risk; the rate is per this unit. 0 gives no estimate, with the reason
    level : confidence level

    Source: Garwood (1936), by quantiles of the gamma distribution; ``poisson.test`` in R.

    Raises
    ------
    UserError : ``events`` is not a count, ``person_time`` is negative or missing

    >>> e = exact_poisson_rate(10, 100.0)
    >>> round(e.estimate, 4), round(e.lower, 4), round(e.upper, 4)
    (0.1, 0.048, 0.1839)
    """
    tail = _tail(level)
    events, person_time = _count(events, "events"), _person_time(person_time)
    if person_time == 0:
        return _none("no time at risk")
    from scipy.special import gammaincinv  # when asked for: the import takes its time

    lower = 0.0 if events == 0 else float(gammaincinv(events, tail)) / person_time
    upper = float(gammaincinv(events + 1, 1 - tail)) / person_time
    return Estimate(events / person_time, lower, upper)


def risk_differences(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Differences of two proportions, arm minus reference, with Miettinen-Nurminen intervals.

    Many at once, as for a table of terms.

    Parameters
    ----------
    x1, n1 : subjects with the event and all subjects of each arm
    x2, n2 : the same of the reference, all of shapes that broadcast
    level : confidence level

    Returns
    -------
    estimate, lower, upper : arrays of the common shape, -1 to 1, NaN where an arm has no subjects

    Source: Miettinen and Nurminen (1985), Statistics in Medicine 4:213-226.

    Raises
    ------
    UserError : a count is negative, not whole or larger than its n

    >>> estimate, lower, upper = risk_differences([46, 0], 116, [70, 0], 119)
    >>> lower.round(4), upper.round(4)
    (array([-0.3133, -0.0314]), array([-0.0638,  0.0322]))
    """
    z2 = quantile_z(level) ** 2
    a, m, b, n = _count_arrays(x1, n1, x2, n2)
    empty = (m == 0) | (n == 0)
    # Stand-ins, answered as NaN below, keep the arithmetic free of 0 / 0.
    m, n = np.where(empty, 1.0, m), np.where(empty, 1.0, n)
    a, b = np.where(empty, 0.0, a), np.where(empty, 0.0, b)
    estimate = np.asarray(a / m - b / n)

    def rejected(delta: FloatArray) -> FloatArray:
        p2 = constrained_p2(a, m, b, n, delta)
        p1 = np.clip(p2 + delta, 0.0, 1.0)
        variance = p1 * (1 - p1) / m + p2 * (1 - p2) / n
        variance = variance * ((m + n) / (m + n - 1))
        return (estimate - delta) ** 2 - z2 * variance

    # Both limits at once.
    inside = np.stack((estimate, estimate))
    ends = np.stack((np.full_like(estimate, -1.0), np.full_like(estimate, 1.0)))
    found = limit_between(rejected, inside, ends)
    lower, upper = found[0, ...], found[1, ...]
    for values in (estimate, lower, upper):
        values[empty] = np.nan
    return estimate, lower, upper


def risk_ratio(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Estimate:
    """Ratio of two proportions, arm over reference, with its Miettinen-Nurminen interval.

    Parameters and errors are those of ``risk_difference``. Without an event in the reference
    the ratio and its upper limit are ``None`` with the reason and the lower limit stands;
    without an event at all everything is ``None``.

    Source: Miettinen and Nurminen (1985), Statistics in Medicine 4:213-226.

    >>> e = risk_ratio(46, 116, 70, 119)
    >>> round(e.estimate, 4), round(e.lower, 4), round(e.upper, 4)
    (0.6741, 0.5109, 0.8789)
    """
    return risk_ratios([(x1, n1, x2, n2)], level)[0]


def risk_ratios(tables: Sequence[Table], level: float = 0.95) -> list[Estimate]:
    """``risk_ratio`` of many (x1, n1, x2, n2) at once."""
    return _ratios(tables, level, risk_ratio_score, "events")


def odds_ratio(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Estimate:
    """Odds ratio, arm over reference, with its Miettinen-Nurminen score interval.

    Parameters and errors are those of ``risk_difference``. Where a zero makes the ratio
    infinite, it and its upper limit are ``None`` with the reason; where both arms have no event
    or nothing but events, everything is.

    Source: Miettinen and Nurminen (1985), Statistics in Medicine 4:213-226.

    >>> e = odds_ratio(46, 116, 70, 119)
    >>> round(e.estimate, 4), round(e.lower, 4), round(e.upper, 4)
    (0.46, 0.2732, 0.7744)
    """
    return odds_ratios([(x1, n1, x2, n2)], level)[0]


def odds_ratios(tables: Sequence[Table], level: float = 0.95) -> list[Estimate]:
    """``odds_ratio`` of many (x1, n1, x2, n2) at once."""
    return _ratios(tables, level, odds_ratio_score, "odds")


def rate_difference(
    events1: int, person_time1: float, events2: int, person_time2: float, level: float = 0.95
) -> Estimate:
    """Difference of two incidence rates, arm minus reference, with its score interval.

    Parameters
    ----------
    events1, person_time1 : events and time at risk of the arm
    events2, person_time2 : the same of the reference, in the same unit
    level : confidence level

    Returns
    -------
    The difference per unit of time; ``None`` with the reason when an arm has no time at risk.

    Source: Miettinen and Nurminen (1985), the comparison of rates: the score test of two Poisson
    rates with their variance at the constrained maximum likelihood. No N / (N - 1) applies.

    Raises
    ------
    UserError : ``events`` is not a count, a time at risk is negative or missing

    >>> e = rate_difference(15, 100.0, 5, 100.0)
    >>> round(e.estimate, 4), round(e.lower, 4), round(e.upper, 4)
    (0.1, 0.0137, 0.2029)
    """
    return rate_differences([(events1, person_time1, events2, person_time2)], level)[0]


def rate_differences(
    tables: Sequence[tuple[int, float, int, float]], level: float = 0.95
) -> list[Estimate]:
    """``rate_difference`` of many (events1, person_time1, events2, person_time2) at once."""
    z2 = quantile_z(level) ** 2
    events = [(_count(x1, "events"), _count(x2, "events")) for x1, _, x2, _ in tables]
    watched = [(_person_time(t1), _person_time(t2)) for _, t1, _, t2 in tables]
    known = np.array([t1 > 0 and t2 > 0 for t1, t2 in watched], dtype=bool)
    x1, x2 = np.array(events, dtype=np.float64).reshape(-1, 2)[known].T
    t1, t2 = np.array(watched, dtype=np.float64).reshape(-1, 2)[known].T
    estimate: FloatArray = x1 / t1 - x2 / t2
    total = t1 + t2

    def rejected(delta: FloatArray) -> FloatArray:
        # The score equation x1 / (r2 + delta) + x2 / r2 = t1 + t2 is a quadratic in r2; its
        # discriminant is at least 4 x1 x2.
        linear = total * delta - (x1 + x2)
        root = np.sqrt(np.maximum(linear**2 + 4 * total * x2 * delta, 0.0))
        r2 = np.maximum((root - linear) / (2 * total), np.maximum(0.0, -delta))
        variance: FloatArray = (r2 + delta) / t1 + r2 / t2
        return (estimate - delta) ** 2 - z2 * variance

    reach = np.maximum(np.abs(estimate), z2 * (1 / t1 + 1 / t2)) * np.array([[-1.0], [1.0]])
    # The parabola outgrows a variance that grows linearly, so this ends.
    while (short := rejected(estimate + reach) <= 0).any():
        reach = np.where(short, 2 * reach, reach)
    lower, upper = limit_between(rejected, np.stack((estimate, estimate)), estimate + reach)
    columns = (estimate.tolist(), lower.tolist(), upper.tolist())
    made = (Estimate(*row) for row in zip(*columns, strict=True))
    none = [_none(f"no time at risk in the {'reference' if one else 'arm'}") for one, _ in watched]
    return [next(made) if one else no for one, no in zip(known, none, strict=True)]


def _ratios(tables: Sequence[Table], level: float, score: Score, kind: str) -> list[Estimate]:
    z2 = quantile_z(level) ** 2
    told = [(*_counts(x1, n1), *_counts(x2, n2)) for x1, n1, x2, n2 in tables]
    reasons = [_no_ratio(*table, kind) for table in told]
    kept = [table for table, reason in zip(told, reasons, strict=True) if reason is None]
    x1, n1, x2, n2 = np.array(kept, dtype=np.float64).reshape(-1, 4).T
    above, below = (x1 * n2, x2 * n1) if kind == "events" else (x1 * (n2 - x2), x2 * (n1 - x1))
    limit = z2 * (n1 + n2) / (n1 + n2 - 1)
    best = above / (above + below)

    def toward(end: float, of: BoolArray) -> FloatArray:
        """Limits of some tables, 0 or infinite of the others."""
        a, m, b, n, most = x1[of], n1[of], x2[of], n2[of], limit[of]

        # The ratio is u / (1 - u): halving [0, 1] in u reaches every ratio from 0 to infinity.
        def rejected(u: FloatArray) -> FloatArray:
            return score(a, m, b, n, u / (1 - u)) - most

        found = np.full(len(kept), np.inf if end else 0.0)
        u = limit_between(rejected, best[of], np.full_like(a, end))
        found[of] = u / (1 - u)
        return found

    ends = zip(toward(0.0, above > 0).tolist(), toward(1.0, below > 0).tolist(), strict=True)
    values = zip(above.tolist(), below.tolist(), x2.tolist(), ends, strict=True)
    made = (
        Estimate(over / under, *end) if under else Estimate(None, end[0], None, _infinite(kind, b))
        for over, under, b, end in values
    )
    return [next(made) if reason is None else _none(reason) for reason in reasons]


def _no_ratio(x1: int, n1: int, x2: int, n2: int, kind: str) -> str | None:
    """Why nothing is known of a ratio; ``None`` where something is."""
    if n1 == 0 or n2 == 0:
        return f"no patients in the {'arm' if n1 == 0 else 'reference'}"
    if x1 == 0 and x2 == 0:
        return "0 events in both arms"
    if kind == "odds" and x1 == n1 and x2 == n2:
        return "every subject of both arms has the event"
    return None


def _infinite(kind: str, x2: float) -> str:
    if x2 == 0:
        return "0 events in the reference: the ratio has no upper limit"
    return f"every subject of the arm has the event: the {kind} ratio has no upper limit"


def _none(reason: str) -> Estimate:
    return Estimate(None, None, None, reason)


def _tail(level: float) -> float:
    quantile_z(level)  # refuses a level that is none
    return (1 - level) / 2


def _count(value: SupportsFloat, what: str) -> int:
    number = float(value)
    if not (number >= 0 and number == np.floor(number) and np.isfinite(number)):
        raise UserError(f"The number of {what} is {number:g}.", "A count is 0, 1, 2 and so on.")
    return int(number)


def _counts(x: SupportsFloat, n: SupportsFloat) -> tuple[int, int]:
    events, subjects = _count(x, "subjects with the event"), _count(n, "subjects")
    if events > subjects:
        raise UserError(
            f"{events} of {subjects} subjects have the event.",
            "Count each subject once; n is the number of all subjects of the arm.",
        )
    return events, subjects


def _count_arrays(*values: ArrayLike) -> tuple[FloatArray, ...]:
    a, m, b, n = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    for x, total in ((a, m), (b, n)):
        good = (x >= 0) & (x <= total) & (x == np.floor(x)) & (total == np.floor(total))
        good &= np.isfinite(total)
        if not good.all():
            place = np.flatnonzero(~good.ravel())[0]
            # Says which of the three faults it is, in the words of the scalar functions.
            _counts(x.ravel()[place], total.ravel()[place])
    return a, m, b, n


def _person_time(value: SupportsFloat) -> float:
    number = float(value)
    if not (number >= 0 and np.isfinite(number)):
        raise UserError(f"The time at risk is {number:g}.", "It is a finite number, 0 or more.")
    return number


def mover(arm: Estimate, reference: Estimate) -> Estimate:
    """Arm minus reference, with limits recovered from both arms' limits.

    lower = d - sqrt((a - lower_a)^2 + (upper_b - b)^2), upper likewise. Limits of shares within
    0 and 1 give a difference within -1 and 1; those of means within 0 and tau, one within tau.

    Source: method of variance estimates recovery, Zou and Donner (2008), Statistics in Medicine
    27:1693-1702. It keeps the arms' asymmetric limits.

    >>> d = mover(Estimate(0.4, 0.3, 0.5), Estimate(0.1, 0.05, 0.2))
    >>> round(d.estimate, 3), round(d.lower, 3), round(d.upper, 3)
    (0.3, 0.159, 0.412)
    """
    a, low_a, high_a = arm.estimate, arm.lower, arm.upper
    b, low_b, high_b = reference.estimate, reference.lower, reference.upper
    if a is None or b is None:
        return Estimate(None, None, None, arm.reason if a is None else reference.reason)
    if low_a is None or high_a is None or low_b is None or high_b is None:
        return Estimate(a - b, None, None, "an arm has no interval")
    difference = a - b
    return Estimate(
        difference,
        difference - math.hypot(a - low_a, high_b - b),
        difference + math.hypot(high_a - a, b - low_b),
    )


def exact_at_end(survival: float, followed: int, level: float) -> tuple[float, float]:
    """Limits of survival where it is 0 or 1, where Greenwood's variance says nothing.

    Exact (Clopper-Pearson) of those whose state at the time is known.

    Parameters
    ----------
    survival : 0 or 1
    followed : patients who had the event by then or were followed beyond it; 1 or more

    >>> low, high = exact_at_end(1.0, 4, 0.95)
    >>> round(low, 4), high
    (0.3976, 1.0)
    """
    found = clopper_pearson(followed if survival > 0.5 else 0, followed, level)
    assert found.lower is not None
    assert found.upper is not None
    return found.lower, found.upper
