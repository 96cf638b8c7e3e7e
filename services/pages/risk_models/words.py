"""Sentences of the page of risk models."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from services import format as fmt
from services import names
from services.pages import caution
from services.pages.paragraph import of_view, patients, written
from services.pages.records import Methods
from services.pages.risk_models.records import CrossTable, ModelSide
from services.pages.subgroups import words as subgroups_words
from services.pages.survival.methods import entry_part
from services.statistics.results import Difference, ForestResult
from services.study.model import Endpoint, Study
from services.study.records import Population, Stratum
from services.views.study import View

if TYPE_CHECKING:
    from services.statistics.results import Group


def answer(
    table: CrossTable,
    sides: Sequence[ModelSide],
    pair: tuple[str, str] | None,
    view: View,
    time: float,
) -> tuple[str, str]:
    """How often the models disagree, and whether the benefit follows them."""
    first, second = (side.info.title for side in sides)
    if table.both == 0:
        return f"No patient has a level of both {first} and {second}.", ""
    moved = table.higher + table.lower
    both = names.count(table.both, "patient")
    share = fmt.percent(moved / table.both, 0)
    text = (
        f"{first} and {second} agree on low, intermediate or high in all {both}."
        if moved == 0
        else f"{moved} of {both} ({share}) change between low, intermediate and"
        f" high: {second} puts {table.higher} higher and {table.lower} lower than {first}."
    )
    if table.untold:
        text += f" {table.untold} more lack a level of one of them."
    if pair is None:
        return text, ""
    return text, " ".join(_benefit(side, pair, view, time) for side in sides)


def paragraph(
    study: Study,
    view: View,
    endpoint: Endpoint,
    pair: tuple[str, str] | None,
    population: Population,
    strata: Sequence[Stratum],
    time: float,
    models: Sequence[str],
    forest: ForestResult | None,
) -> Methods:
    """The methods as a manuscript tells them; ``models`` by their titles."""
    told = names.join_and([names.label(title) for title in models])
    if pair is not None and forest is not None:
        return subgroups_words.paragraph(
            study, view, endpoint, pair, population, strata, time, "each model", forest.tests,
            ["models"], models=told,
        )  # fmt: skip
    who = patients(study, population, study.arms)
    said = ["models", "levels", *entry_part(study, endpoint)]
    return written(
        said, ["levels"], study, **of_view(view), models=told, who=who, Endpoint=endpoint.label
    )


def counts_progression(endpoint: Endpoint) -> bool:
    """Whether events of the endpoint are what the models' published shares count."""
    told = f"{endpoint.label} {endpoint.event}".casefold()
    return "progress" in told and "after progression" not in told


def _benefit(side: ModelSide, pair: tuple[str, str], view: View, time: float) -> str:
    """The absolute benefit in each level, and whether it can be said to follow the levels."""
    known = [
        (level.level, level.row.difference)
        for level in side.levels
        if level.row is not None
        and level.row.difference is not None
        and level.row.difference.estimate is not None
    ]
    title = side.info.title
    if len(known) < 2:
        return f"{title}: the benefit cannot be compared between levels ({_tested(side.group)})."
    listed = names.join_and([f"{_points(d)} in {names.label(name)}" for name, d in known])
    when = names.time(time, view.unit)
    values = [d.estimate for _, d in known if d.estimate is not None]
    trend = _trend(values) if _shows(side.group) else ""
    return (
        f"{title}: the difference at {when} {names.on(pair[1])}{trend}, in percentage"
        f" points: {listed}; {_tested(side.group)}."
    )


def _points(difference: Difference) -> str:
    estimate = fmt.points(difference.estimate, 0)
    if difference.lower is None or difference.upper is None:
        return estimate
    return f"{estimate} ({fmt.points_interval(difference.lower, difference.upper, 0)})"


def _shows(group: Group | None) -> bool:
    """Whether the interaction test lets a trend over the levels be said at all."""
    test = group.interaction if group else None
    return bool(group and group.caution is None and test and test.p < caution.SIGN)


def _trend(values: Sequence[float]) -> str:
    steps = [b - a for a, b in pairwise(values)]
    if all(s > 0 for s in steps):
        return " rises with the level"
    if all(s < 0 for s in steps):
        return " falls with the level"
    return " does not follow the levels in order"


def _tested(group: Group | None) -> str:
    test = group.interaction if group else None
    if group is None or test is None:
        return "no interaction test"
    if group.caution is not None:
        return group.caution
    words = f"interaction {fmt.p_equals(test.p)}"
    if test.p < caution.SIGN:
        return words
    return f"{words}: {caution.chance(test, caution.events_of(group))}"
