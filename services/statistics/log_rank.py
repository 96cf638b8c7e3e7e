"""Log-rank tests: k samples, strata, Fleming-Harrington weights and their maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.statistics import distributions, inputs, times
from services.statistics.results import NotEstimable, Test
from services.statistics.times import Counts, Subjects

MAX_COMBO_WEIGHTS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


def _survival_before(counts: Counts) -> FloatArray:
    """Pooled Kaplan-Meier of each stratum just before each row's time."""
    n, d = counts.at_risk.sum(axis=0), counts.events.sum(axis=0)
    keep = 1.0 - d / np.maximum(n, 1)
    first = np.concatenate(([True], counts.stratum[1:] != counts.stratum[:-1]))
    if first.sum() == 1:
        return np.concatenate(([1.0], np.cumprod(keep)[:-1]))
    before = np.empty(len(keep))
    starts = np.flatnonzero(first)
    for start, end in zip(starts, np.append(starts[1:], len(keep)), strict=True):
        before[start] = 1.0
        np.cumprod(keep[start : end - 1], out=before[start + 1 : end])
    return before


def _weights(counts: Counts, rho: float, gamma: float) -> FloatArray | None:
    for name, value in (("rho", rho), ("gamma", gamma)):
        if not np.isfinite(value) or value < 0:
            raise UserError(f"{name} is {value}.", "Fleming-Harrington weights need 0 or more.")
    if rho == 0 and gamma == 0:
        return None
    before = np.clip(_survival_before(counts), 0.0, 1.0)
    return before**rho * (1 - before) ** gamma


def _excess(
    counts: Counts, weights: FloatArray | None, squares: FloatArray | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted observed - expected (k,), its hypergeometric variance (k, k), expected (k,)."""
    n = counts.at_risk.sum(axis=0)
    d = counts.events.sum(axis=0)
    share = counts.at_risk / n
    expected = share * d
    excess = counts.events - expected
    factor = d * (n - d) / np.maximum(n - 1, 1)
    if weights is not None:
        excess = excess * weights
    if squares is not None:
        factor = factor * squares
    mixed = (share * factor) @ share.T
    variance = np.diag((share * factor).sum(axis=1)) - mixed
    return excess.sum(axis=1), variance, expected.sum(axis=1)


def log_rank_of(
    subjects: Subjects,
    group: IntArray,
    groups: int,
    *,
    strata: IntArray | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> Test:
    """:func:`log_rank` for checked subjects and codes 0 .. groups - 1."""
    if groups < 2:
        raise NotEstimable("fewer than two groups")
    counts = times.count(subjects, group, groups, strata)
    if not counts.events.any():
        raise NotEstimable("0 events")
    weights = _weights(counts, rho, gamma)
    dying = counts.events.sum(axis=0) > 0
    if weights is not None:
        weights = weights[dying]
    counts = counts.at(dying)
    excess, variance, expected = _excess(counts, weights, None if weights is None else weights**2)
    # A group never at risk at an event has nothing to compare; R leaves it out as well.
    used = expected > 0
    excess, variance = excess[used], variance[np.ix_(used, used)]
    if len(excess) < 2:
        raise NotEstimable("no event while two groups are at risk")
    name = "log-rank" if weights is None else f"Fleming-Harrington ({rho:g}, {gamma:g})"
    if strata is not None:
        name = "stratified " + name
    return _test(excess[1:], variance[1:, 1:], name)


def _test(score: FloatArray, variance: FloatArray, name: str) -> Test:
    """Quadratic form of a score in the (generalized) inverse of its variance."""
    if len(score) == 1:
        v = float(variance[0, 0])
        if v <= 0:
            raise NotEstimable("the variance of the test is 0")
        chi2, df = float(score[0]) ** 2 / v, 1
    else:
        scale = np.sqrt(np.maximum(np.diag(variance), 1e-300))
        values, vectors = np.linalg.eigh(variance / np.outer(scale, scale))
        known = values > 1e-10 * max(float(values[-1]), 1e-300)
        known &= float(np.diag(variance).max()) > 0
        df = int(known.sum())
        if df == 0:
            raise NotEstimable("the variance of the test is 0")
        if df == len(score):
            chi2 = float(score @ np.linalg.solve(variance, score))
        else:
            projected = vectors[:, known].T @ (score / scale)
            chi2 = float(np.sum(projected**2 / values[known]))
    return Test(chi2, df, distributions.chi2_p(chi2, df), name)


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> Test:
    """k-sample log-rank test, stratified and weighted if asked.

    Sums over event times of observed - expected and of its hypergeometric variance, added over
    strata (Mantel 1966; R's ``survdiff``). Fleming-Harrington weights are S(t-)^rho
    (1 - S(t-))^gamma of the pooled curve of the stratum just before the event, so an event at
    time 0 has weight 1 or 0 and does no harm.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true for an event
    group : (n,) arm or level of each subject
    strata : (n,) codes
    rho, gamma : 0, 0 is the log-rank test; 1, 0 weighs early, 0, 1 late events

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : no events, one group, or never two groups at risk at an event

    >>> t = log_rank([1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], list("aaaabbbb"))
    >>> round(t.chi2, 4), t.df, round(t.p, 4)
    (0.0784, 1, 0.7794)
    """
    subjects = times.read(time, event)
    found, levels = inputs.codes(group, "group")
    inputs.same_length(subjects.n, group=found)
    return log_rank_of(
        subjects,
        found,
        len(levels),
        strata=inputs.strata_codes(strata, subjects.n),
        rho=rho,
        gamma=gamma,
    )


@dataclass(frozen=True)
class MaxCombo:
    """The largest of several weighted log-rank tests of two groups.

    ``statistics`` holds each test's standardized score, in the order of ``weights``; positive
    when the second group has more events than expected. ``p`` is two-sided and accounts for
    the choice.
    """

    weights: tuple[tuple[float, float], ...]
    statistics: tuple[float, ...]
    largest: int
    p: float
    name: str = "max-combo"


def max_combo(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    weights: Sequence[tuple[float, float]] = MAX_COMBO_WEIGHTS,
) -> MaxCombo:
    """Maximum of Fleming-Harrington tests of two groups: a sensitivity analysis.

    The scores are jointly normal with covariance the sum of w1 w2 times the hypergeometric
    variance (Karrison 2016; Lin et al. 2020); ``p`` is the chance that the largest of them
    exceeds the largest seen.

    >>> m = max_combo([1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], list("aaaabbbb"))
    >>> [round(z, 3) for z in m.statistics]
    [-0.28, -0.188, -0.288, 0.084]
    >>> round(m.p, 3)
    0.957
    """
    subjects = times.read(time, event)
    found, levels = inputs.codes(group, "group")
    inputs.same_length(subjects.n, group=found)
    if len(levels) != 2:
        raise NotEstimable(f"max-combo compares 2 groups, not {len(levels)}")
    if not weights:
        raise UserError("max-combo needs at least one pair of weights.")
    counts = times.count(subjects, found, 2, inputs.strata_codes(strata, subjects.n))
    if not counts.events.any():
        raise NotEstimable("0 events")
    kinds = [_weights(counts, rho, gamma) for rho, gamma in weights]
    dying = counts.events.sum(axis=0) > 0
    rows = counts.at(dying)
    n, d = rows.at_risk.sum(axis=0), rows.events.sum(axis=0)
    share = rows.at_risk[1] / n
    excess = rows.events[1] - share * d
    factor = share * (1 - share) * d * (n - d) / np.maximum(n - 1, 1)
    table = np.array([np.ones(len(n)) if w is None else w[dying] for w in kinds])
    covariance = (table * factor) @ table.T
    spread = np.sqrt(np.diag(covariance))
    if (spread <= 0).any():
        raise NotEstimable("the variance of a weighted test is 0")
    z = (table @ excess) / spread
    largest = int(np.argmax(np.abs(z)))
    p = _two_sided(float(np.abs(z[largest])), covariance / np.outer(spread, spread))
    return MaxCombo(tuple((float(r), float(g)) for r, g in weights), tuple(z.tolist()), largest, p)


def _two_sided(bound: float, correlation: FloatArray) -> float:
    """Chance that any of these correlated normals exceeds the bound in size.

    They are L u with u standard normal in as many dimensions r as the correlation has: for the
    usual four weights 3, as (0, 0) is the sum of (1, 0) and (0, 1). In a direction w of u the
    largest grows by max |L w| per unit of length, and the length is chi-distributed, so the
    chance is the mean over directions of a chi-square tail: exact in the tail, where p is small.
    """
    from scipy.special import chdtrc

    values, vectors = np.linalg.eigh(correlation)
    kept = values > 1e-10 * values[-1]
    root = vectors[:, kept] * np.sqrt(values[kept])
    directions, weights = _directions(root.shape[1])
    reach = np.abs(root @ directions).max(axis=0)
    return float(weights @ chdtrc(root.shape[1], (bound / reach) ** 2))


@lru_cache(2)
def _directions(r: int) -> tuple[FloatArray, FloatArray]:
    """Half of the unit sphere as points (r, m) with weights (m,) that add to 1; not to be changed.

    Kept: those of the usual weights take longer to find than all else that a page shows.
    """
    if r == 1:
        return np.ones((1, 1)), np.ones(1)
    if r == 2:
        angle = np.pi * (np.arange(20_000) + 0.5) / 20_000
        return np.array([np.cos(angle), np.sin(angle)]), np.full(20_000, 1 / 20_000)
    if r == 3:
        nodes, share = np.polynomial.legendre.leggauss(256)
        height = (nodes + 1) / 2
        angle = 2 * np.pi * (np.arange(512) + 0.5) / 512
        flat = np.sqrt(1 - height**2)[:, None]
        points = np.array(
            [flat * np.cos(angle), flat * np.sin(angle), np.repeat(height[:, None], 512, axis=1)]
        )
        return points.reshape(3, -1), np.repeat(share / 2, 512) / 512
    # More dimensions than the usual weights have: directions at random, always the same ones.
    points = np.random.default_rng(0).standard_normal((r, 400_000))
    return points / np.linalg.norm(points, axis=0), np.full(400_000, 1 / 400_000)
