"""Is the hazard ratio constant? The exact score test and its residuals.

As ``cox.zph`` of R's survival 3 (transform ``km``): the model is extended by each covariate
times g(t) and the score of that term is tested at the fitted model, with the full information
of both. Grambsch and Therneau (1994) approximated it; lifelines still does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from services import arrays
from services.arrays import FloatArray, IntArray
from services.statistics import adjusted, cox, distributions, efron, inputs, steps, times
from services.statistics.results import NotEstimable, Schoenfeld, Test, or_reason
from services.statistics.times import Subjects

NAME = "proportional hazards"
_SINGLE = "too few event times to test proportional hazards"
_SMOOTH_POINTS = 40
_SMOOTH_DF = 4


def _transform(subjects: Subjects) -> FloatArray:
    """g at every time of the clock: 1 - S(t-) of all subjects together, strata or not."""
    s = steps.steps(times.count(subjects))
    before = np.searchsorted(s.time, subjects.clock, side="left")
    return 1 - np.concatenate(([1.0], s.survival))[before]


def proportional_hazards_of(
    subjects: Subjects,
    treated: IntArray,
    *,
    strata: IntArray | None = None,
    names: tuple[str, str] = cox.NAMES,
) -> Test:
    """:func:`proportional_hazards` for checked subjects."""
    pair = cox.two_arms(subjects, treated, strata, names)
    fit = efron.fit_pairs(pair.a0, pair.a1, pair.deaths[1:].astype(np.float64))
    g = _transform(subjects)
    g = g - g[subjects.index[subjects.event]].mean()
    at, share = g[pair.time_index], _share(pair, float(fit.beta[0]))
    spread = share * (1 - share)
    score = float(pair.counts.events[1] @ g[pair.counts.clock_index]) - float(at @ share)
    own = float(at**2 @ spread)
    rest = own - float(at @ spread) ** 2 / float(spread.sum())
    # With one event time g is constant and the new term is the covariate again.
    if rest <= 1e-12 * max(own, 1e-300):
        raise NotEstimable(_SINGLE)
    chi2 = score**2 / rest
    return Test(chi2, 1, distributions.chi2_p(chi2, 1), NAME)


def _share(pair: cox.TwoArms, beta: float) -> FloatArray:
    """Chance that each death is one of the treated, given the risk set."""
    scaled = pair.a1 * np.exp(beta)
    share: FloatArray = scaled / (pair.a0 + scaled)
    return share


def proportional_hazards(
    time: ArrayLike,
    event: ArrayLike,
    treated: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    names: tuple[str, str] = cox.NAMES,
) -> Test:
    """Score test that the hazard ratio of two arms does not change with time.

    g(t) is 1 - S(t-) of all subjects, centered at its mean over deaths. A small ``p`` speaks
    against one hazard ratio for all times.

    Parameters
    ----------
    time, event, treated, strata, entry, names : as in :func:`services.statistics.cox.hazard_ratio`

    Raises
    ------
    NotEstimable : no hazard ratio, or a single event time

    >>> t = proportional_hazards(
    ...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], [0] * 4 + [1] * 4)
    >>> round(t.chi2, 4), round(t.p, 4)
    (0.0049, 0.944)
    """
    subjects = times.read(time, event, entry)
    return proportional_hazards_of(
        subjects,
        cox.as_codes(treated, subjects.n),
        strata=inputs.strata_codes(strata, subjects.n),
        names=names,
    )


def proportional_hazards_by_term(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> tuple[Test, ...]:
    """The same test for each covariate of an adjusted model, and ``GLOBAL`` for all.

    A covariate of several levels is one term, as in ``cox.zph(fit)``. Coefficients without an
    estimate are left out, and a covariate of none but those has no test.

    >>> x = pd.DataFrame({"treated": [0, 0, 0, 0, 1, 1, 1, 1], "age": [60, 71, 55, 63] * 2})
    >>> tests = proportional_hazards_by_term(
    ...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], x)
    >>> [t.name for t in tests]
    ['treated', 'age', 'GLOBAL']
    """
    subjects = times.read(time, event, entry)
    rows = adjusted.complete(covariates, subjects.n)
    codes = inputs.strata_codes(strata, subjects.n)
    subjects = subjects.take(rows)
    table = adjusted.design(covariates.loc[rows])
    solved = adjusted.solve(subjects, table.values, None if codes is None else codes[rows])
    if not len(solved.kept) or solved.running.any():
        raise NotEstimable("a coefficient of the model has no estimate")
    sets, q = solved.sets, len(solved.kept)
    g = _transform(subjects)
    g = g - g[sets.death_index].mean()
    at = g[sets.clock_index]
    mean, (plain, crossed, own) = sets.moments(solved.beta, (None, at, at**2))
    score = g[sets.death_index] @ sets.x[sets.event] - mean @ at
    full = np.block([[plain, crossed], [crossed, own]])
    of_column = table.assign[solved.kept]
    found = []
    for name, places in [
        *((name, np.flatnonzero(of_column == k)) for k, name in enumerate(table.columns)),
        ("GLOBAL", np.arange(q)),
    ]:
        if not len(places):
            continue
        block = own[np.ix_(places, places)]
        side = np.linalg.solve(plain, crossed[:, places])
        rest = block - crossed[:, places].T @ side
        if np.linalg.eigvalsh(rest)[0] <= 1e-12 * max(float(np.trace(full)), 1e-300):
            raise NotEstimable(_SINGLE)
        chi2 = float(score[places] @ np.linalg.solve(rest, score[places]))
        found.append(Test(chi2, len(places), distributions.chi2_p(chi2, len(places)), name))
    return tuple(found)


def schoenfeld(
    time: ArrayLike,
    event: ArrayLike,
    treated: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float | None = None,
    names: tuple[str, str] = cox.NAMES,
) -> Schoenfeld:
    """Scaled Schoenfeld residuals of the arm: how the log hazard ratio moves with time.

    The residual of a death is its arm (1 or 0) minus the mean arm of its risk set; times the
    number of deaths over the information, plus the log hazard ratio (Grambsch and Therneau
    1994; R's ``cox.zph(fit)$y``). A stratum with subjects of one arm has no residuals.

    Parameters
    ----------
    time, event, treated, strata, entry, names : as in :func:`services.statistics.cox.hazard_ratio`
    level : confidence level of the limits of the smooth; two standard errors, as R's
        ``plot.cox.zph`` draws, when left out

    Raises
    ------
    NotEstimable : no hazard ratio

    >>> s = schoenfeld([1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], [0] * 4 + [1] * 4)
    >>> s.time
    array([1., 2., 3., 4., 6., 7.])
    >>> bool(abs(s.residual.mean() - s.log_hazard_ratio) < 1e-9)
    True
    """
    subjects = times.read(time, event, entry)
    group = cox.as_codes(treated, subjects.n)
    codes = inputs.strata_codes(strata, subjects.n)
    pair = cox.two_arms(subjects, group, codes, names)
    fit = efron.fit_pairs(pair.a0, pair.a1, pair.deaths[1:].astype(np.float64))
    beta = float(fit.beta[0])
    counts = times.count(subjects, group, 2, codes)
    counts = counts.at(_both_arms(group, codes)[counts.stratum])
    counts = counts.at(counts.events.sum(axis=0) > 0)
    rows = efron.rows(counts)
    scaled = rows.at_risk[1] * np.exp(beta)
    share = scaled / (rows.at_risk[0] + scaled)
    # All deaths at one time have the mean of Efron's steps as their expected arm.
    dying = counts.events.sum(axis=0)
    mean = np.bincount(rows.source, weights=share, minlength=len(dying)) / dying
    arm = (np.arange(len(rows.source)) >= _firsts(counts)[rows.source]).astype(np.float64)
    residual = (arm - mean[rows.source]) * len(arm) / float(fit.information[0]) + beta
    g = _transform(subjects)[counts.clock_index][rows.source]
    at = counts.time[rows.source]
    order = np.argsort(at, kind="stable")
    at, g, residual = at[order], g[order], residual[order]
    test, reason = or_reason(proportional_hazards_of, subjects, group, strata=codes, names=names)
    grid, center, spread = _spline(g, residual)
    errors = 2.0 if level is None else distributions.quantile_z(level)
    half = errors * np.sqrt(spread * len(arm) / float(fit.information[0]))
    unique, first = np.unique(g, return_index=True)
    on_time = np.interp(grid, unique, at[first]) if len(grid) else np.empty(0)
    return Schoenfeld(
        at, g, residual, beta, on_time, grid, center, center - half, center + half, test, reason
    )


def _both_arms(group: IntArray, codes: IntArray | None) -> arrays.BoolArray:
    """Which strata hold subjects of both arms."""
    code = np.zeros(len(group), dtype=np.int64) if codes is None else codes
    treated = np.bincount(code, weights=group)
    both: arrays.BoolArray = (treated > 0) & (treated < np.bincount(code))
    return both


def _firsts(counts: times.Counts) -> IntArray:
    """Place, among rows of one per death, of the first treated death of each time."""
    dying = counts.events.sum(axis=0)
    first: IntArray = np.cumsum(dying) - dying + counts.events[0]
    return first


def _spline(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Natural cubic spline through points, as R's ``plot.cox.zph``: grid, values, variance / s2.

    Least squares on the truncated powers of Hastie, Tibshirani and Friedman (2009, 5.2.1), which
    span the same curves as R's ``ns``; inner knots at the thirds of points and grid.
    """
    empty = np.empty(0)
    if len(np.unique(x)) < _SMOOTH_DF:
        return empty, empty, empty
    grid = np.linspace(x.min(), x.max(), _SMOOTH_POINTS)
    both = np.concatenate((grid, x))
    inner = np.quantile(both, np.arange(1, _SMOOTH_DF - 1) / (_SMOOTH_DF - 1))
    knots = np.concatenate(([both[: len(grid)].min()], inner, [both[: len(grid)].max()]))
    unit = (both - knots[0]) / (knots[-1] - knots[0])
    marks = (knots - knots[0]) / (knots[-1] - knots[0])
    cubes = np.maximum(unit[:, None] - marks, 0.0) ** 3
    if np.min(np.diff(marks)) <= 0:
        return empty, empty, empty
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (marks[-1] - marks[:-1])
    basis = np.column_stack((np.ones(len(unit)), unit, slopes[:, :-1] - slopes[:, -1:]))
    on_grid, on_data = basis[: len(grid)], basis[len(grid) :]
    q, r = np.linalg.qr(on_data)
    if np.min(np.abs(np.diag(r))) <= 1e-10 * np.max(np.abs(np.diag(r))):
        return empty, empty, empty
    projected = np.linalg.solve(r.T, on_grid.T)
    return grid, projected.T @ (q.T @ y), np.sum(projected**2, axis=0)
