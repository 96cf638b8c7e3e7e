"""Cox models: the hazard ratio of two arms, stratified, left-truncated, and in two periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError
from services.names import count, inside, is_at_risk
from services.statistics import distributions, efron, inputs, times
from services.statistics.results import HazardRatio, NotEstimable, or_reason
from services.statistics.times import Counts, Subjects

NAMES = ("the reference", "the treated arm")


@dataclass(frozen=True, eq=False)
class TwoArms:
    """What the fit of two arms starts from: deaths while both arms are at risk.

    ``a0``, ``a1``, ``time_index`` (place on the clock) have one row per death, ``deaths`` is
    (2,), ``counts`` holds the times the rows come from.
    """

    a0: FloatArray
    a1: FloatArray
    deaths: IntArray
    time_index: IntArray
    counts: Counts


def as_codes(values: ArrayLike, n: int) -> IntArray:
    """Who is treated, as 0 and 1; a ``UserError`` when a value is neither.

    >>> as_codes([True, False], 2)
    array([1, 0])
    """
    treated = np.asarray(values)
    inputs.same_length(n, treated=treated)
    if treated.dtype != np.bool_:
        if not np.isin(treated, (0, 1)).all():
            raise UserError("treated must be true or false for every subject.")
        treated = treated.astype(np.bool_)
    return treated.astype(np.int64)


def reason_of_pair(
    subjects: Sequence[float],
    events: Sequence[float],
    informative: Sequence[float],
    names: tuple[str, str],
) -> str | None:
    """Why two arms have no hazard ratio, or ``None`` if they have one.

    The likelihood has its maximum at a finite value if and only if each arm has a death while
    the other is at risk.

    Parameters
    ----------
    subjects, events : of the reference and of the arm
    informative : deaths of either at times when the other is at risk
    names : how the arms are called

    >>> reason_of_pair((9, 9), (4, 0), (4, 0), ("Observation", "Lenalidomide"))
    '0 events in Lenalidomide'
    """
    for n, name in zip(subjects, names, strict=True):
        if n == 0:
            return inside(name, "no patients")
    if sum(events) == 0:
        return "0 events"
    for d, name in zip(events, names, strict=True):
        if d == 0:
            return inside(name, "0 events")
    for d, name, other in zip(informative, names, reversed(names), strict=True):
        if d == 0:
            return f"{inside(name, 'no event')} while {is_at_risk(other)}"
    return None


def too_few(events: int, least: int) -> str:
    """Why a subgroup has no hazard ratio though it could be estimated.

    >>> too_few(12, 30)
    '12 events, fewer than 30'
    """
    return f"{count(events, 'event')}, fewer than {least}"


def two_arms(
    subjects: Subjects, treated: IntArray, strata: IntArray | None, names: tuple[str, str]
) -> TwoArms:
    """Count and keep the deaths that compare the arms; raise ``NotEstimable`` if too few do.

    >>> pair = two_arms(
    ...     times.read([1, 2, 3, 4], [1, 1, 1, 0]), np.array([0, 1, 0, 1]), None, NAMES)
    >>> pair.a0, pair.a1, pair.deaths
    (array([2., 1., 1.]), array([2., 2., 1.]), array([2, 1]))
    """
    counts = times.count(subjects, treated, 2, strata)
    d, n = counts.events, counts.at_risk
    number = np.bincount(treated, minlength=2)
    both = (n[0] > 0) & (n[1] > 0) & (d.sum(axis=0) > 0)
    kept = counts.at(both)
    deaths = kept.events.sum(axis=1)
    reason = reason_of_pair(number.tolist(), d.sum(axis=1).tolist(), deaths.tolist(), names)
    if reason is not None:
        raise NotEstimable(reason)
    rows = efron.rows(kept)
    at = kept.clock_index[rows.source]
    return TwoArms(rows.at_risk[0], rows.at_risk[1], deaths, at, kept)


def hazard_ratio_of(
    subjects: Subjects,
    treated: IntArray,
    *,
    strata: IntArray | None = None,
    level: float = 0.95,
    names: tuple[str, str] = NAMES,
) -> HazardRatio:
    """:func:`hazard_ratio` for checked subjects."""
    pair = two_arms(subjects, treated, strata, names)
    fit = efron.fit_pairs(pair.a0, pair.a1, pair.deaths[1:].astype(np.float64))
    return to_ratio(fit, 0, distributions.quantile_z(level))


def hazard_ratios_of(
    counts: Counts,
    of_row: IntArray,
    n: IntArray,
    d: IntArray,
    *,
    level: float = 0.95,
    names: tuple[str, str] = NAMES,
    min_events: int = 0,
) -> list[tuple[HazardRatio | None, str | None]]:
    """Hazard ratios of two arms in many data sets (segments) at once; or the reason for none.

    Parameters
    ----------
    counts : of the two arms, at the times of every stratum of every segment
    of_row : (R,) the segment each row of ``counts`` belongs to
    n, d : (segments, 2) subjects and events of the reference and of the arm
    min_events : fewer events than this in a segment give no ratio
    """
    useful = (counts.at_risk.min(axis=0) > 0) & (counts.events.sum(axis=0) > 0)
    kept, of_kept = counts.at(useful), of_row[useful]
    informative = np.array([np.bincount(of_kept, weights=e, minlength=len(n)) for e in kept.events])
    reasons: list[str | None] = []
    for patients, deaths, compared in zip(
        n.tolist(), d.tolist(), informative.T.tolist(), strict=True
    ):
        reason = reason_of_pair(patients, deaths, compared, names)
        total = sum(deaths)
        if reason is None and total < min_events:
            reason = too_few(total, min_events)
        reasons.append(reason)
    fit_it = np.array([r is None for r in reasons])
    found: list[tuple[HazardRatio | None, str | None]] = [(None, r) for r in reasons]
    if not fit_it.any():
        return found
    place = np.cumsum(fit_it) - 1
    chosen = fit_it[of_kept]
    rows = efron.rows(kept.at(chosen))
    at = place[of_kept[chosen]][rows.source]
    fit = efron.fit_pairs(rows.at_risk[0], rows.at_risk[1], informative[1, fit_it], at)
    z = distributions.quantile_z(level)
    for segment in np.flatnonzero(fit_it).tolist():
        found[segment] = (to_ratio(fit, int(place[segment]), z), None)
    return found


def to_ratio(fit: efron.Pairs, at: int, z: float) -> HazardRatio:
    """One segment's fit as a hazard ratio with its three tests."""
    beta, se = float(fit.beta[at]), float(1 / np.sqrt(fit.information[at]))
    score = float(fit.score_null[at] ** 2 / fit.information_null[at])
    likelihood = 2 * float(fit.log_likelihood[at] - fit.log_likelihood_null[at])
    return HazardRatio(
        estimate=float(np.exp(beta)),
        lower=float(np.exp(beta - z * se)),
        upper=float(np.exp(beta + z * se)),
        log_se=se,
        p=distributions.normal_p(beta / se),
        p_score=distributions.chi2_p(score, 1),
        p_likelihood=distributions.chi2_p(likelihood, 1),
    )


def hazard_ratio(
    time: ArrayLike,
    event: ArrayLike,
    treated: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float = 0.95,
    names: tuple[str, str] = NAMES,
) -> HazardRatio:
    """Cox hazard ratio of the treated over the reference; below 1 favors the treated.

    Ties by Efron's rule (1977); the formula stands in :mod:`services.statistics.efron`. The
    interval and ``p`` are Wald's; ``p_score`` and ``p_likelihood`` are the other two tests of the
    model.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true for an event
    treated : (n,) true in the arm that is compared with the reference
    strata : (n,) codes; each stratum has its own baseline hazard
    entry : (n,) entry times (left truncation)
    level : confidence level
    names : how the reference and the treated are called in a reason

    Raises
    ------
    UserError : faulty data or options
    NotEstimable : an arm without subjects or events, or without an event while the other is at
        risk: the likelihood then has no finite maximum

    >>> hr = hazard_ratio([1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], [0] * 4 + [1] * 4)
    >>> round(hr.estimate, 4), round(hr.p, 4)
    (0.7944, 0.7799)
    """
    subjects = times.read(time, event, entry)
    return hazard_ratio_of(
        subjects,
        as_codes(treated, subjects.n),
        strata=inputs.strata_codes(strata, subjects.n),
        level=level,
        names=names,
    )


@dataclass(frozen=True)
class Piecewise:
    """Hazard ratios before (events up to and at ``cut``) and after a time."""

    cut: float
    before: HazardRatio | None
    before_reason: str | None
    after: HazardRatio | None
    after_reason: str | None


def piecewise_hazard_ratio(
    time: ArrayLike,
    event: ArrayLike,
    treated: ArrayLike,
    *,
    cut: float,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float = 0.95,
    names: tuple[str, str] = NAMES,
) -> Piecewise:
    """Hazard ratios before and after a chosen time.

    Risk sets before and after do not share a time, so the two are those of one model with an
    arm effect per period (R: ``survSplit`` at ``cut``, arm by period).

    >>> p = piecewise_hazard_ratio([1, 3, 5, 7, 2, 4, 6, 8], [1] * 8, [0] * 4 + [1] * 4, cut=4)
    >>> round(p.before.estimate, 4), round(p.after.estimate, 4)
    (0.841, 0.3904)
    """
    subjects = times.read(time, event, entry)
    group = as_codes(treated, subjects.n)
    codes = inputs.strata_codes(strata, subjects.n)
    if not np.isfinite(cut) or cut <= 0:
        raise UserError(f"{cut} is not a time to cut at.", "Give a time above 0.")
    edge = cut * (1 + times.TIME_TOLERANCE)
    # Everyone stays in the counts before the cut; after it only those still under observation.
    early: BoolArray = subjects.time <= edge
    late = ~early
    entered = subjects.entry_index
    starts = (
        np.ones(subjects.n, dtype=np.bool_) if entered is None else subjects.clock[entered] < edge
    )
    censored = Subjects(subjects.clock, subjects.index, subjects.event & early, entered)

    def within(part: Subjects, rows: BoolArray) -> tuple[HazardRatio | None, str | None]:
        strata = None if codes is None else codes[rows]
        return or_reason(
            hazard_ratio_of, part.take(rows), group[rows], strata=strata, level=level, names=names
        )

    return Piecewise(float(cut), *within(censored, starts), *within(subjects, late))
