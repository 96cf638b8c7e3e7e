"""What of a page is asked again: the patients behind each of its numbers, and our answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from services.arrays import BoolArray, FloatArray
from services.pages.second_opinion.records import Key
from services.pages.subgroups.records import SubgroupsPage
from services.pages.survival.records import SurvivalPage
from services.statistics import steps, times
from services.statistics.cox import too_few
from services.statistics.opinions.programs import Patients
from services.statistics.results import HazardRatio, Row
from services.study.rows import entry_of
from services.units import DAYS_PER_UNIT
from services.views.study import View

ALL = ("", "")


@dataclass(frozen=True, eq=False)
class Question:
    """Numbers that one call of another program answers; ``times`` of survival on a curve.

    ``reasons`` are the page's own for those that it does not give. ``few``: it could give this
    ratio, but of fewer events than were asked for. ``left_out`` are the columns of an adjusted
    model that have no coefficient, in whole or in part: they do not vary apart from the others.
    """

    kind: Literal["curve", "log_rank", "cox", "interaction"]
    patients: Patients
    ours: Mapping[Key, float | None]
    times: tuple[float, ...] = ()
    reasons: Mapping[Key, str] = field(default_factory=dict)
    few: bool = False
    left_out: tuple[str, ...] = ()


def of_survival(page: SurvivalPage) -> Iterator[Question]:
    """Curves, tests and models of the survival page."""
    result, view = page.result, page.view
    if result is None:
        return
    everyone = patients(page.records, view)
    for curve in result.curves:
        ours = _three(Key(ALL, "median", curve.arm, None, ""), curve.median)
        reasons: dict[Key, str] = {}
        for point in curve.landmarks:
            key = Key(ALL, "survival", curve.arm, point.time, "")
            found = _three(key, point, point.survival)
            ours |= found
            reasons |= _reasons(found, point.reason)
        side = everyone.take(everyone.group == view.arms.index(curve.arm))
        yield Question("curve", side, ours, tuple(view.at), reasons)
    # A missing number of a stratum says that a patient is in none.
    known = page.records["STRATUM"].notna().to_numpy()
    strata = page.records["STRATUM"].fillna(0) if view.factors else None
    held = None if strata is None else strata.to_numpy(dtype=np.int64)
    within = replace(everyone, stratum=held).take(known)
    several = len(view.arms) > 1
    if several and result.log_rank:
        yield _test("log-rank", "", everyone, result.log_rank.p)
    if several and result.stratified_log_rank and view.factors:
        yield _test("stratified log-rank", "", within, result.stratified_log_rank.p)
    for pair in result.comparisons:
        arm = pair.arm
        two = _pair(everyone, view.arms.index(arm))
        if len(view.arms) > 2 and pair.log_rank:
            yield _test("log-rank of the pair", arm, two, pair.log_rank.p)
        key = Key(ALL, "hazard ratio", arm, None, "")
        yield _ratio(key, two, pair.hazard_ratio, pair.reason)
        if view.factors:
            two = _pair(within, view.arms.index(arm))
            key = Key(ALL, "stratified hazard ratio", arm, None, "")
            yield _ratio(key, two, pair.stratified_hazard_ratio, pair.stratified_reason)
        if page.adjustment and arm in page.adjustment.models:
            values = page.adjustment.values
            complete = values.notna().all(axis=1).to_numpy() & known
            whole = replace(everyone, stratum=held, factors=values).take(complete)
            key = Key(ALL, "adjusted hazard ratio", arm, None, "")
            two, left_out = _independent(_pair(whole, view.arms.index(arm)))
            model = page.adjustment.models[arm]
            asked = _ratio(key, two, model.hazard_ratio, model.reason)
            yield replace(asked, left_out=left_out)


def of_subgroups(page: SubgroupsPage) -> Iterator[Question]:
    """Each row of the forest, and the tests of interaction."""
    forest, pair = page.forest, page.pair
    if forest is None or pair is None:
        return
    view = page.view
    everyone = patients(page.records, View(arms=pair, unit=view.unit))
    all_rows = np.ones(len(page.records), dtype=bool)
    yield from _row(page, everyone, ALL, forest.overall, all_rows)
    for group in forest.groups:
        codes = page.covariates[group.variable].astype(str).to_numpy(dtype=object)
        for row in group.levels:
            inside = (codes == row.level) & page.covariates[group.variable].notna().to_numpy()
            yield from _row(page, everyone, (group.variable, row.level), row, inside)
        if group.interaction:
            key = Key((group.variable, ""), "interaction", "", None, "p")
            yield Question("interaction", everyone, {key: group.interaction.p})


def _row(
    page: SubgroupsPage, everyone: Patients, group: tuple[str, str], row: Row, inside: BoolArray
) -> Iterator[Question]:
    assert page.pair is not None
    for code, arm in enumerate(page.pair):
        own = inside & (everyone.group == code)
        if not own.any():
            continue
        ours = {Key(group, "median", arm, None, "estimate"): row.median[arm]}
        side, reasons = everyone.take(own), {}
        if row.survival:
            key = Key(group, "survival", arm, page.time, "estimate")
            ours[key] = row.survival[arm]
            if ours[key] is None:
                reasons[key] = times.ends_before(float(side.time.max()), page.time)
        yield Question("curve", side, ours, (page.time,), reasons)
    strata = [name for name in page.view.strata if name != group[0]]
    held = page.covariates[strata]
    known = inside & (everyone.group >= 0) & held.notna().all(axis=1).to_numpy()
    codes: Any = held.groupby(strata, observed=True).ngroup().to_numpy() if strata else None
    key = Key(group, "hazard ratio", page.pair[1], None, "")
    who = replace(everyone, stratum=codes).take(known)
    few = row.reason == too_few(int(who.event.sum()), page.view.min_events)
    yield replace(_ratio(key, who, row.hazard_ratio, row.reason), few=few)


def patients(records: pd.DataFrame, view: View) -> Patients:
    """The records of a page as arrays, times in the view's unit."""
    scale = DAYS_PER_UNIT[view.unit]
    planned = records["ARM_PLANNED"].to_numpy(dtype=str)
    group = np.full(len(records), -1, dtype=np.int64)
    for code, arm in enumerate(view.arms):
        group[planned == arm] = code
    return Patients(
        time=records["TIME"].to_numpy(dtype=float) / scale,
        event=records["EVENT"].to_numpy(dtype=bool),
        group=group,
        entry=entry_of(records, view.unit),
    )


def flat_at_half(question: Question) -> bool:
    """Whether the curve of a question's patients lies at exactly 50% for a while."""
    who = question.patients
    counts = times.count(times.read(who.time, who.event, who.entry))
    return bool(np.isclose(steps.steps(counts, 0).survival, 0.5, rtol=0, atol=1e-9).any())


def gone_before_events(question: Question) -> bool:
    """Whether a group has nobody left at the first event: it is compared with no other."""
    who = question.patients
    if not who.event.any():
        return False
    there = who.group[who.time >= who.time[who.event].min()]
    return len(np.unique(there[there >= 0])) < len(np.unique(who.group[who.group >= 0]))


def _pair(found: Patients, code: int) -> Patients:
    """The reference, as 0, and one other arm, as 1."""
    two = found.take((found.group == 0) | (found.group == code))
    return replace(two, group=(two.group == code).astype(np.int64))


def _independent(who: Patients) -> tuple[Patients, tuple[str, ...]]:
    """Factors as numbers, less those that have no coefficient, for which R gives NA.

    That is what the arm, the strata and the terms before it determine; the names of the columns so
    left out, in whole or in part, come second.
    """
    assert who.factors is not None
    strata = np.zeros(len(who.time)) if who.stratum is None else who.stratum

    def within(values: pd.Series[Any]) -> FloatArray:
        apart = (values - values.groupby(strata).transform("mean")).to_numpy(dtype=float)
        return np.where(np.abs(apart) < 1e-9 * max(1.0, values.abs().max()), 0.0, apart)

    span = [within(pd.Series(who.group.astype(float)))]
    kept: dict[str, pd.Series[Any]] = {}
    left_out: dict[str, None] = {}
    for name, column in who.factors.items():
        values = column.reset_index(drop=True)
        if isinstance(values.dtype, pd.CategoricalDtype):
            used = values.cat.remove_unused_categories().cat
            terms = [(used.codes == k).astype(float) for k in range(1, len(used.categories))]
        else:
            terms = [values.astype(float)]
        for k, term in enumerate(terms):
            own = within(term)
            if np.linalg.matrix_rank(np.array([*span, own])) > np.linalg.matrix_rank(span):
                span.append(own / own.std())
                kept[f"{name} {k}"] = term
            else:
                left_out[str(name)] = None
        if not terms:
            left_out[str(name)] = None
    return replace(who, factors=pd.DataFrame(kept, index=range(len(who.time)))), tuple(left_out)


def _test(what: str, arm: str, who: Patients, p: float) -> Question:
    return Question("log_rank", who, {Key(ALL, what, arm, None, "p"): p})


def _ratio(key: Key, who: Patients, ours: HazardRatio | None, reason: str | None) -> Question:
    found = _three(key, ours)
    return Question("cox", who, found, reasons=_reasons(found, reason))


def _reasons(ours: Mapping[Key, float | None], reason: str | None) -> dict[Key, str]:
    """The page's reason for each number that it does not give."""
    return {key: reason for key, value in ours.items() if value is None and reason}


def _three(key: Key, found: Any, estimate: float | None = None) -> dict[Key, float | None]:
    """The estimate and its limits, each under its own key."""
    values = {"estimate": estimate, "lower": None, "upper": None}
    if found is not None:
        values |= {"lower": found.lower, "upper": found.upper}
        values["estimate"] = getattr(found, "estimate", estimate)
    return {key._replace(part=part): value for part, value in values.items()}


def keys(questions: Sequence[Question]) -> dict[Key, float | None]:
    """All numbers that are asked for, in the order of the page."""
    return {key: ours for q in questions for key, ours in q.ours.items()}
