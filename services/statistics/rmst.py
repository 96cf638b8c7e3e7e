"""Restricted mean survival time: the area under the curve up to a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.errors import UserError
from services.statistics import distributions, times
from services.statistics.proportions import exact_at_end, mover
from services.statistics.results import Estimate, Rmst, RmstDifference

if TYPE_CHECKING:
    from services.statistics.steps import Interval, Steps


def check_tau(tau: float | None) -> float | None:
    """The end of the restricted mean as a float; a ``UserError`` when it is not a time."""
    if tau is None:
        return None
    if not np.isfinite(tau) or tau <= 0:
        raise UserError(f"{tau} is not an end of the restricted mean.", "Give a time above 0.")
    return float(tau)


def rmst_of(s: Steps, tau: float | None, level: float, ci: Interval = "log-log") -> Rmst:
    """Restricted mean survival time of one curve, with its standard error.

    The variance is the sum over event times of (area to the right, up to tau) squared times
    d / (n (n - d)), the term of n = d being 0 (Klein and Moeschberger 2003, 4.5.3; R's
    ``print(survfit, rmean = tau)``).

    Limits are normal for log(-log(mean / tau)), the delta method giving its error, so that they
    stay within 0 and tau. An arm without events before tau has tau as its upper limit and, as
    its lower, tau times the exact lower limit of survival at tau: a mean is never below that.

    Parameters
    ----------
    s : the curve
    tau : upper end; the last time when ``None``
    level : confidence level
    ci : kind of the page's intervals; with ``plain`` the limits are estimate -+ z se, as R's, and
        not kept in range

    >>> from services.statistics.steps import steps
    >>> r = rmst_of(steps(times.count(times.read([1, 2, 3], [1, 1, 0]))), 3.0, 0.95)
    >>> round(r.estimate, 6), round(r.se, 6)
    (2.0, 0.471405)
    """
    last = float(s.time[-1])
    end = last if tau is None else check_tau(tau)
    assert end is not None
    if end == 0:
        return Rmst(0.0, None, None, None, None, "every time is 0")
    if end > last * (1 + times.TIME_TOLERANCE) and s.survival[-1] > times.TIME_TOLERANCE:
        reason = times.ends_before(last, end, "tau = ")
        return Rmst(end, None, None, None, None, reason)
    inside = s.time < end
    time, survival = s.time[inside], s.survival[inside]
    n, d = s.at_risk[inside], s.events[inside]
    widths = np.diff(np.concatenate((time, [end])))
    areas = survival * widths
    estimate = float((time[0] if len(time) else end) + areas.sum())
    to_right = np.cumsum(areas[::-1])[::-1]
    left = n - d
    some = (left > 0) & (d > 0)
    terms = np.divide(d, n * left, out=np.zeros(len(n)), where=some)
    se = float(np.sqrt(np.sum(to_right**2 * terms)))
    if ci == "plain":
        z = distributions.quantile_z(level)
        return Rmst(end, estimate, se, estimate - z * se, estimate + z * se)
    lower, upper = _limits(estimate, se, end, s, level)
    return Rmst(end, estimate, se, lower, upper)


def _limits(
    mean: float, se: float, tau: float, s: Steps, level: float
) -> tuple[float | None, float | None]:
    """Limits within 0 and tau; none where all patients had the event at one time."""
    share = mean / tau
    if share >= 1 - times.TIME_TOLERANCE:
        reached = int(np.searchsorted(s.time, tau * (1 - times.TIME_TOLERANCE), side="left"))
        still = int(s.at_risk[reached]) if reached < len(s.time) else 0
        return (exact_at_end(1.0, still, level)[0] * tau, tau) if still else (None, None)
    if se == 0 or share <= 0:
        return None, None
    log_share = float(np.log(share))
    theta = distributions.quantile_z(level) * se / (mean * log_share)
    return tau * share ** float(np.exp(-theta)), tau * share ** float(np.exp(theta))


def difference(
    arm: Rmst, reference: Rmst, level: float = 0.95, ci: Interval = "log-log"
) -> RmstDifference:
    """RMST of the arm minus, and over, that of the reference.

    Limits of the difference are recovered from those of the two means (``mover``), so that they
    stay within tau either way; with ``plain`` they are normal. The ratio is log-normal by the
    delta method (Uno et al. 2014; R's ``survRM2``). ``p`` is that of the normal test of the
    difference, whatever the interval.

    >>> d = difference(Rmst(36, 30, 1, 27, 32), Rmst(36, 25, 1, 23, 27))
    >>> d.estimate, round(d.lower, 3), round(d.ratio.estimate, 3)
    (5, 1.394, 1.2)
    """
    z = distributions.quantile_z(level)
    for side in (arm, reference):
        if side.estimate is None or side.se is None:
            return RmstDifference(side.tau, None, None, None, None, None, side.reason)
    assert arm.estimate is not None
    assert arm.se is not None
    assert reference.estimate is not None
    assert reference.se is not None
    estimate = arm.estimate - reference.estimate
    se = float(np.hypot(arm.se, reference.se))
    if ci == "plain":
        limits = Estimate(estimate, estimate - z * se, estimate + z * se)
    else:
        own = (Estimate(side.estimate, side.lower, side.upper) for side in (arm, reference))
        limits = mover(*own)
    if se == 0:
        reason = "no events before tau in either arm: no standard error"
        lower, upper = (None, None) if ci == "plain" else (limits.lower, limits.upper)
        return RmstDifference(arm.tau, estimate, lower, upper, None, None, reason)
    ratio = _ratio(arm.estimate, arm.se, reference.estimate, reference.se, z)
    p = distributions.normal_p(estimate / se)
    return RmstDifference(arm.tau, estimate, limits.lower, limits.upper, p, ratio)


def _ratio(arm: float, arm_se: float, reference: float, reference_se: float, z: float) -> Estimate:
    if arm <= 0 or reference <= 0:
        return Estimate(None, None, None, "a restricted mean is 0")
    log_se = float(np.hypot(arm_se / arm, reference_se / reference))
    ratio = arm / reference
    return Estimate(ratio, ratio * float(np.exp(-z * log_se)), ratio * float(np.exp(z * log_se)))
