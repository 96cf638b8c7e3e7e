"""Callbacks of the survival page: controls -> View -> analysis -> components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import flask
from dash import Dash, Input, Output, State, no_update, set_props

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import follow
from components import survival
from components.survival_controls import control_values, plot_options
from services import export, scripts
from services.analysis import minimal, survival_page
from services.catalogue import Catalogue
from services.page_records import SurvivalPage, file_name
from services.study import Study
from services.view import LAYERS, NOTHING, View, decode, encode, read_field, readable, says

PAGE = "survival"

CONTROLS = (
    "endpoint",
    "arms",
    "reference",
    "unit",
    "scale",
    "ci",
    "level",
    "strata",
    "at",
    "tau",
    "layers",
    "facet",
    "plot",
    "ticks",
    "xmax",
)
_OUTPUTS = {
    "figure": Output("survival-graph", "figure"),
    "island": Output("survival-island", "data"),
    "search": Output("survival-address", "search"),
}


def layout(study: Study, query: str, studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = survival_page(study, decode(query))
    return survival.survival_layout(page, studies, query, scheme(), narrow())


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes chart, numbers and words together: one round trip per change."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        survival_page,
        {
            "json": lambda page: addresses.json_response(export.survival_json(page)),
            "csv": lambda page: _file(page, export.survival_csv(page), "survival", "csv"),
            "data.csv": lambda page: _file(
                page, export.patients_csv(page), "survival-patients", "csv"
            ),
            "py": lambda page: _script(page, scripts.python_script, "py"),
            "R": lambda page: _script(page, scripts.r_script, "R"),
            "figure.json": lambda page: addresses.json_response(survival.image(page)),
        },
    )

    @app.callback(
        output={
            "page": _OUTPUTS,
            "rail": population.outputs(PAGE),
        },
        inputs={
            "search": Input("survival-address", "search"),
            "controls": {name: Input(f"survival-{name}", "value") for name in CONTROLS}
            | {"plots": State("survival-plot", "data")},
            "rail": population.inputs(PAGE),
            "_display": Input("display", "data"),
        },
        state={"study_id": State("survival-study", "data")},
        prevent_initial_call=True,
    )
    def update(
        search: str,
        controls: dict[str, Any],
        rail: dict[str, Any],
        study_id: str,
        **_triggers: Any,
    ) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            opened = population.opened(PAGE, search, rail)
            view = decode(search) if opened else readable(search)
            if not opened:
                asked = view_from(study, view, controls)
                last = population.answered_last(rail)
                # Controls that say what was answered last were set by us: the address is newer.
                same = minimal(study, replace(asked, filters=last.filters)) == minimal(study, last)
                view = view if same else asked
            page = survival_page(study, view)
            return _answers(page, search, rail, controls)
        except Exception as problem:
            return _sorry(problem)


def _file(page: SurvivalPage, text: str, name: str, ending: str) -> flask.Response:
    return addresses.download(text, file_name(page, name, ending))


def _script(
    page: SurvivalPage, make: Callable[[SurvivalPage, str], str], ending: str
) -> flask.Response:
    return addresses.script(make, page, file_name(page, PAGE, ending))


def view_from(study: Study, before: View, controls: Mapping[str, Any]) -> View:
    """The view as the controls have it; the filters stay as they were."""
    arms = controls["arms"] or [a.name for a in study.arms]
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in arms and a.name != reference]
    # Times typed in months mean nothing in years: a change of unit starts from the defaults.
    same_unit = controls["unit"] == before.unit

    def number(name: str) -> float | None:
        value = controls[name]
        return read_field(name, str(value)) if same_unit and value not in ("", None) else None

    return replace(
        before,
        endpoint=controls["endpoint"],
        arms=(reference, *others) if reference in arms else tuple(others),
        unit=controls["unit"],
        scale=controls["scale"],
        ci=controls["ci"],
        level=read_field("level", controls["level"]),
        strata=tuple(controls["strata"]),
        at=read_field("at", controls["at"]) if same_unit else (),
        tau=number("tau"),
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=controls["plot"],
        ticks=number("ticks"),
        xmax=number("xmax"),
    )


def _answers(
    page: SurvivalPage, search: str, rail: Mapping[str, Any], controls: Mapping[str, Any]
) -> dict[str, Any]:
    view = minimal(page.study, page.view)
    query = encode(view)
    figure = survival.figure(page, scheme(), narrow())
    plots = plot_options(page)
    follow(PAGE, control_values(page), controls)
    if plots != controls["plots"]:
        set_props("survival-plot", {"data": plots})
    return {
        "page": {
            "figure": figure,
            "island": survival.words(page, figure["layout"]["height"]),
            # A link that says the same in other words stays as it was written.
            "search": no_update if says(search, view) else query,
        },
        "rail": population.answers(PAGE, page, query, rail),
    }


def _sorry(problem: Exception) -> dict[str, Any]:
    """What was wrong, in place of the chart; what was chosen stays."""
    error = explain(problem)
    return {
        "page": {
            "figure": no_update,
            "island": survival.failure(error.message, error.hint),
            "search": no_update,
        },
        "rail": population.UNCHANGED,
    }
