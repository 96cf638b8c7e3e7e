"""Mean times beside the hundred patients: free of progression, and with a severe adverse event.

Both are counted from the start to the page's time: the first by planned arm, from the states of the
study's endpoints; the second by actual arm, from the first dose while a patient was watched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from services import names, survival
from services.adverse_events import coded
from services.adverse_events.counts import choose
from services.adverse_events.time import watch
from services.pages.benefit_risk.records import MeanTime, Outcome
from services.pages.benefit_risk.words import not_estimated
from services.pages.lead import stands_for_trial
from services.replaced import replace
from services.statistics import distributions
from services.statistics.proportions import mover
from services.statistics.results import Estimate
from services.study.states import courses, model_of, why_none
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.arrays import BoolArray, FloatArray, IntArray
    from services.study.model import Study
    from services.views.study import View

Pair = tuple[str, str] | None
_BY = ", difference by MOVER"  # said where there is one


def mean_times(
    study: Study,
    view: View,
    pair: Pair,
    arms: tuple[str, ...],
    mask: BoolArray,
    time: float,
    harm: Outcome,
) -> tuple[MeanTime, ...]:
    """Time free of progression and time with a severe adverse event, each up to ``time``.

    Parameters
    ----------
    pair : the arm and its reference; arms : shown, the reference first
    mask : the patients chosen; harm : of the page, whose reason holds here too
    """
    made = (
        _free(study, view, pair, arms, mask, time),
        _severe(study, view, pair, arms, time, harm),
    )
    # No publication gives either of patients who stand for those of a trial.
    given = not stands_for_trial(study)
    return tuple(replace(mean, published=given) for mean in made)


def _free(
    study: Study, view: View, pair: Pair, arms: tuple[str, ...], mask: BoolArray, time: float
) -> MeanTime:
    title = f"{view.unit.capitalize()} free of progression"
    method = (
        "mean time before progression, treatment and death (Aalen-Johansen, as on the states page;"
        f" log-log interval{_BY if pair else ''}); all patients by planned arm"
    )
    model = model_of(study)
    if model is None:
        return MeanTime("free", title, method, time, {}, None, why_none(study))
    found = courses(study, model, mask)
    days = DAYS_PER_UNIT[view.unit]
    rows = survival.rows_of(found.entered / days, found.end / days)
    arm = study.subjects["ARM_PLANNED"].to_numpy()[found.rows]
    told = {}
    for name in arms:
        mine = arm == name
        if not mine.any():
            told[name] = _nobody(name)
            continue
        means = survival.mean_times_in_states(
            rows.of(mine), len(model.states), tau=time, level=view.level
        )
        mean = means.states[0]
        told[name] = Estimate(mean.estimate, mean.lower, mean.upper, mean.reason)
    return MeanTime("free", title, method, time, told, _difference(told, pair))


def _severe(
    study: Study, view: View, pair: Pair, arms: tuple[str, ...], time: float, harm: Outcome
) -> MeanTime:
    """Days on which a severe event was going on, per patient; overlapping ones count once."""
    what = harm.title[:1].lower() + harm.title[1:]
    until = min(time, harm.time)
    title = f"{view.unit.capitalize()} with a {what}"
    method = (
        f"mean per patient of the time under observation for adverse events with a {what} going on;"
        " one without an end goes on while its patient is observed, and later time counts as none"
        f" (normal interval{_BY if pair else ''}); {harm.population}"
    )
    events, found = coded.coded(study), watch(study)
    if harm.reason is not None or events is None or found is None:
        return MeanTime("severe", title, method, until, {}, None, harm.reason)
    chosen = choose(study, replace(view, arms=arms), pair, events)
    inside = (chosen.arm >= 0) & ~np.isnan(found.days)
    last = np.where(inside, np.minimum(found.days, until * DAYS_PER_UNIT[view.unit]), 0.0)
    kept = chosen.counted & events.severe & (np.nan_to_num(events.start, nan=np.inf) >= 1)
    spent = days_with(events.subject[kept], events.start[kept], events.end[kept], last)
    told = {}
    for name in arms:
        mine = inside & (chosen.arm == chosen.arms.index(name))
        values = spent[mine] / DAYS_PER_UNIT[view.unit]
        told[name] = _mean(values, until, view.level) if len(values) else _nobody(name)
    return MeanTime("severe", title, method, until, told, _difference(told, pair))


def days_with(
    subject: IntArray, start: FloatArray, end: FloatArray, last: FloatArray
) -> FloatArray:
    """Days on which each subject had at least one of the events.

    Parameters
    ----------
    subject : (events,) numbers of subjects; start, end : (events,) days, the first being 1 and both
        counted; an end that is NaN is the subject's last day
    last : (subjects,) last day that counts; 0 counts none

    >>> days_with(np.array([0, 0, 1]), np.array([1.0, 3, 5]), np.array([4.0, 6, np.nan]),
    ...           np.array([10.0, 7]))
    array([6., 3.])
    """
    ends = np.minimum(np.where(np.isnan(end), np.inf, end), last[subject])
    kept = start <= ends
    subject, start, ends = subject[kept], start[kept], ends[kept]
    order = np.lexsort((start, subject))
    subject, start, ends = subject[order], start[order], ends[order]
    # The latest end so far of the same subject: of another it is before every start.
    far = float(last.max(initial=0.0)) + 2.0
    shift = subject * far
    latest = np.maximum.accumulate(ends + shift) - shift if len(ends) else ends
    before = np.concatenate(([0.0], latest[:-1] + shift[:-1] - shift[1:])) if len(ends) else ends
    days = np.maximum(ends - np.maximum(start - 1, before), 0.0)
    return np.bincount(subject, weights=days, minlength=len(last)).astype(np.float64)


def _mean(values: FloatArray, most: float, level: float) -> Estimate:
    mean = float(values.mean())
    if len(values) < 2 or values.std() == 0:
        return Estimate(mean, None, None, "all patients alike: no interval")
    half = distributions.quantile_z(level) * float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(mean, max(mean - half, 0.0), min(mean + half, most))


def _nobody(name: str) -> Estimate:
    return Estimate(None, None, None, f"no patients on {names.isolated(name)}")


def _difference(told: Mapping[str, Estimate], pair: Pair) -> Estimate | None:
    return mover(told[pair[0]], told[pair[1]]) if pair else None


def words(means: tuple[MeanTime, ...], unit: str) -> tuple[tuple[str, str], ...]:
    """Label and text of what each rests on."""
    return tuple(
        (f"{m.title}, to {names.time(m.tau, unit)}", not_estimated(m.reason) or m.method)
        for m in means
    )
