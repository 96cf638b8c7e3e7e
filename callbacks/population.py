"""The rail's part of every study page's callback: what was answered last in, the next answer out.

The filters are in the address, where ``assets/rail.js`` writes them. A page's ``update`` takes
``inputs(PAGE)`` beside its own and returns ``answers(...)`` for ``outputs(PAGE)`` beside its own
outputs, so that one callback computes the whole page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Output, State, ctx, no_update, set_props

from callbacks.said import no_question
from components import rail
from services.pages.records import PageRecord
from services.views.link import Link
from services.views.study import View, decode_each, encode


def inputs(page: str) -> dict[str, Any]:
    """What the rail of the page of that name tells its callback."""
    return {"answered": State(rail.answered_id(page), "data")}


def outputs(page: str) -> dict[str, Any]:
    """What the callback of the page of that name tells its rail, as ``answers`` gives it."""
    return {
        "island": Output(rail.island_id(page), "data"),
        "answered": Output(rail.answered_id(page), "data"),
    }


def opened(page: str, search: str, rail_inputs: Mapping[str, Any]) -> bool:
    """Whether an address is asked as it stands: typed, linked or gone back to.

    One that the filters wrote is not: what the other controls say counts beside it.
    """
    written = bool(rail_inputs) and search == _told(rail_inputs).get("filtered")
    return ctx.triggered_id == f"{page}-address" and not written


def answered_last(rail_inputs: Mapping[str, Any]) -> View:
    """The view of the last answer. A control that was made to follow it asks nothing new."""
    return decode_each(_told(rail_inputs)["query"])[0]


def _told(rail_inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was answered last, as the browser gives it back.

    Raises
    ------
    UserError : it is nothing that was ever answered (400)
    """
    told = rail_inputs["answered"]
    if not isinstance(told, dict) or not isinstance(told.get("query"), str):
        raise no_question()
    return told


def answers(
    name: str, page: PageRecord, view: View, link: Link[View], rail_inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Values for ``outputs(name)``; the filters' controls are made to follow the view.

    Parameters
    ----------
    view : of the page, without the study's defaults; link : the address it was asked by
    """
    query = encode(view)
    answered = rail.answered(page, query)
    if answered["columns"] != _told(rail_inputs).get("columns"):
        set_props(rail.drawn_id(name), {"data": rail.live(page, query, draw=True)})
    # What was wrong with the link is said until the reader changes something.
    problems = link.problems if link.says(view) else ()
    return {"island": rail.live(page, query, problems=problems), "answered": answered}


# An error must not lose what was chosen.
UNCHANGED = {"island": no_update, "answered": no_update}
