"""The partial likelihood with Efron's rule for ties, on counts.

With d deaths at one time, Efron (1977, JASA 72:557-565) lets them leave one after the other,
each of those at risk dying leaving by the share of d:

    log L = sum over deaths of eta - sum over times, k = 0 .. d - 1 of
            log( sum at risk of exp(eta) - k/d * sum of those dying of exp(eta) )

Subjects of equal covariates (a *cell*: an arm, or an arm within a level) enter by their number
alone: each inner sum is a sum over cells of a[cell] * exp(eta[cell]) with
a = at risk - k/d * dying. One row of ``a`` per death is all that any fit needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.arrays import FloatArray, IntArray
from services.statistics.times import Counts

_MAX_STEPS = 60
_STEP = 2.0


@dataclass(frozen=True, eq=False)
class Rows:
    """One row per death: ``at_risk`` (cells, rows) after Efron's rule.

    ``source`` (rows,) is the row of the counts each comes from.
    """

    at_risk: FloatArray
    source: IntArray


def rows(counts: Counts) -> Rows:
    """Spread the counts to one row per death.

    >>> from services.statistics import times
    >>> c = times.count(times.read([1, 1, 2], [1, 1, 1]))
    >>> rows(c).at_risk
    array([[3., 2., 1.]])
    """
    dying = counts.events.sum(axis=0)
    source = np.repeat(np.arange(len(dying)), dying)
    at_risk = counts.at_risk[:, source].astype(np.float64)
    if len(dying) and dying.max() > 1:
        first = np.cumsum(dying) - dying
        share = (np.arange(len(source)) - first[source]) / dying[source]
        at_risk -= share * counts.events[:, source]
    return Rows(at_risk, source)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Fits of two groups, one per segment: everything (segments,)."""

    beta: FloatArray
    information: FloatArray
    log_likelihood: FloatArray
    log_likelihood_null: FloatArray
    score_null: FloatArray
    information_null: FloatArray


def fit_pairs(
    a0: FloatArray, a1: FloatArray, deaths: FloatArray, segment: IntArray | None = None
) -> Pairs:
    """Log hazard ratio of the second group over the first, for many data sets at once.

    Newton's method on each segment's score, kept inside the bracket its sign gives (the score
    falls in beta), so it cannot run away.

    Parameters
    ----------
    a0, a1 : (rows,) those at risk of either group, after Efron's rule; both above 0
    deaths : (segments,) deaths of the second group over these rows
    segment : (rows,) codes of the data set each row belongs to; one when left out

    >>> fit = fit_pairs(np.array([2.0, 1.0]), np.array([2.0, 2.0]), np.array([1.0]))
    >>> round(float(fit.beta[0]), 6)
    -0.346574
    """
    k = len(deaths)

    def total(values: FloatArray) -> FloatArray:
        if segment is None:
            return np.array([values.sum()])
        return np.bincount(segment, weights=values, minlength=k).astype(np.float64, copy=False)

    beta = np.zeros(k)
    low, high = np.full(k, -np.inf), np.full(k, np.inf)
    share = a1 / (a0 + a1)
    score = deaths - total(share)
    information = total(share * (1 - share))
    score_null, information_null = score, information
    for _ in range(_MAX_STEPS):
        low = np.where(score > 0, beta, low)
        high = np.where(score < 0, beta, high)
        step = np.clip(score / np.maximum(information, 1e-300), -_STEP, _STEP)
        new = beta + step
        outside = (new <= low) | (new >= high)
        if outside.any():
            middle = np.where(np.isfinite(low) & np.isfinite(high), (low + high) / 2, new)
            new = np.where(outside & (step != 0), middle, new)
        step, beta = new - beta, new
        ratio = np.exp(beta)
        scaled = a1 * (ratio[0] if segment is None else ratio[segment])
        share = scaled / (a0 + scaled)
        score = deaths - total(share)
        information = total(share * (1 - share))
        # Newton squares the error: after a step of 1e-8 it is below the rounding of beta.
        if np.abs(step).max() < 1e-8:
            break
    log_likelihood = deaths * beta - total(np.log(a0 + scaled))
    return Pairs(
        beta,
        information,
        log_likelihood,
        -total(np.log(a0 + a1)),
        score_null,
        information_null,
    )


def _known(information: FloatArray) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
    """Which directions the data can tell: flags of the scaled eigenvectors, these, the scale."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    if not len(scale):
        return np.zeros(0, dtype=bool), np.zeros((0, 0)), scale
    eigenvalues, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    known = eigenvalues > 1e-9 * max(float(eigenvalues[-1]), 1e-300)
    known &= float(np.max(np.diag(information))) > 0
    return known, vectors, scale


def rank_of(at_risk: FloatArray, design: FloatArray) -> int:
    """How many coefficients of a design the data can tell; arguments as :func:`fit_cells`."""
    share = at_risk / at_risk.sum(axis=1)[:, None]
    spread = np.diag(share.sum(axis=0)) - share.T @ share
    return int(_known(design.T @ spread @ design)[0].sum())


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit of q coefficients: the log-likelihood reached."""

    beta: FloatArray
    log_likelihood: float


def fit_cells(at_risk: FloatArray, deaths: IntArray, design: FloatArray) -> Fit:
    """Maximize the likelihood of cells under a design, for its log-likelihood.

    Used for likelihood-ratio tests: a coefficient that runs to infinity (a cell without deaths)
    leaves the log-likelihood at its limit, and one the data cannot tell from the others does
    not count.

    Parameters
    ----------
    at_risk : (rows, cells) after Efron's rule
    deaths : (cells,) number of deaths
    design : (cells, q)

    >>> a = np.array([[2.0, 2.0], [1.0, 2.0]])
    >>> round(fit_cells(a, np.array([1, 1]), np.array([[0.0], [1.0]])).log_likelihood, 4)
    -2.4559
    """
    q = design.shape[1]

    def state(beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        eta = design @ beta
        weight = np.exp(eta)
        sums = at_risk @ weight
        share = at_risk * weight
        share /= sums[:, None]
        mean = share.sum(axis=0)
        spread = np.diag(mean) - share.T @ share
        value = float(deaths @ eta) - float(np.log(sums).sum())
        return value, design.T @ (deaths - mean), design.T @ spread @ design

    beta = np.zeros(q)
    value, score, information = state(beta)
    known, vectors, scale = _known(information)
    rank = int(known.sum())
    if rank == 0:
        return Fit(beta, value)
    if rank < q:
        # Move only in the directions the data can tell.
        basis = vectors[:, known] / scale[:, None]
        # What says nothing by itself is scaled from rounding errors alone.
        basis[np.diag(information) <= 1e-14 * np.diag(information).max()] = 0.0
        inner = fit_cells(at_risk, deaths, design @ basis)
        return Fit(basis @ inner.beta, inner.log_likelihood)
    for _ in range(_MAX_STEPS):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break  # flat: a coefficient has run so far that the likelihood is at its limit
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-300))
        for _halving in range(30):
            new = state(beta + step)
            if new[0] >= value - 1e-12 * abs(value):
                break
            step /= 2
        gain = float(score @ step)
        beta = beta + step
        value, score, information = new
        # The gain left is of the order of this one squared, or, for a coefficient on its way
        # to infinity, of its own size.
        if abs(gain) < 1e-10:
            break
    return Fit(beta, value)
