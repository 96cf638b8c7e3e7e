"""Callbacks of the safety page: controls -> View -> safety -> components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import flask
from dash import Dash, Input, Output, State, ctx, no_update

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import Typed, mark, same
from components import page_notice, safety
from components.safety_controls import ANY_VALUE, control_values, toolbar_class, versus_data
from services import safety_export, safety_scripts
from services.catalogue import Catalogue
from services.page_records import file_name
from services.safety import minimal, safety_page
from services.safety_listing import all_listed
from services.safety_records import SafetyPage
from services.study import Study
from services.view import View, encode, read_field
from services.views.link import Link, study_link

PAGE = "safety"

CONTROLS = (
    "section",
    "versus",
    "reference",
    "emergent",
    "grade",
    "only",
    "effect",
    "order",
    "least",
    "q",
    "term",
    "timeplot",
    "unit",
    "level",
)
TYPED = ("least",)
_OUTPUTS = {
    "figure": Output("safety-graph", "figure"),
    "island": Output("safety-island", "data"),
    "toolbar": Output("safety-toolbar", "className"),
    "versus": Output("safety-versus", "data"),
    "search": Output("safety-address", "search"),
}


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = safety_page(study, link.view)
    return safety.safety_layout(page, studies, link.query, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes chart, tables and words together: one round trip per change."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        safety_page,
        {
            "json": lambda page: addresses.json_response(safety_export.safety_json(page)),
            "csv": lambda page: _file(page, safety_export.safety_csv(page), "safety", "csv"),
            "data.csv": lambda page: _file(
                page, safety_scripts.patients_csv(page), "safety-patients", "csv"
            ),
            "py": lambda page: _script(page, safety_scripts.python_script, "py"),
            "R": lambda page: _script(page, safety_scripts.r_script, "R"),
            "events.csv": lambda page: _file(page, _events(page), "safety-events", "csv"),
            "figure.json": lambda page: addresses.json_response(safety.image(page)),
        },
    )

    @app.callback(
        output={
            "page": _OUTPUTS,
            "rail": population.outputs(PAGE),
            "controls": {name: Output(f"safety-{name}", "value") for name in CONTROLS},
        },
        inputs={
            "search": Input("safety-address", "search"),
            "controls": {name: Input(f"safety-{name}", "value") for name in CONTROLS},
            "action": Input("safety-action", "data"),
            "rail": population.inputs(PAGE),
            "_display": Input("display", "data"),
        },
        state={
            "study_id": State("safety-study", "data"),
            "errors": {name: State(f"safety-{name}", "error") for name in TYPED},
        },
        prevent_initial_call=True,
    )
    def update(
        search: str,
        controls: dict[str, Any],
        action: dict[str, Any],
        rail: dict[str, Any],
        study_id: str,
        errors: dict[str, Any],
        **_triggers: Any,
    ) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            opened = population.opened(PAGE, search, rail)
            link = study_link(search, partial(safety_page, study))
            view = link.view
            wrong: dict[str, str] = {}
            if ctx.triggered_id == "safety-action":
                view = acted(view, action)
            elif not opened and ctx.triggered_id != "display":
                view, wrong = view_from(study, view, controls)
            page = safety_page(study, view)
            mark(PAGE, wrong, errors)
            return _answers(page, link, rail, controls, wrong)
        except Exception as problem:
            return _sorry(problem)


def _events(page: SafetyPage) -> str:
    return safety_export.events_csv(page, all_listed(page.study, page.view, page.pair))


def _file(page: SafetyPage, text: str, name: str, ending: str) -> flask.Response:
    return addresses.download(text, file_name(page, name, ending, endpoint=False))


def _script(
    page: SafetyPage, make: Callable[[SafetyPage, str], str], ending: str
) -> flask.Response:
    return addresses.script(make, page, file_name(page, PAGE, ending, endpoint=False))


def acted(view: View, action: Mapping[str, Any]) -> View:
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


def view_from(
    study: Study, before: View, controls: Mapping[str, Any]
) -> tuple[View, dict[str, str]]:
    """The view as the controls have it, and what is wrong with fields.

    A changed selection starts at its first page.
    """
    shown = before.arms or tuple(a.name for a in study.arms)
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in shown and a.name != reference]
    arms = (reference, *others) if reference in shown else before.arms
    versus = controls["versus"] if controls["versus"] in others else ""
    term = controls["term"]
    typed = Typed(before, controls)
    view = replace(
        before,
        arms=arms,
        section=controls["section"],
        versus=versus,
        emergent=controls["emergent"],
        grade=controls["grade"],
        only=tuple(controls["only"] or ()),
        effect=controls["effect"],
        order=controls["order"],
        least=typed.read("least"),
        q=(controls["q"] or "").strip(),
        term="" if term in (None, ANY_VALUE) else term,
        timeplot=controls["timeplot"],
        unit=controls["unit"],
        level=typed.read("level"),
        # Times in months mean nothing in years.
        at=before.at if controls["unit"] == before.unit else (),
        page=1,
    )
    return view, typed.wrong


def _controls(page: SafetyPage) -> dict[str, Any]:
    values = control_values(page)
    return values | {"term": values["term"] or ANY_VALUE}


def _answers(
    page: SafetyPage,
    link: Link[View],
    rail: Mapping[str, Any],
    controls: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> dict[str, Any]:
    view = minimal(page.study, page.view)
    query = encode(view)
    figure = safety.figure(page, scheme(), narrow())
    return {
        "page": {
            "figure": figure,
            "island": safety.words(page, figure["layout"]["height"]),
            "toolbar": toolbar_class(page),
            "versus": versus_data(page),
            # A link that says the same in other words stays as it was written.
            "search": no_update if link.says(view) else query,
        },
        "rail": population.answers(PAGE, page, view, link, rail),
        "controls": {
            name: no_update
            if value == controls[name]
            or name in wrong
            or (name in TYPED and same(name, controls[name], value))
            else value
            for name, value in _controls(page).items()
        },
    }


def _sorry(problem: Exception) -> dict[str, Any]:
    """What was wrong, in place of everything; what was chosen stays."""
    error = explain(problem)
    return {
        "page": dict.fromkeys(_OUTPUTS, no_update) | {"island": page_notice.failure(error)},
        "rail": population.UNCHANGED,
        "controls": dict.fromkeys(CONTROLS, no_update),
    }
