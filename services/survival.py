"""Survival analysis of trial arms: the one door to the engine.

Runs without the web app, as in a notebook:

>>> from services import survival
>>> result = survival.analyse(
...     [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], list("aaaabbbb"), arms=["a", "b"])
>>> round(result.comparisons[0].hazard_ratio.estimate, 4)
0.7944
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, IntArray
from services.errors import UserError
from services.statistics import inputs, times
from services.statistics import kaplan_meier as _km
from services.statistics import landmarks as statistics_landmarks
from services.statistics import rmst as _rmst
from services.statistics.adjusted import CoxFit, cox
from services.statistics.cox import Piecewise, hazard_ratio, hazard_ratio_of, piecewise_hazard_ratio
from services.statistics.kaplan_meier import follow_up, kaplan_meier
from services.statistics.log_rank import MaxCombo, log_rank, log_rank_of, max_combo
from services.statistics.proportional_hazards import (
    proportional_hazards,
    proportional_hazards_by_term,
    proportional_hazards_of,
    schoenfeld,
)
from services.statistics.results import (
    Comparison,
    Curve,
    HazardRatio,
    Leading,
    NotEstimable,
    Schoenfeld,
    SurvivalResult,
    Test,
    or_reason,
)
from services.statistics.states.aalen_johansen import mean_times_in_states, probability_in_state
from services.statistics.states.mean_time import differences as state_differences
from services.statistics.states.rows import rows_of
from services.statistics.steps import Interval
from services.statistics.times import Subjects

__all__ = [
    "CoxFit",
    "Interval",
    "MaxCombo",
    "NotEstimable",
    "Piecewise",
    "Schoenfeld",
    "analyse",
    "cox",
    "follow_up",
    "hazard_ratio",
    "kaplan_meier",
    "leading_hazard_ratios",
    "log_rank",
    "max_combo",
    "mean_times_in_states",
    "piecewise_hazard_ratio",
    "probability_in_state",
    "proportional_hazards",
    "proportional_hazards_by_term",
    "rows_of",
    "schoenfeld",
    "state_differences",
    "warm_up",
]


def warm_up() -> None:
    """Import what is slow to import (lifelines, 2 s), so that the first page is quick."""
    kaplan_meier([1.0], [True])


def analyse(
    time: ArrayLike,
    event: ArrayLike,
    arm: ArrayLike,
    *,
    arms: Sequence[str],
    strata: ArrayLike | None = None,
    ci: Interval = "log-log",
    level: float = 0.95,
    landmarks: Sequence[float] = (),
    tau: float | None = None,
    entry: ArrayLike | None = None,
    ended: ArrayLike | None = None,
    compared: bool = True,
) -> SurvivalResult:
    """Curves of every arm and every other arm compared with the first.

    Parameters
    ----------
    time : (n,) time to event or censoring in the unit of the answer, 0 or more
    event : (n,) true for an event
    arm : (n,) name of each subject's arm; subjects of arms not asked for are left out
    arms : the arms to show, first the reference
    strata : (n,) one code per subject; adds the stratified tests and hazard ratios, of which
        subjects with a missing value are left out, as by R's ``strata()``
    ci : interval of the curves: ``log-log``, ``log`` or ``plain``
    level : confidence level of every interval
    landmarks : times at which survival is read and compared
    tau : end of the restricted mean; the smallest of the arms' last times when left out
    entry : (n,) entry times (left truncation), for curves and Cox models; no log-rank test is
        made of them
    ended : (n,) true where the time ended with an event of any kind, also one that competes: what
        median follow-up is told by; ``event`` when left out
    compared : false for the curves alone, without tests and comparisons

    Returns
    -------
    SurvivalResult
        An arm without subjects has no curve, and its comparison says so. What cannot be
        estimated is ``None`` with a reason.

    Raises
    ------
    UserError : faulty data or options, no arm asked for, or one asked for twice

    >>> r = analyse([1, 2, 3, 4], [1, 1, 0, 0], ["a", "a", "b", "b"], arms=["a", "b"])
    >>> r.comparisons[0].hazard_ratio, r.comparisons[0].reason
    (None, '0 events in b')
    """
    names = _named(arms)
    subjects, group, stratum, shown = _read(time, event, arm, names, strata, entry)
    over = subjects.event if ended is None else np.asarray(ended, dtype=bool)
    if ended is not None:
        inputs.same_length(len(shown), ended=over)
        over = over[shown]
    end = _rmst.check_tau(tau)
    sides = [subjects.take(group == code) for code in range(len(names))]
    if end is None:
        last = [float(side.time.max()) for side in sides if side.n]
        end = min(last) if last and min(last) > 0 else None
    curves: dict[int, Curve] = {
        code: _km.curve(
            side,
            ci=ci,
            level=level,
            landmarks=landmarks,
            tau=end,
            arm=names[code],
            ended=over[group == code],
        )
        for code, side in enumerate(sides)
        if side.n
    }
    if not compared:
        return SurvivalResult(tuple(curves.values()), None, (), None, "unstratified")
    comparisons = tuple(
        _compare(subjects, group, stratum, code, names, curves, landmarks, level, ci)
        for code in range(1, len(names))
    )
    return SurvivalResult(
        tuple(curves.values()),
        _log_rank(subjects, group, None),
        comparisons,
        None if stratum is None else _log_rank(*_within(subjects, group, stratum)),
        _leading(stratum),
    )


def leading_hazard_ratios(
    time: ArrayLike,
    event: ArrayLike,
    arm: ArrayLike,
    *,
    arms: Sequence[str],
    strata: ArrayLike | None = None,
    level: float = 0.95,
    entry: ArrayLike | None = None,
) -> tuple[Leading, dict[str, tuple[HazardRatio | None, str | None]]]:
    """How the first arm is compared, and the ``lead_hazard_ratio`` of every other with it, or why
    there is none: those of ``analyse``, whose parameters and errors they have, and nothing else.

    >>> leading_hazard_ratios([1, 2, 3, 4], [1, 1, 0, 0], ["a", "a", "b", "b"], arms=["a", "b"])
    ('unstratified', {'b': (None, '0 events in b')})
    """
    names = _named(arms)
    subjects, group, stratum, _ = _read(time, event, arm, names, strata, entry)
    found = {}
    for code in range(1, len(names)):
        pair, treated, within = _pair(subjects, group, stratum, code)
        if within is not None:
            pair, treated, within = _within(pair, treated, within)
        found[names[code]] = _ratio(pair, treated, within, level, (names[0], names[code]))
    return _leading(stratum), found


def _leading(stratum: IntArray | None) -> Leading:
    return "unstratified" if stratum is None else "stratified"


def _named(arms: Sequence[str]) -> list[str]:
    names = [str(a) for a in arms]
    if not names:
        raise UserError("No arm is chosen.", "Choose at least one arm.")
    if len(set(names)) < len(names):
        raise UserError("An arm is named twice.", "Name each arm once.")
    return names


def _read(
    time: ArrayLike,
    event: ArrayLike,
    arm: ArrayLike,
    names: Sequence[str],
    strata: ArrayLike | None,
    entry: ArrayLike | None,
) -> tuple[Subjects, IntArray, IntArray | None, BoolArray]:
    """Subjects of these arms, the number of each one's arm and stratum, and who of all they are."""
    labels = np.asarray(arm)
    if labels.dtype.kind not in "OUS":
        labels = labels.astype(str)  # arms told apart by number
    inputs.same_length(len(np.asarray(time)), arm=labels)
    subjects = times.read(time, event, entry)
    group = np.full(subjects.n, -1, dtype=np.int64)
    for code, name in enumerate(names):
        group[labels == name] = code
    stratum = None if strata is None else inputs.codes_or_missing(strata)
    if stratum is not None:
        inputs.same_length(subjects.n, strata=stratum)
        stratum = stratum if stratum.any() else None  # all in one stratum
    shown = group >= 0
    if not shown.all():
        subjects, group = subjects.take(shown), group[shown]
        stratum = None if stratum is None else stratum[shown]
    return subjects, group, stratum, shown


def _pair(
    subjects: Subjects, group: IntArray, stratum: IntArray | None, code: int
) -> tuple[Subjects, IntArray, IntArray | None]:
    """The first arm and another: who, 1 for the other, and their strata."""
    both = (group == 0) | (group == code)
    treated = (group[both] == code).astype(np.int64)
    return subjects.take(both), treated, None if stratum is None else stratum[both]


def _ratio(
    pair: Subjects,
    treated: IntArray,
    strata: IntArray | None,
    level: float,
    called: tuple[str, str],
) -> tuple[HazardRatio | None, str | None]:
    return or_reason(hazard_ratio_of, pair, treated, strata=strata, level=level, names=called)


def _within(
    subjects: Subjects, group: IntArray, stratum: IntArray
) -> tuple[Subjects, IntArray, IntArray]:
    """Those who are in a stratum."""
    known = stratum >= 0
    return (
        (subjects, group, stratum)
        if known.all()
        else (subjects.take(known), group[known], stratum[known])
    )


def _log_rank(subjects: Subjects, group: IntArray, stratum: IntArray | None) -> Test | None:
    if subjects.entry_index is not None:
        return None
    present, packed = np.unique(group, return_inverse=True)
    # The comparisons give the reason.
    return or_reason(log_rank_of, subjects, packed, len(present), strata=stratum)[0]


def _compare(
    subjects: Subjects,
    group: IntArray,
    stratum: IntArray | None,
    code: int,
    names: Sequence[str],
    curves: dict[int, Curve],
    landmarks: Sequence[float],
    level: float,
    ci: Interval,
) -> Comparison:
    pair, treated, within = _pair(subjects, group, stratum, code)
    called = (names[0], names[code])

    def models(
        pair: Subjects, treated: IntArray, strata: IntArray | None
    ) -> tuple[HazardRatio | None, str | None, Test | None, Test | None]:
        ratio, reason = _ratio(pair, treated, strata, level, called)
        # None too for a single event time: nothing can change with time.
        constant = (
            None
            if ratio is None
            else or_reason(proportional_hazards_of, pair, treated, strata=strata, names=called)[0]
        )
        return ratio, reason, _log_rank(pair, treated, strata), constant

    ratio, reason, log_rank_pair, constant = models(pair, treated, None)
    stratified = (
        (None, None, None, None) if within is None else models(*_within(pair, treated, within))
    )
    has_both = 0 in curves and code in curves
    return Comparison(
        arm=names[code],
        reference=names[0],
        hazard_ratio=ratio,
        reason=reason,
        log_rank=log_rank_pair,
        landmark_differences=(
            statistics_landmarks.difference(curves[code], curves[0], landmarks, level, ci)
            if has_both
            else ()
        ),
        rmst_difference=(
            _rmst.difference(curves[code].rmst, curves[0].rmst, level, ci) if has_both else None
        ),
        proportional_hazards=constant,
        stratified_hazard_ratio=stratified[0],
        stratified_reason=stratified[1],
        stratified_log_rank=stratified[2],
        stratified_proportional_hazards=stratified[3],
        leading="unstratified" if stratum is None else "stratified",
    )
