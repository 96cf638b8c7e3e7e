"""The rail's part of every study page's callback: filters in, filters and counts out.

A page's ``update`` takes ``inputs(PAGE)`` beside its own and returns ``answers(...)`` for
``outputs(PAGE)`` beside its own outputs, so that one callback computes the whole page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from callbacks.controls import follow_all
from components import rail
from services.page_records import FilterColumn, StudyPage
from services.population import filter_columns
from services.study import Study
from services.view import View, readable


def inputs(page: str) -> dict[str, Any]:
    """What the rail of the page of that name tells its callback."""
    return {
        "filters": Input(rail.filter_id(page, ALL), "value"),
        "ranges": Input(rail.range_id(page, ALL), "value"),
        "lows": Input(rail.range_id(page, ALL, "low"), "value"),
        "highs": Input(rail.range_id(page, ALL, "high"), "value"),
        "missing": Input(rail.range_id(page, ALL, "missing"), "checked"),
        "reset": Input(rail.reset_id(page), "n_clicks"),
        "filter_ids": State(rail.filter_id(page, ALL), "id"),
        "range_ids": State(rail.range_id(page, ALL), "id"),
        "live": State(rail.island_id(page), "data"),
    }


def outputs(page: str) -> dict[str, Any]:
    """What the callback of the page of that name tells its rail, as ``answers`` gives it."""
    return {"island": Output(rail.island_id(page), "data")}


def with_filters(study: Study, view: View, rail_inputs: Mapping[str, Any]) -> View:
    """The view with the filters as the rail has them (none after "Reset")."""
    if isinstance(ctx.triggered_id, str) and ctx.triggered_id.endswith("-reset"):
        return view.with_filters({})
    boxed = {item["column"] for item in rail_inputs["filter_ids"]}
    ranged = {item["column"] for item in rail_inputs["range_ids"]}
    # Groups cut after the rail was drawn have no boxes in it: their filters stay as they are.
    chosen = {name: list(values) for name, values in view.filters if name not in boxed | ranged}
    for item, values in zip(rail_inputs["filter_ids"], rail_inputs["filters"], strict=True):
        chosen[item["column"]] = rail.from_boxes(values)
    columns = {c.name: c for c in filter_columns(study)}
    for i, item in enumerate(rail_inputs["range_ids"]):
        name = item["column"]
        low, high = _ends(name, i, rail_inputs)
        chosen[name] = rail.from_range(columns[name], low, high, rail_inputs["missing"][i])
    asked = view.with_filters(chosen)
    # Boxes that say what was answered last were set by us: the address is newer than they are.
    return view if asked.filters == answered_last(rail_inputs).filters else asked


def answered_last(rail_inputs: Mapping[str, Any]) -> View:
    """The view of the last answer. A control that was made to follow it asks nothing new."""
    return readable((rail_inputs["live"] or {}).get("query") or "")


def _ends(name: str, i: int, rail_inputs: Mapping[str, Any]) -> tuple[Any, Any]:
    """Slider and fields say the same, but for the one just moved: that one counts."""
    triggered = ctx.triggered_id
    typed = (
        isinstance(triggered, dict)
        and triggered.get("column") == name
        and triggered.get("type") in ("low", "high")
    )
    if typed:
        low, high = rail_inputs["lows"][i], rail_inputs["highs"][i]
        # An emptied field holds "": that end is open again.
        return (low if low != "" else None), (high if high != "" else None)
    low, high = rail_inputs["ranges"][i]
    return low, high


def answers(page: StudyPage, query: str, rail_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Values for ``outputs``; the filters' controls are made to follow the view."""
    chosen = dict(page.view.filters)
    by_name: dict[str, FilterColumn] = {c.name: c for c in page.filters}
    boxed, ranged = rail_inputs["filter_ids"], rail_inputs["range_ids"]
    wanted = [rail.boxes(chosen.get(item["column"], ())) for item in boxed]
    follow_all(boxed, wanted, rail_inputs["filters"])
    ends = [
        rail.range_values(by_name[item["column"]], chosen.get(item["column"], ()))
        for item in ranged
    ]
    follow_all(ranged, [[low, high] for low, high, _ in ends], rail_inputs["ranges"])
    follow_all(ranged, [low for low, _, _ in ends], rail_inputs["lows"], "low")
    follow_all(ranged, [high for _, high, _ in ends], rail_inputs["highs"], "high")
    follow_all(ranged, [keep for *_, keep in ends], rail_inputs["missing"], "missing", "checked")
    return {"island": rail.live(page, query)}


UNCHANGED = {"island": no_update}  # an error must not lose what was chosen
