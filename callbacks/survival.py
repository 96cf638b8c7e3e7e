"""Callbacks of the survival page: controls -> View -> analysis -> components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import flask
from dash import Dash, Input, Output, State, no_update, set_props

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import Typed, follow, mark
from components import page_notice, survival
from components.survival_controls import control_values, plot_options
from services import export, scripts
from services.analysis import minimal, survival_page
from services.catalogue import Catalogue
from services.page_records import SurvivalPage, file_name
from services.study import Study
from services.view import LAYERS, NOTHING, View, encode
from services.views.link import Link, study_link

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
TYPED = ("at", "tau", "ticks", "xmax")
_OUTPUTS = {
    "figure": Output("survival-graph", "figure"),
    "island": Output("survival-island", "data"),
    "search": Output("survival-address", "search"),
}


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = survival_page(study, link.view)
    return survival.survival_layout(page, studies, link.query, scheme(), narrow())


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
            "errors": {name: State(f"survival-{name}", "error") for name in TYPED},
            "rail": population.inputs(PAGE),
            "_display": Input("display", "data"),
        },
        state={"study_id": State("survival-study", "data")},
        prevent_initial_call=True,
    )
    def update(
        search: str,
        controls: dict[str, Any],
        errors: dict[str, Any],
        rail: dict[str, Any],
        study_id: str,
        **_triggers: Any,
    ) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            opened = population.opened(PAGE, search, rail)
            link = study_link(search, partial(survival_page, study))
            view = link.view
            wrong: dict[str, str] = {}
            if not opened:
                asked, wrong = view_from(study, view, controls)
                last = population.answered_last(rail)
                # Controls that say what was answered last were set by us: the address is newer.
                same = minimal(study, replace(asked, filters=last.filters)) == minimal(study, last)
                view = view if same else asked
            page = survival_page(study, view)
            mark(PAGE, wrong, errors)
            return _answers(page, link, rail, controls, wrong)
        except Exception as problem:
            return _sorry(problem)


def _file(page: SurvivalPage, text: str, name: str, ending: str) -> flask.Response:
    return addresses.download(text, file_name(page, name, ending))


def _script(
    page: SurvivalPage, make: Callable[[SurvivalPage, str], str], ending: str
) -> flask.Response:
    return addresses.script(make, page, file_name(page, PAGE, ending))


def view_from(
    study: Study, before: View, controls: Mapping[str, Any]
) -> tuple[View, dict[str, str]]:
    """The view as the controls have it, and what is wrong with fields; the filters stay."""
    arms = controls["arms"] or [a.name for a in study.arms]
    reference = controls["reference"]
    others = [a.name for a in study.arms if a.name in arms and a.name != reference]
    # Times typed in months mean nothing in years: a change of unit starts from the defaults.
    same_unit = controls["unit"] == before.unit

    # What is drawn by default follows the endpoint.
    shown = survival_page(study, before).view.plot
    typed = Typed(before, controls)
    view = replace(
        before,
        endpoint=controls["endpoint"],
        arms=(reference, *others) if reference in arms else tuple(others),
        unit=controls["unit"],
        scale=controls["scale"],
        ci=controls["ci"],
        level=typed.read("level"),
        strata=tuple(controls["strata"]),
        at=typed.read("at") if same_unit else (),
        tau=typed.read("tau") if same_unit else None,
        hide=tuple(layer for layer in LAYERS if layer not in controls["layers"]) or NOTHING,
        facet=controls["facet"] or "",
        plot=before.plot if controls["plot"] == shown else controls["plot"],
        ticks=typed.read("ticks") if same_unit else None,
        xmax=typed.read("xmax") if same_unit else None,
    )
    return view, typed.wrong


def _answers(
    page: SurvivalPage,
    link: Link[View],
    rail: Mapping[str, Any],
    controls: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> dict[str, Any]:
    view = page.address
    query = encode(view)
    figure = survival.figure(page, scheme(), narrow())
    plots = plot_options(page)
    follow(PAGE, control_values(page), controls, TYPED, wrong)
    if plots != controls["plots"]:
        set_props("survival-plot", {"data": plots})
    return {
        "page": {
            "figure": figure,
            "island": survival.words(page, figure["layout"]["height"]),
            # A link that says the same in other words stays as it was written.
            "search": no_update if link.says(view) else query,
        },
        "rail": population.answers(PAGE, page, view, link, rail),
    }


def _sorry(problem: Exception) -> dict[str, Any]:
    """What was wrong, in place of the chart; what was chosen stays."""
    error = explain(problem)
    return {
        "page": {
            "figure": no_update,
            "island": page_notice.failure(error),
            "search": no_update,
        },
        "rail": population.UNCHANGED,
    }
