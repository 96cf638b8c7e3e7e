"""Restricted mean survival time: the area under the curve up to a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services import times
from services.errors import UserError
from services.records import Estimate, Rmst, RmstDifference

if TYPE_CHECKING:
    from services.steps import Steps


def check_tau(tau: float | None) -> float | None:
    """The end of the restricted mean as a float; a ``UserError`` when it is not a time."""
    if tau is None:
        return None
    if not np.isfinite(tau) or tau <= 0:
        raise UserError(f"{tau} is not an end of the restricted mean.", "Give a time above 0.")
    return float(tau)


def rmst_of(s: Steps, tau: float | None, level: float) -> Rmst:
    """Restricted mean survival time of one curve, with its standard error.

    The variance is the sum over event times of (area to the right, up to tau) squared times
    d / (n (n - d)), the term of n = d being 0 (Klein and Moeschberger 2003, 4.5.3; R's
    ``print(survfit, rmean = tau)``).

    Parameters
    ----------
    s : the curve
    tau : upper end; the last time when ``None``
    level : confidence level of the normal interval

    Examples
    --------
    >>> from services.steps import steps
    >>> r = rmst_of(steps(times.count(times.read([1, 2, 3], [1, 1, 0]))), 3.0, 0.95)
    >>> round(r.estimate, 6), round(r.se, 6)
    (2.0, 0.471405)
    """
    z = times.quantile_z(level)
    last = float(s.time[-1])
    end = last if tau is None else check_tau(tau)
    assert end is not None
    if end == 0:
        return Rmst(0.0, None, None, None, None, "every time is 0")
    if end > last * (1 + times.TIME_TOLERANCE) and s.survival[-1] > times.TIME_TOLERANCE:
        reason = f"follow-up ends at {last:.6g}, before tau = {end:.6g}"
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
    return Rmst(end, estimate, se, estimate - z * se, estimate + z * se)


def difference(arm: Rmst, reference: Rmst, level: float = 0.95) -> RmstDifference:
    """RMST of the arm minus, and over, that of the reference.

    The difference is normal; the ratio is log-normal by the delta method (Uno et al. 2014; R's
    ``survRM2``). ``p`` is that of the difference.

    Examples
    --------
    >>> d = difference(Rmst(36, 30, 1, 28, 32), Rmst(36, 25, 1, 23, 27))
    >>> d.estimate, round(d.lower, 3), round(d.ratio.estimate, 3)
    (5, 2.228, 1.2)
    """
    z = times.quantile_z(level)
    for side in (arm, reference):
        if side.estimate is None or side.se is None:
            return RmstDifference(side.tau, None, None, None, None, None, side.reason)
    assert arm.estimate is not None
    assert arm.se is not None
    assert reference.estimate is not None
    assert reference.se is not None
    estimate = arm.estimate - reference.estimate
    se = float(np.hypot(arm.se, reference.se))
    if se == 0:
        reason = "no events before tau in either arm: no standard error"
        return RmstDifference(arm.tau, estimate, None, None, None, None, reason)
    ratio = _ratio(arm.estimate, arm.se, reference.estimate, reference.se, z)
    return RmstDifference(
        arm.tau,
        estimate,
        estimate - z * se,
        estimate + z * se,
        times.normal_p(estimate / se),
        ratio,
    )


def _ratio(arm: float, arm_se: float, reference: float, reference_se: float, z: float) -> Estimate:
    if arm <= 0 or reference <= 0:
        return Estimate(None, None, None, "a restricted mean is 0")
    log_se = float(np.hypot(arm_se / arm, reference_se / reference))
    ratio = arm / reference
    return Estimate(ratio, ratio * float(np.exp(-z * log_se)), ratio * float(np.exp(z * log_se)))
