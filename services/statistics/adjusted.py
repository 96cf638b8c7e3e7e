"""Cox models with covariates: Newton's method on Efron's partial likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from services import arrays
from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.statistics import distributions, inputs, times
from services.statistics.results import HazardRatio, NotEstimable, Test
from services.statistics.times import Subjects

_MAX_STEPS = 40
_COLLINEAR = 1e-9
_LARGEST = 700.0  # a logarithm whose exponential is still a number


@dataclass(frozen=True)
class Term:
    """One coefficient's hazard ratio, per unit or against the first level."""

    name: str
    hazard_ratio: HazardRatio | None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A Cox model of q coefficients.

    ``coef``, ``se`` (q,) and ``vcov`` (q, q) are NaN for a coefficient that has no estimate
    (its term says why). ``assign`` (q,) is the column of the covariates each belongs to. The
    three tests are of all coefficients together. ``n`` counts the complete cases used,
    ``n_missing`` those left out.
    """

    terms: tuple[Term, ...]
    coef: FloatArray
    se: FloatArray
    vcov: FloatArray
    assign: IntArray
    loglik: float
    loglik_null: float
    likelihood_ratio: Test
    wald: Test
    score: Test
    n: int
    n_missing: int
    events: int


@dataclass(frozen=True, eq=False)
class Design:
    """Covariates as numbers: ``values`` (n, q), the name and column of each coefficient."""

    values: FloatArray
    names: tuple[str, ...]
    assign: IntArray
    columns: tuple[str, ...]


def design(covariates: pd.DataFrame) -> Design:
    """Numbers as they are; text, booleans and categories against their first level.

    >>> d = design(pd.DataFrame({"AGE": [60, 70], "SEX": ["M", "F"]}))
    >>> d.names, d.values.tolist()
    (('AGE', 'SEX=M'), [[60.0, 1.0], [70.0, 0.0]])
    """
    values: list[FloatArray] = []
    names: list[str] = []
    assign: list[int] = []
    for place, name in enumerate(covariates.columns):
        column = covariates[name]
        numeric = pd.api.types.is_numeric_dtype(column.dtype)
        if numeric and not pd.api.types.is_bool_dtype(column.dtype):
            parts = [(str(name), column.to_numpy(dtype=np.float64))]
        else:
            factor = column.astype("category").cat.remove_unused_categories()
            at = factor.cat.codes.to_numpy()
            levels = list(factor.cat.categories)
            boolean = levels == [False, True]
            parts = [
                (str(name) if boolean else f"{name}={level}", (at == code).astype(np.float64))
                for code, level in enumerate(levels)
                if code
            ]
        for label, numbers in parts:
            if not np.isfinite(numbers).all():
                raise UserError(f"{name} holds infinite values.", "Leave these subjects out.")
            names.append(label)
            values.append(numbers)
            assign.append(place)
    table = np.column_stack(values) if values else np.empty((len(covariates), 0))
    columns = tuple(str(c) for c in covariates.columns)
    return Design(table, tuple(names), np.array(assign, dtype=np.int64), columns)


class RiskSets:
    """Sums over risk sets of subjects with covariates, one row per death (Efron's rule)."""

    def __init__(self, subjects: Subjects, x: FloatArray, strata: IntArray | None) -> None:
        self.x = x
        self.event = subjects.event
        self._at = times.layout(subjects, strata)
        self._rows = len(self._at.stratum)
        dying = np.bincount(self._at.row[subjects.event], minlength=self._rows)
        self.source = np.repeat(np.arange(self._rows), dying)
        first = np.cumsum(dying) - dying
        self._share = (np.arange(len(self.source)) - first[self.source]) / dying[self.source]
        self._ties = bool(len(dying)) and int(dying.max()) > 1
        self._next = self._at.end
        self.clock_index = self._at.clock_index[self.source]
        self.death_index = subjects.index[subjects.event]

    def _suffix(self, row: IntArray, values: FloatArray) -> FloatArray:
        sums = np.bincount(row, weights=values, minlength=self._rows)
        to_come = np.zeros(self._rows + 1)
        to_come[:-1] = np.cumsum(sums[::-1])[::-1]
        return to_come[:-1] - to_come[self._next]

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum of values (n,) over those at risk, one row per death, after Efron's rule."""
        at_risk = self._suffix(self._at.row, values)
        late = self._at.entered_late
        if self._at.entry_row is not None and late is not None:
            at_risk = at_risk - self._suffix(self._at.entry_row[late], values[late])
        spread = at_risk[self.source]
        if self._ties:
            event = self.event
            dying = np.bincount(self._at.row[event], weights=values[event], minlength=self._rows)
            spread = spread - self._share * dying[self.source]
        return spread

    def loglik(self, beta: FloatArray) -> float:
        """Log partial likelihood."""
        eta = self.x @ beta
        top = float(eta.max(initial=0.0))
        total = np.log(self.sums(np.exp(eta - top))).sum() + top * len(self.source)
        return float(eta[self.event].sum() - total)

    def moments(
        self, beta: FloatArray, weights: Sequence[FloatArray | None] = (None,)
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Mean covariate of each death's risk set (q, deaths), and weighted information.

        One (q, q) information matrix for each set of weights (deaths,), ``None`` being 1.
        """
        q = self.x.shape[1]
        eta = self.x @ beta
        w = np.exp(eta - eta.max(initial=0.0))
        total = self.sums(w)
        mean = np.array([self.sums(w * self.x[:, a]) / total for a in range(q)])
        found = [np.zeros((q, q)) for _ in weights]
        for a in range(q):
            for b in range(a + 1):
                second = self.sums(w * self.x[:, a] * self.x[:, b]) / total
                spread = second - mean[a] * mean[b]
                for matrix, weight in zip(found, weights, strict=True):
                    value = spread.sum() if weight is None else weight @ spread
                    matrix[a, b] = matrix[b, a] = float(value)
        return mean.reshape(q, len(self.source)), found

    def score(self, mean: FloatArray) -> FloatArray:
        """Derivative of the log-likelihood, (q,)."""
        score: FloatArray = self.x[self.event].sum(axis=0) - mean.sum(axis=1)
        return score


def _independent(information: FloatArray) -> list[int]:
    """Columns kept, in order: one that the columns before it determine is dropped."""
    kept: list[int] = []
    for a in range(len(information)):
        own = information[a, a]
        if own <= 1e-12:
            continue
        rest = own
        if kept:
            cross = information[kept, a]
            rest = own - cross @ np.linalg.solve(information[np.ix_(kept, kept)], cross)
        if rest > _COLLINEAR * own:
            kept.append(a)
    return kept


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients of the kept, scaled columns with what belongs to them."""

    sets: RiskSets
    beta: FloatArray
    information: FloatArray
    running: arrays.BoolArray
    score_null: FloatArray
    information_null: FloatArray
    kept: list[int]
    scale: FloatArray


def solve(subjects: Subjects, x: FloatArray, strata: IntArray | None) -> Solution:
    """Maximize the partial likelihood; columns are centered and scaled first.

    ``running`` marks coefficients that still move when the likelihood has settled: its maximum
    lies at infinity.
    """
    if not subjects.event.any():
        raise NotEstimable("0 events")
    scale = x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    z = (x - x.mean(axis=0)) / scale
    sets = RiskSets(subjects, z, strata)
    _, (information,) = sets.moments(np.zeros(z.shape[1]))
    kept = _independent(information / max(1, len(sets.source)))
    sets = RiskSets(subjects, z[:, kept], strata)
    beta = np.zeros(len(kept))
    mean, (information,) = sets.moments(beta)
    score = sets.score(mean)
    score_null, information_null = score, information
    value = sets.loglik(beta)
    running = np.zeros(len(kept), dtype=np.bool_)
    for _ in range(_MAX_STEPS if kept else 0):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break  # flat in a direction already marked as running
        new = sets.loglik(beta + step)
        for _halving in range(30):
            if np.isfinite(new) and new >= value - 1e-10 * abs(value):
                break
            step = step / 2
            new = sets.loglik(beta + step)
        beta = beta + step
        settled = abs(new - value) < 1e-11 * (1 + abs(value))
        value = new
        running = np.abs(step) > 1e-3
        mean, (information,) = sets.moments(beta)
        score = sets.score(mean)
        if np.abs(step).max() < 1e-9 or (settled and running.any()):
            break
    return Solution(
        sets, beta, information, running, score_null, information_null, kept, scale[kept]
    )


def complete(covariates: pd.DataFrame, n: int) -> arrays.BoolArray:
    """Rows (n,) without a missing covariate."""
    inputs.same_length(n, covariates=covariates.index.to_numpy())
    if covariates.columns.has_duplicates:
        raise UserError("Two covariates have the same name.")
    rows: arrays.BoolArray = covariates.notna().all(axis=1).to_numpy(dtype=np.bool_)
    if not rows.any():
        raise NotEstimable("no subject has every covariate")
    return rows


def cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float = 0.95,
) -> CoxFit:
    """Cox model of several covariates, stratified and left-truncated if asked.

    Newton's method on Efron's partial likelihood (Efron 1977; the formula stands in
    :mod:`services.statistics.efron`). Subjects with a missing covariate are left out and counted.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true for an event
    covariates : n rows; numbers, or text, booleans and categories against their first level
    strata : (n,) codes; each stratum has its own baseline hazard
    entry : (n,) entry times (left truncation)
    level : confidence level of each hazard ratio

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : no events, or no complete case

    >>> x = pd.DataFrame({"treated": [0, 0, 0, 0, 1, 1, 1, 1], "age": [60, 71, 55, 63] * 2})
    >>> fit = cox([1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], x)
    >>> [t.name for t in fit.terms], fit.likelihood_ratio.df
    (['treated', 'age'], 2)
    """
    z_level = distributions.quantile_z(level)
    subjects = times.read(time, event, entry)
    rows = complete(covariates, subjects.n)
    codes = inputs.strata_codes(strata, subjects.n)
    table = design(covariates.loc[rows] if not rows.all() else covariates)
    s = solve(subjects.take(rows), table.values, None if codes is None else codes[rows])
    q = len(table.names)
    coef, vcov = np.full(q, np.nan), np.full((q, q), np.nan)
    reasons: list[str | None] = ["it does not vary apart from the terms before it"] * q
    if codes is not None and len(s.kept) < q:
        spread = pd.DataFrame(table.values).groupby(codes[rows]).nunique().max() > 1
        inside = "it does not vary within a stratum"
        reasons = [r if v else inside for r, v in zip(reasons, spread, strict=True)]
    usable = np.flatnonzero(~s.running)
    inverse = np.linalg.pinv(s.information, hermitian=True)
    if len(s.kept):
        at = np.array(s.kept)
        coef[at] = s.beta / s.scale
        vcov[np.ix_(at, at)] = inverse / np.outer(s.scale, s.scale)
        for place, column in enumerate(s.kept):
            reasons[column] = None if not s.running[place] else "its likelihood has no maximum"
        gone = at[s.running]
        coef[gone] = np.nan
        vcov[gone, :] = vcov[:, gone] = np.nan
    se = np.sqrt(np.diag(vcov))
    terms = []
    for k, name in enumerate(table.names):
        if reasons[k] is not None:
            terms.append(Term(name, None, reasons[k]))
            continue
        b, e = float(coef[k]), float(se[k])
        if not abs(b) + z_level * e < _LARGEST:
            terms.append(Term(name, None, "its interval has no finite limits"))
            continue
        low, high = np.exp(b - z_level * e), np.exp(b + z_level * e)
        ratio = HazardRatio(
            float(np.exp(b)), float(low), float(high), e, distributions.normal_p(b / e)
        )
        terms.append(Term(name, ratio))
    loglik, null = s.sets.loglik(s.beta), s.sets.loglik(np.zeros(len(s.kept)))
    score_chi2 = wald_chi2 = 0.0
    if len(s.kept):
        score_chi2 = float(s.score_null @ np.linalg.solve(s.information_null, s.score_null))
        known = s.beta[usable]
        block = np.linalg.pinv(inverse[np.ix_(usable, usable)], hermitian=True)
        wald_chi2 = float(known @ block @ known)

    def test(chi2: float, df: int, name: str) -> Test:
        return Test(chi2, df, distributions.chi2_p(chi2, df) if df else 1.0, name)

    return CoxFit(
        terms=tuple(terms),
        coef=coef,
        se=se,
        vcov=vcov,
        assign=table.assign,
        loglik=loglik,
        loglik_null=null,
        likelihood_ratio=test(2 * (loglik - null), len(s.kept), "likelihood ratio"),
        wald=test(wald_chi2, len(usable), "Wald"),
        score=test(score_chi2, len(s.kept), "score"),
        n=int(rows.sum()),
        n_missing=int((~rows).sum()),
        events=int(subjects.event[rows].sum()),
    )
