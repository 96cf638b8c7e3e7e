"""The safety page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from callbacks.controls import Controls
from callbacks.study_page import Event, StudyPage
from components.controls import versus_data
from components.safety import layout as safety_layout
from components.safety.controls import ANY_VALUE, control_values, toolbar_class
from services.adverse_events.listing import all_listed
from services.pages.defaults import minimal_pair
from services.pages.records import file_name
from services.pages.safety import export as safety_export
from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.study.model import Study
from services.views.study import View, read_field


def after_click(view: View, action: Mapping[str, Any]) -> View:
    """The view after a click inside a table: a class opened or closed, a page turned."""
    kind, value = action.get("kind"), str(action.get("value", ""))
    if kind == "page":
        return replace(view, page=read_field("page", value))
    if kind == "all":
        return replace(view, open=("*",) if value == "*" else ())
    if kind == "toggle":
        is_open = [name for name in view.open if name != "*"]
        if value in is_open:
            return replace(view, open=tuple(name for name in is_open if name != value))
        return replace(view, open=(*is_open, value))
    return view


def view_from(study: Study, controls: Controls) -> View:
    """The view as the controls have it."""
    term = controls["term"]
    return replace(
        controls.before,
        **controls.held("section", "emergent", "grade", "effect", "order", "timeplot", "unit"),
        arms=controls.arms(study),
        versus=controls.versus(study),
        only=tuple(controls["only"] or ()),
        least=controls.read("least"),
        q=(controls["q"] or "").strip(),
        term="" if term in (None, ANY_VALUE) else term,
        level=controls.read("level"),
    )


def _events(page: SafetyPage) -> str:
    return safety_export.events_csv(page, all_listed(page.study, page.view, page.pair))


PAGE = StudyPage(
    name="safety",
    title="Safety",
    make=safety_page,
    layout=safety_layout.safety_layout,
    words=safety_layout.words,
    minimal=minimal_pair,
    figures={"graph": safety_layout.figure},
    controls=(
        "section", "versus", "reference", "emergent", "grade", "only", "effect", "order", "least",
        "q", "term", "timeplot", "unit", "level",
    ),
    typed=("least",),
    values=control_values,
    view_from=view_from,
    events={
        "safety-action": Event(act=lambda _study, view, action, _: (after_click(view, action), {}))
    },
    options={
        ("safety-toolbar", "className"): toolbar_class,
        ("safety-versus", "options"): versus_data,
    },
    files={
        "json": safety_export.safety_json,
        "csv": safety_export.safety_csv,
        **safety_export.SCRIPTS.files,
        "events.csv": _events,
    },
    image=safety_layout.image,
    file_stem=partial(file_name, endpoint=False),
)  # fmt: skip
