"""The Fine-Gray model: subdistribution hazard ratios of one of several causes.

Those who had another cause stay in the risk set, with the weight that they would still be
under observation, so that the ratio speaks of the cumulative incidence itself: above 1, more
subjects have the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError
from services.statistics import cox, distributions, inputs
from services.statistics.competing.causes import check_code, left, read
from services.statistics.results import HazardRatio, NotEstimable
from services.statistics.steps import NO_SUBJECTS

_MAX_ITERATIONS = 100
# Information per event about standardized covariates. On the way to an infinite coefficient it
# falls by a factor e at each step; a fit with so little left has no maximum.
_NO_INFORMATION = 1e-9
# exp of less than this is 0, and the log of a risk set of such subjects is not a number.
_LOWEST = -600.0


@dataclass(frozen=True, eq=False)
class FineGray:
    """A fitted model of p covariates.

    ``covariance`` (p, p) is the robust one; ``log_likelihood`` is that of the weighted partial
    likelihood, of use for comparing fits but not for a likelihood-ratio test.
    """

    names: tuple[str, ...]
    n: int
    events: int
    competing: int
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    log_likelihood_null: float
    hazard_ratios: tuple[HazardRatio, ...]


def fine_gray(
    time: ArrayLike,
    cause: ArrayLike,
    covariates: ArrayLike,
    *,
    cause_of_interest: int = 1,
    level: float = 0.95,
    covariate_names: Sequence[str] = (),
    cause_name: str = "",
) -> FineGray:
    """Fit the proportional subdistribution hazards model.

    Fine and Gray (1999), JASA 94:496-509: ties by Breslow's rule, weights G(t-) / G(T-) from one
    Kaplan-Meier estimate G of censoring, robust covariance that counts the uncertainty of G.
    Equal to cmprsk's ``crr`` without ``cengroup``, except when a subject is censored at time 0:
    there ``crr`` takes G(0) for G(0-), and its answer changes when all times are moved by 1.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    cause : (n,) codes, 0 for censored
    covariates : (n,) or (n, p) numbers
    cause_of_interest : the code of the cause
    level : confidence level
    covariate_names : p names; "covariate 1" and so on when left out
    cause_name : how the cause is called in a reason

    Returns
    -------
    The fit; each ``HazardRatio`` is per unit of its covariate, with Wald's ``p``.

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : no event of the cause, a covariate that is constant or a combination of the
        others, or one that tells events from the rest so well that its coefficient has no finite
        value

    >>> fit = fine_gray(
    ...     [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 1, 0, 1, 2, 1, 0], [3.1, 1, 2, 4, 5, 2, 1, 0.5])
    >>> round(float(fit.coefficients[0]), 4), fit.events, fit.competing
    (0.3959, 4, 2)
    """
    check_code(cause_of_interest)
    z = distributions.quantile_z(level)
    subjects, codes = read(time, cause)
    x = _columns(covariates, subjects.n)
    names = tuple(covariate_names) or tuple(f"covariate {i + 1}" for i in range(x.shape[1]))
    if len(names) != x.shape[1]:
        raise UserError(f"There are {x.shape[1]} covariates but {len(names)} names.")
    interest = codes == cause_of_interest
    if subjects.n == 0:
        raise NotEstimable(NO_SUBJECTS)
    if not interest.any():
        raise NotEstimable(f"0 events of {cause_name or f'cause {cause_of_interest}'}")
    # Centered and scaled for the search: neither changes the fit.
    scale = x.std(axis=0)
    for name, spread, largest in zip(names, scale, np.abs(x).max(axis=0), strict=True):
        if spread <= 1e-12 * max(float(largest), 1e-300):
            raise NotEstimable(f"{name} is the same for every subject")
    x = (x - x.mean(axis=0)) / scale
    if np.linalg.matrix_rank(x, tol=1e-9 * np.sqrt(x.size)) < x.shape[1]:
        raise NotEstimable("one covariate is a combination of the others")
    model = _Model(subjects.index, len(subjects.clock), interest, codes == 0, x)
    beta, null = _maximize(model)
    at = model.at(beta)
    inverse = np.linalg.inv(at.information)
    residuals = model.residuals(beta, at)
    covariance = inverse @ (residuals.T @ residuals) @ inverse
    beta, covariance = beta / scale, covariance / np.outer(scale, scale)
    return FineGray(
        names=names,
        n=subjects.n,
        events=int(interest.sum()),
        competing=int(((codes > 0) & ~interest).sum()),
        coefficients=beta,
        covariance=covariance,
        log_likelihood=at.log_likelihood,
        log_likelihood_null=null,
        hazard_ratios=tuple(
            _ratio(float(b), float(v), z) for b, v in zip(beta, np.diag(covariance), strict=True)
        ),
    )


def subdistribution_hazard_ratio(
    time: ArrayLike,
    cause: ArrayLike,
    treated: ArrayLike,
    *,
    cause_of_interest: int = 1,
    level: float = 0.95,
    names: tuple[str, str] = cox.NAMES,
) -> HazardRatio:
    """Subdistribution hazard ratio of the treated over the reference.

    Parameters
    ----------
    time, cause, cause_of_interest, level : as for :func:`fine_gray`
    treated : (n,) true in the arm that is compared with the reference
    names : how the reference and the treated are called in a reason

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : an arm without subjects, without an event of the cause, or without one while the
        other arm is in the risk set

    >>> hr = subdistribution_hazard_ratio(
    ...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 2, 0, 1, 1, 1, 2, 0], [0] * 4 + [1] * 4)
    >>> round(hr.estimate, 4)
    0.9001
    """
    check_code(cause_of_interest)
    subjects, codes = read(time, cause)
    arm = cox.as_codes(treated, subjects.n)
    interest = codes == cause_of_interest
    n, d = (np.bincount(arms, minlength=2).tolist() for arms in (arm, arm[interest]))
    # Those who had another cause never leave the risk set.
    last = np.where((codes > 0) & ~interest, len(subjects.clock), subjects.index)
    end = [int(last[arm == k].max(initial=-1)) for k in (0, 1)]
    informative = [int((subjects.index[interest & (arm == k)] <= end[1 - k]).sum()) for k in (0, 1)]
    reason = cox.reason_of_pair(n, d, informative, names)
    if reason is not None:
        raise NotEstimable(reason)
    fit = fine_gray(time, cause, arm, cause_of_interest=cause_of_interest, level=level)
    return fit.hazard_ratios[0]


def _columns(covariates: ArrayLike, n: int) -> FloatArray:
    x = np.asarray(covariates)
    if x.dtype.kind not in "fiub":
        raise UserError("A covariate is not a column of numbers.", "Code its levels as numbers.")
    x = x.astype(np.float64)
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2 or x.shape[1] == 0:
        raise UserError("Each covariate is a column with one value per subject.")
    inputs.same_length(n, covariates=x)
    missing = int((~np.isfinite(x)).any(axis=1).sum())
    if missing:
        raise UserError(
            f"{missing} of {n} subjects have a covariate that is missing or infinite.",
            "Leave these subjects out.",
        )
    return x


def _ratio(beta: float, variance: float, z: float) -> HazardRatio:
    se = float(np.sqrt(variance))
    if se <= 0:
        raise NotEstimable("the robust standard error is 0")
    # Per unit of a covariate that hardly varies a ratio can be past the largest number.
    with np.errstate(over="ignore"):
        estimate, lower, upper = np.exp([beta, beta - z * se, beta + z * se]).tolist()
    return HazardRatio(estimate, lower, upper, log_se=se, p=distributions.normal_p(beta / se))


@dataclass(frozen=True, eq=False)
class _At:
    """The likelihood at one beta. ``weight_sum`` (J,), ``mean`` (J, p): of the risk sets."""

    log_likelihood: float
    score: FloatArray
    information: FloatArray
    weight_sum: FloatArray
    mean: FloatArray


class _Model:
    """The data of a fit on its clock of J times. Sums run over times, never over pairs."""

    def __init__(
        self, index: IntArray, ticks: int, interest: BoolArray, censored: BoolArray, x: FloatArray
    ) -> None:
        self.index, self.ticks, self.x = index, ticks, x
        self.interest, self.censored = interest, censored
        self.other = ~interest & ~censored
        self.deaths = np.bincount(index[interest], minlength=ticks)
        self.losses = np.bincount(index[censored], minlength=ticks)
        self.at_risk = np.cumsum(np.bincount(index, minlength=ticks)[::-1])[::-1]
        # Events come before censorings of the same time, as in R's censoring Kaplan-Meier.
        self.observed = left(np.cumprod(1 - self.losses / self.at_risk, dtype=np.float64))
        # 1 / G(T-): above 0, for someone was still under observation just before T.
        self.raised = np.where(self.other, 1 / self.observed[index], 0.0)

    def _sums(self, values: FloatArray) -> FloatArray:
        """Sum (n, k) values per time."""
        return np.stack(
            [np.bincount(self.index, column, self.ticks) for column in values.T], axis=1
        )

    def at(self, beta: FloatArray) -> _At:
        p = self.x.shape[1]
        eta = self.x @ beta
        high = float(eta.max())
        risk = np.exp(np.maximum(eta - high, _LOWEST))[:, None]
        square = (self.x[:, :, None] * self.x[:, None, :]).reshape(-1, p * p)
        moments = risk * np.concatenate((np.ones_like(risk), self.x, square), axis=1)
        # Under observation at t, and those with another cause before t, weighted.
        there = np.cumsum(self._sums(moments)[::-1], axis=0)[::-1]
        gone = self._sums(moments * self.raised[:, None])
        earlier = np.cumsum(gone, axis=0) - gone
        total = there + self.observed[:, None] * earlier
        rows = self.deaths > 0
        d, total = self.deaths[rows], total[rows]
        s0 = total[:, 0]
        mean = total[:, 1 : p + 1] / s0[:, None]
        spread = total[:, p + 1 :] / s0[:, None] - (mean[:, :, None] * mean[:, None, :]).reshape(
            -1, p * p
        )
        full = np.zeros((self.ticks, p))
        full[rows] = mean
        sums = np.zeros(self.ticks)
        sums[rows] = s0
        return _At(
            float((eta[self.interest] - high).sum() - (d * np.log(s0)).sum()),
            self.x[self.interest].sum(axis=0) - (d[:, None] * mean).sum(axis=0),
            (d[:, None] * spread).sum(axis=0).reshape(p, p),
            sums * np.exp(high),
            full,
        )

    def residuals(self, beta: FloatArray, at: _At) -> FloatArray:
        """Each subject's part (n, p) in the score: eta + psi of the paper."""
        risk = np.exp(self.x @ beta)
        hazard = np.divide(
            self.deaths, at.weight_sum, out=np.zeros(self.ticks), where=self.deaths > 0
        )
        weighted = hazard * self.observed
        # Integrals of d Lambda and of mean d Lambda up to each time, plain and times G(t-).
        plain, plain_mean = np.cumsum(hazard), np.cumsum(hazard[:, None] * at.mean, axis=0)
        sub, sub_mean = np.cumsum(weighted), np.cumsum(weighted[:, None] * at.mean, axis=0)
        i = self.index
        left_over = (sub[-1] - sub)[i][:, None]
        mean_over = (sub_mean[-1] - sub_mean)[i]
        eta = np.where(self.interest[:, None], self.x - at.mean[i], 0.0)
        eta -= risk[:, None] * (self.x * plain[i][:, None] - plain_mean[i])
        eta -= (risk * self.raised)[:, None] * (self.x * left_over - mean_over)
        # q(u): what those gone before u would add at and after u if G fell there.
        gone = self._sums(
            (risk * self.raised)[:, None] * np.column_stack((np.ones(len(i)), self.x))
        )
        earlier = np.cumsum(gone, axis=0) - gone
        after = (sub[-1] - sub + weighted)[:, None]
        mean_after = sub_mean[-1] - sub_mean + weighted[:, None] * at.mean
        q = earlier[:, 1:] * after - earlier[:, :1] * mean_after
        per_risk = q / self.at_risk[:, None]
        drift = np.cumsum(per_risk * (self.losses / self.at_risk)[:, None], axis=0)
        psi = np.where(self.censored[:, None], per_risk[i], 0.0) - drift[i]
        residuals: FloatArray = eta + psi
        return residuals


def _maximize(model: _Model) -> tuple[FloatArray, float]:
    """Newton's method with halved steps; the likelihood is concave."""
    beta = np.zeros(model.x.shape[1])
    now = model.at(beta)
    null = now.log_likelihood
    for _ in range(_MAX_ITERATIONS):
        if np.linalg.eigvalsh(now.information).min() < _NO_INFORMATION * model.deaths.sum():
            break
        step = np.linalg.solve(now.information, now.score)
        size = np.abs(step).max() / (1 + np.abs(beta).max())
        # Below this the likelihood is flat to the last digit and a step can only be rounding.
        if size < 1e-9:
            return (beta + step if size > 1e-14 else beta), null
        new = model.at(beta + step)
        # A likelihood lower by less than this is rounding.
        floor = now.log_likelihood - 1e-12 * (1 + abs(now.log_likelihood))
        while new.log_likelihood < floor and size > 1e-9:
            step, size = step / 2, size / 2
            new = model.at(beta + step)
        beta, now = beta + step, new
    raise NotEstimable("the covariates tell events from the rest: no finite estimate")
