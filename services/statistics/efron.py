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
            between = np.isfinite(low) & np.isfinite(high)
            middle = (np.where(between, low, new) + np.where(between, high, new)) / 2
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


def _directions(information: FloatArray) -> tuple[FloatArray, IntArray]:
    """What the data can tell of q coefficients: directions (fits, q, q) and how many (fits,).

    The columns of ``directions`` that the data cannot tell are 0. They are the coefficients
    themselves, unless some are told apart only together.
    """
    diagonal = np.diagonal(information, axis1=1, axis2=2)
    # What says nothing by itself would be scaled from rounding errors alone.
    alone = diagonal > 1e-12 * diagonal.max(axis=1, initial=1.0, keepdims=True)
    scale = np.sqrt(np.where(alone, diagonal, np.inf))
    values, vectors = np.linalg.eigh(information / (scale[:, :, None] * scale[:, None, :]))
    known = values > 1e-9 * np.maximum(values[:, -1:], 1e-300)
    rank = known.sum(axis=1)
    apart = rank == alone.sum(axis=1)
    own = np.eye(information.shape[1]) * alone[:, None, :]
    mixed = vectors * known[:, None, :] / scale[:, :, None]
    return np.where(apart[:, None, None], own, mixed), rank


def ranks_of(at_risk: FloatArray, design: FloatArray) -> IntArray:
    """How many coefficients the data can tell (fits,); arguments as :func:`fit_cells`."""
    equal = np.ones(design.shape[:2])
    return _directions(_spread(at_risk, _filling(at_risk), equal, design)[2])[1]


def _filling(at_risk: FloatArray) -> FloatArray:
    """1 (fits, rows) for a row that only fills, else 0."""
    return np.where(at_risk.any(axis=1), 0.0, 1.0)


def _spread(
    at_risk: FloatArray, filling: FloatArray, weight: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum of those at risk (fits, rows), mean deaths of each cell, information of the design.

    Parameters
    ----------
    weight : (fits, cells) hazard of each cell
    """
    sums = (weight[:, None, :] @ at_risk)[:, 0] + filling
    share = at_risk / sums[:, None, :]
    mean = weight * share.sum(axis=2)
    spread = -(share @ share.transpose(0, 2, 1)) * weight[:, :, None] * weight[:, None, :]
    diagonal = np.arange(weight.shape[1])
    spread[:, diagonal, diagonal] += mean
    return sums, mean, design.transpose(0, 2, 1) @ spread @ design


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits of q coefficients (fits, q), and the log-likelihoods (fits,) that they reach."""

    beta: FloatArray
    log_likelihood: FloatArray


def fit_cells(at_risk: FloatArray, deaths: IntArray, design: FloatArray) -> Fits:
    """Maximize the likelihood of cells under a design, for many data sets at once.

    Used for likelihood-ratio tests: a coefficient that runs to infinity (a cell without deaths)
    leaves the log-likelihood at its limit, and one the data cannot tell from the others does
    not count. Nor does a row, a cell or a coefficient of zeros: they fill the smaller sets.

    Parameters
    ----------
    at_risk : (fits, cells, rows) after Efron's rule
    deaths : (fits, cells) number of deaths
    design : (fits, cells, q)

    >>> a = np.array([[[2.0, 1.0], [2.0, 2.0]]])
    >>> fit_cells(a, np.array([[1, 1]]), np.array([[[0.0], [1.0]]])).log_likelihood.round(4)
    array([-2.4559])
    """
    filling = _filling(at_risk)
    directions = _directions(_spread(at_risk, filling, np.ones(deaths.shape), design)[2])[0]
    # Move only in the directions the data can tell.
    design = design @ directions
    unit = np.eye(design.shape[2])
    idle = np.where(directions.any(axis=1, keepdims=True), 0.0, unit)

    def state(beta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        eta = _times(design, beta)
        sums, mean, information = _spread(at_risk, filling, np.exp(eta), design)
        value = (deaths * eta).sum(axis=1) - np.log(sums).sum(axis=1)
        return value, _times(design.transpose(0, 2, 1), deaths - mean), information + idle

    beta = np.zeros((len(design), len(unit)))
    value, score, information = state(beta)
    moving = np.ones(len(beta), dtype=np.bool_)
    for _ in range(_MAX_STEPS):
        # Flat: a coefficient has run so far that the likelihood is at its limit.
        moving &= np.linalg.slogdet(information)[0] != 0
        if not moving.any():
            break
        slope = np.where(moving[:, None, None], information, unit)
        step = np.linalg.solve(slope, np.where(moving[:, None], score, 0.0)[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, initial=1e-300, keepdims=True)
        step *= np.minimum(1.0, 4.0 / longest)
        for _halving in range(30):
            new = state(beta + step)
            worse = np.flatnonzero(~(new[0] >= value - 1e-12 * np.abs(value)))
            if not len(worse):
                break
            step[worse] /= 2
        gain = (score * step).sum(axis=1)
        beta = beta + step
        value, score, information = new
        # The gain left is of the order of this one squared, or, for a coefficient on its way
        # to infinity, of its own size.
        moving &= np.abs(gain) >= 1e-10
    return Fits(_times(directions, beta), value)


def _times(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    """The product of each matrix with its vector."""
    return (matrices @ vectors[:, :, None])[:, :, 0]
