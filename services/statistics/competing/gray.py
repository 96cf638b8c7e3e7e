"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError
from services.statistics import distributions, inputs, times
from services.statistics.competing.causes import check_code, left, read
from services.statistics.results import NotEstimable, Test
from services.statistics.steps import NO_SUBJECTS
from services.statistics.times import Subjects


def gray_test(
    time: ArrayLike,
    cause: ArrayLike,
    group: ArrayLike,
    *,
    cause_of_interest: int = 1,
    strata: ArrayLike | None = None,
    rho: float = 0.0,
    cause_name: str = "",
) -> Test:
    """Gray's test that a cause has the same cumulative incidence in every group.

    Gray (1988), Annals of Statistics 16:1141-1154; ``Tests`` of cmprsk's ``cuminc``, its
    correction of the variance for ties included.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    cause : (n,) codes, 0 for censored
    group : (n,) two or more groups
    cause_of_interest : the code of the cause
    strata : (n,) codes; groups are compared within strata
    rho : power of 1 - F in the weights; 0 weighs all times alike, above 0 early ones more
    cause_name : how the cause is called in a reason

    Returns
    -------
    A chi-square with groups - 1 degrees of freedom.

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : one group, no event of the cause, or events only where one group is left

    >>> gray = gray_test(
    ...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 2, 0, 1, 1, 1, 2, 0], [0] * 4 + [1] * 4)
    >>> round(gray.chi2, 4), gray.df, round(gray.p, 4)
    (0.0192, 1, 0.8898)
    """
    check_code(cause_of_interest)
    if not np.isfinite(rho):
        raise UserError(f"{rho} is not a weight.", "Use 0 for equal weights.")
    subjects, found = read(time, cause)
    groups, levels = inputs.codes(group, "group")
    inputs.same_length(subjects.n, group=groups)
    stratum = inputs.strata_codes(strata, subjects.n)
    interest = found == cause_of_interest
    if len(levels) < 2:
        raise NotEstimable(NO_SUBJECTS if not levels else "only one group")
    if not interest.any():
        raise NotEstimable(f"0 events of {cause_name or f'cause {cause_of_interest}'}")
    score = np.zeros(len(levels))
    variance = np.zeros((len(levels), len(levels)))
    parts = np.zeros(subjects.n, dtype=np.int64) if stratum is None else stratum
    for part in np.unique(parts):
        rows = parts == part
        u, v = _gray_score(subjects.take(rows), interest[rows], groups[rows], len(levels), rho)
        score, variance = score + u, variance + v
    # The scores add to 0, so the last one says nothing more.
    u, v = score[:-1], variance[:-1, :-1]
    # The correction for ties can even turn a variance below 0 when hardly anyone is left.
    if np.linalg.eigvalsh(v).min() <= 1e-9 * interest.sum():
        raise NotEstimable("too few events while more than one group is at risk")
    chi2 = float(u @ np.linalg.solve(v, u))
    name = "Gray, stratified" if stratum is not None else "Gray"
    return Test(chi2, len(u), distributions.chi2_p(chi2, len(u)), name)


def _gray_score(
    subjects: Subjects, interest: BoolArray, group: IntArray, groups: int, rho: float
) -> tuple[FloatArray, FloatArray]:
    """Score (groups,) and its variance (groups, groups) within one stratum.

    In the paper's terms, at every time: h = n / S(t-), the adjusted risk set R = h (1 - F(t-)),
    the pooled F from sum d / sum h, weights L = (1 - F)^rho.
    """
    every = times.count(subjects, group, groups)
    own = times.count(Subjects(subjects.clock, subjects.index, interest), group, groups)
    n, d = every.at_risk.astype(np.float64), own.events
    other = every.events - d
    present = n > 0
    hazard = np.divide(every.events, n, out=np.zeros_like(n), where=present)
    after = np.cumprod(1 - hazard, axis=1)
    before = left(after)
    jump = np.divide(before * d, n, out=np.zeros_like(n), where=present)
    incidence = np.cumsum(jump, axis=1)
    h = np.divide(n, before, out=np.zeros_like(n), where=present)
    risk = h * (1 - (incidence - jump))
    total, deaths = h.sum(axis=0), d.sum(axis=0)
    pooled = np.cumsum(deaths / total)
    # Rounding may leave -1e-17 where everyone had the event.
    still = np.maximum(1 - (pooled - deaths / total), 0.0)
    weight = np.power(still, rho, out=np.zeros_like(still), where=still > 0)
    score = (weight * (d - deaths * risk / risk.sum(axis=0))).sum(axis=1)

    # a: weight of one group's process in another's score; c: its running integral.
    a = -weight * h[:, None] * h[None] / total
    a[np.arange(groups), np.arange(groups)] += weight * h
    rate = np.divide(deaths / total, still, out=np.zeros_like(still), where=still > 0)
    c = np.cumsum(a * rate, axis=2)
    rest = c[:, :, -1:] - c
    share = np.divide(1 - pooled, after, out=np.zeros_like(after), where=after > 0)
    # Variance of the cause's own jumps, then of the others' (second integral of the paper).
    size = total * before
    tied = (deaths > 1) & present
    shrink = 1 - np.divide(deaths - 1, size - 1, out=np.zeros_like(n), where=tied)
    spread = shrink * np.divide(deaths, total * h, out=np.zeros_like(n), where=present)
    reach = a + (1 - share) * rest
    variance = np.einsum("ikt,jkt,kt->ij", reach, reach, spread)
    tied = other > 1
    shrink = 1 - np.divide(other - 1, n - 1, out=np.zeros_like(n), where=tied)
    spread = shrink * other * np.divide(before, n, out=np.zeros_like(n), where=present) ** 2
    reach = share * rest
    return score, variance + np.einsum("ikt,jkt,kt->ij", reach, reach, spread)
