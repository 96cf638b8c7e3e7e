"""The few estimators the search needs, quick enough to be called 100 000 times.

They are the generator's own. The app's engine (``services/survival.py``) and R judge the result
in the tests. Times are whole days, so ties are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

DAYS_PER_MONTH = 30.4375
Z95 = 1.959963984540054


def _counts(time: Ints, event: Bools) -> tuple[Ints, Ints, Ints]:
    """Distinct event times, how many are at risk there (T >= t) and how many have the event."""
    at, d = np.unique(time[event], return_counts=True)
    n = time.size - np.searchsorted(np.sort(time), at, side="left")
    return at, n.astype(np.int64), d.astype(np.int64)


def survival_at(time: Ints, event: Bools, months: float) -> tuple[float, float]:
    """Kaplan-Meier estimate and the Greenwood variance of its logarithm at ``months``."""
    at, n, d = _counts(time, event)
    k = int(np.searchsorted(at, months * DAYS_PER_MONTH, side="right"))
    n, d = n[:k], d[:k]
    with np.errstate(divide="ignore"):
        return float(np.prod(1 - d / n)), float(np.sum(d / (n * (n - d))))


def percent_at(time: Ints, event: Bools, months: float) -> Callable[[Bools], float]:
    """``survival_at`` in percent, of the patients of a mask."""
    return lambda mine: 100 * survival_at(time[mine], event[mine], months)[0]


def median_follow_up(time: Ints, event: Bools) -> tuple[float, float, float]:
    """Median follow-up in months by the reverse Kaplan-Meier method, with log-log limits.

    Limits are the first times at which the log-log band reaches one half (Brookmeyer-Crowley);
    NaN when it never does.
    """
    at, n, d = _counts(time, ~event)
    s = np.cumprod(1 - d / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(np.cumsum(d / (n * (n - d)))) / np.log(s)
        low, high = s ** np.exp(-Z95 * se), s ** np.exp(Z95 * se)
    out = []
    for band in (s, np.minimum(low, high), np.maximum(low, high)):
        hit = np.flatnonzero(band <= 0.5 + 1e-8)
        out.append(float(at[hit[0]]) / DAYS_PER_MONTH if hit.size else math.nan)
    return out[0], out[1], out[2]


@dataclass(frozen=True)
class Hazard:
    """A Cox hazard ratio with its 95% Wald interval and p."""

    ratio: float
    lower: float
    upper: float
    p: float


def hazard_ratio(time: Ints, event: Bools, arm: Ints) -> Hazard:
    """Cox regression on one 0/1 covariate with Efron's ties, by Newton's method."""
    at = np.unique(time[event])
    sides = []
    for side in (1, 0):
        t = np.sort(time[arm == side])
        e = np.sort(time[(arm == side) & event])
        n = t.size - np.searchsorted(t, at, side="left")
        d = np.searchsorted(e, at, side="right") - np.searchsorted(e, at, side="left")
        sides.append((n.astype(float), d.astype(float)))
    (n1, d1), (n0, d0) = sides
    total = d1 + d0
    if d1.sum() == 0 or d0.sum() == 0:
        return Hazard(math.nan, math.nan, math.nan, math.nan)
    row = np.repeat(np.arange(at.size), total.astype(int))
    rank = np.arange(row.size) - np.searchsorted(row, row, side="left")
    share = rank / total[row]
    a, b = n1[row] - share * d1[row], n0[row] - share * d0[row]
    beta = math.log(d1.sum() / d0.sum())
    info = 1.0
    for _ in range(50):
        p = a * math.exp(beta) / (a * math.exp(beta) + b)
        info = float(np.sum(p * (1 - p)))
        step = (float(d1.sum()) - float(np.sum(p))) / info
        beta += min(max(step, -2.0), 2.0)
        if abs(step) < 1e-11:
            break
    se = 1 / math.sqrt(info)
    return Hazard(
        math.exp(beta),
        math.exp(beta - Z95 * se),
        math.exp(beta + Z95 * se),
        math.erfc(abs(beta) / se / math.sqrt(2)),
    )


def cox_log_likelihood(time: Ints, event: Bools, x: Floats) -> float:
    """Maximized Efron log partial likelihood of a Cox model with the columns of ``x``.

    A coefficient that runs away (no event in a cell) stops at the flat end of its likelihood.
    """
    order = np.argsort(-time, kind="stable")
    t, e, z = time[order], event[order], x[order]
    at, d = np.unique(t[e], return_counts=True)
    ends = np.searchsorted(-t, -at, side="right") - 1
    row = np.repeat(np.arange(at.size), d)
    share = (np.arange(row.size) - np.searchsorted(row, row, side="left")) / d[row]
    # only where several die at once does Efron's share take something off
    many = np.flatnonzero(d > 1)
    dead = ((t == at[many, None]) & e).astype(float)
    rows = np.searchsorted(many, row)
    rows[d[row] == 1] = many.size
    p = z.shape[1]
    beta, old, best = np.zeros(p), -math.inf, -math.inf
    outer = z[:, :, None] * z[:, None, :]
    for _ in range(60):
        w = np.exp(z @ beta)
        wz, wzz = w[:, None] * z, w[:, None, None] * outer
        tied = [np.tensordot(dead, x, axes=1) for x in (w, wz, wzz)]
        # the last row of zeros is for the times of one death
        t0, t1, t2 = (np.concatenate([x, np.zeros((1, *x.shape[1:]))])[rows] for x in tied)
        s0 = np.cumsum(w)[ends][row] - share * t0
        s1 = np.cumsum(wz, axis=0)[ends][row] - share[:, None] * t1
        s2 = np.cumsum(wzz, axis=0)[ends][row] - share[:, None, None] * t2
        value = float(np.sum((z @ beta)[e]) - np.sum(np.log(s0)))
        best = max(best, value)
        if abs(value - old) < 1e-9:
            break
        old = value
        mean = s1 / s0[:, None]
        score = z[e].sum(axis=0) - mean.sum(axis=0)
        info = (s2 / s0[:, None, None] - mean[:, :, None] * mean[:, None, :]).sum(axis=0)
        step = np.linalg.solve(info + 1e-9 * np.eye(p), score)
        beta = np.clip(beta + np.clip(step, -1.5, 1.5), -20, 20)
    return best


def interaction_p(time: Ints, event: Bools, arm: Ints, level: list[str]) -> float:
    """Likelihood-ratio test of arm by level; subjects with a blank level are left out."""
    keep = np.array([v != "" for v in level])
    names = sorted({v for v in level if v})
    marks = np.array([[float(v == name) for name in names[1:]] for v in level])[keep]
    t, e, a = time[keep], event[keep], arm[keep].astype(float)[:, None]
    main, both = np.hstack([a, marks]), np.hstack([a, marks, a * marks])
    # a level that is in one arm only says nothing about the interaction, as in R's coxph
    ranks = [int(np.linalg.matrix_rank(x - x.mean(axis=0))) for x in (main, both)]
    chi2 = 2 * (cox_log_likelihood(t, e, both) - cox_log_likelihood(t, e, main))
    return float(chdtrc(ranks[1] - ranks[0], max(chi2, 0.0)))


def cumulative_incidence(time: Ints, status: Ints, months: float) -> float:
    """Aalen-Johansen incidence of status 1 at ``months``; 2 competes, 0 is censored."""
    at, n, d = _counts(time, status > 0)
    mine = np.sort(time[status == 1])
    first = np.searchsorted(mine, at, side="right") - np.searchsorted(mine, at, side="left")
    before = np.concatenate([[1.0], np.cumprod(1 - d / n)[:-1]]) if at.size else np.zeros(0)
    return float(np.sum((before * first / n)[at <= months * DAYS_PER_MONTH]))


def median(time: Ints, event: Bools) -> float:
    """Kaplan-Meier median in months, by the rule of R's ``quantile``; NaN when never reached.

    Where S is one half over a stretch, the middle of the stretch.
    """
    at, n, d = _counts(time, event)
    s = np.cumprod(1 - d / n)
    hit = np.flatnonzero(s <= 0.5 + 1e-8)
    if not hit.size:
        return math.nan
    first = last = float(at[hit[0]])
    if s[hit[0]] >= 0.5 - 1e-8 and hit.size > 1:
        last = float(at[hit[1]])
    return (first + last) / 2 / DAYS_PER_MONTH


def log_rank_p(time: Ints, event: Bools, arm: Ints) -> float:
    """Two-sided p of the log-rank test of arm 1 against arm 0, hypergeometric variance."""
    at, n, d = _counts(time, event)
    t, e = np.sort(time[arm == 1]), np.sort(time[(arm == 1) & event])
    n1 = t.size - np.searchsorted(t, at, side="left")
    d1 = np.searchsorted(e, at, side="right") - np.searchsorted(e, at, side="left")
    share = n1 / n
    excess = float(np.sum(d1 - d * share))
    variance = float(np.sum(d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)))
    return math.erfc(abs(excess) / math.sqrt(2 * variance)) if variance > 0 else math.nan
