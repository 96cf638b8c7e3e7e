"""What of a page is asked again: the patients behind each of its numbers, and our answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from services.arrays import BoolArray
from services.pages.second_opinion.records import Key
from services.pages.subgroups.records import SubgroupsPage
from services.pages.survival.records import SurvivalPage
from services.statistics.opinions.programs import Patients
from services.statistics.results import HazardRatio, Row
from services.study.rows import entry_of
from services.units import DAYS_PER_UNIT
from services.views.study import View

ALL = ("", "")


@dataclass(frozen=True, eq=False)
class Question:
    """Numbers that one call of another program answers; ``times`` of survival on a curve."""

    kind: Literal["curve", "log_rank", "cox", "interaction"]
    patients: Patients
    ours: Mapping[Key, float | None]
    times: tuple[float, ...] = ()


def of_survival(page: SurvivalPage) -> Iterator[Question]:
    """Curves, tests and models of the survival page."""
    result, view = page.result, page.view
    if result is None:
        return
    everyone = patients(page.records, view)
    for curve in result.curves:
        ours = _three(Key(ALL, "median", curve.arm, None, ""), curve.median)
        for point in curve.landmarks:
            key = Key(ALL, "survival", curve.arm, point.time, "")
            ours |= _three(key, point, point.survival)
        side = everyone.take(everyone.group == view.arms.index(curve.arm))
        yield Question("curve", side, ours, tuple(view.at))
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
        yield _ratio(Key(ALL, "hazard ratio", arm, None, ""), two, pair.hazard_ratio)
        if view.factors:
            two = _pair(within, view.arms.index(arm))
            held_ratio = pair.stratified_hazard_ratio
            yield _ratio(Key(ALL, "stratified hazard ratio", arm, None, ""), two, held_ratio)
        if page.adjustment and arm in page.adjustment.models:
            values = page.adjustment.values
            complete = values.notna().all(axis=1).to_numpy() & known
            whole = replace(everyone, stratum=held, factors=_dummies(values))
            key = Key(ALL, "adjusted hazard ratio", arm, None, "")
            two = _pair(whole.take(complete), view.arms.index(arm))
            yield _ratio(key, two, page.adjustment.models[arm].hazard_ratio)


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
        if row.survival:
            ours[Key(group, "survival", arm, page.time, "estimate")] = row.survival[arm]
        yield Question("curve", everyone.take(own), ours, (page.time,))
    strata = [name for name in page.view.strata if name != group[0]]
    held = page.covariates[strata]
    known = inside & held.notna().all(axis=1).to_numpy()
    codes: Any = held.groupby(strata, observed=True).ngroup().to_numpy() if strata else None
    key = Key(group, "hazard ratio", page.pair[1], None, "")
    yield _ratio(key, replace(everyone, stratum=codes).take(known), row.hazard_ratio)


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


def _pair(found: Patients, code: int) -> Patients:
    """The reference, as 0, and one other arm, as 1."""
    two = found.take((found.group == 0) | (found.group == code))
    return replace(two, group=(two.group == code).astype(np.int64))


def _dummies(values: pd.DataFrame) -> pd.DataFrame:
    """Factors as numbers: a column per level but the first, less those nobody is in."""
    made = pd.get_dummies(values, drop_first=True, dtype=float)
    kept: pd.DataFrame = made.loc[:, made.nunique() > 1]
    return kept


def _test(what: str, arm: str, who: Patients, p: float) -> Question:
    return Question("log_rank", who, {Key(ALL, what, arm, None, "p"): p})


def _ratio(key: Key, who: Patients, ours: HazardRatio | None) -> Question:
    return Question("cox", who, _three(key, ours))


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
