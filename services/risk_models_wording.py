"""Sentences of the page of risk models."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from services import format as fmt
from services.pages import names
from services.risk_models_records import CrossTable, ModelSide
from services.view import View, format_number


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
    share = fmt.percent(moved / table.both, 0)
    text = (
        f"{first} and {second} agree on low, intermediate or high in all {table.both} patients."
        if moved == 0
        else f"{moved} of {table.both} patients ({share}) change between low, intermediate and"
        f" high: {second} puts {table.higher} higher and {table.lower} lower than {first}."
    )
    if table.untold:
        text += f" {table.untold} more lack a level of one of them."
    if pair is None:
        return text, ""
    return text, " ".join(_benefit(side, pair, view, time) for side in sides)


def _benefit(side: ModelSide, pair: tuple[str, str], view: View, time: float) -> str:
    """Whether the absolute benefit rises with the level, and what the test says."""
    known = [
        (level.level, level.row.difference.estimate)
        for level in side.levels
        if level.row is not None
        and level.row.difference is not None
        and level.row.difference.estimate is not None
    ]
    test = side.group.interaction if side.group else None
    tested = f"interaction {fmt.p_equals(test.p)}" if test else "no interaction test"
    if len(known) < 2:
        return f"{side.info.title}: the benefit cannot be compared between levels ({tested})."
    values = [value for _, value in known]
    listed = names.join_and([f"{fmt.points(v, 0)} ({name.lower()})" for name, v in known])
    steps = [b - a for a, b in pairwise(values)]
    trend = (
        "rises with the level"
        if all(s > 0 for s in steps)
        else "falls with the level"
        if all(s < 0 for s in steps)
        else "does not follow the levels in order"
    )
    when = f"{format_number(time)} {view.unit}"
    return (
        f"{side.info.title}: the difference at {when} on {names.arm(pair[1])} {trend},"
        f" {listed} percentage points; {tested}."
    )
