"""Callbacks of the page of risk models: controls -> View -> services -> components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import flask
from dash import Dash, Input, Output, State, no_update

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from components import page_notice, risk_models
from components.controls import choice, segmented
from components.risk_models_figure import side_figure
from services import risk_models_export, risk_models_scripts
from services.catalogue import Catalogue
from services.page_records import file_name
from services.risk_models import minimal_view, risk_models_page
from services.risk_models_records import RiskModelsPage
from services.study import Study
from services.view import View, encode
from services.views.link import Link, study_link

PAGE = "risk-models"
CONTROLS = ("endpoint", "first", "second", "of", "unit")


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address, first values included."""
    page = risk_models_page(study, link.view)
    return risk_models.risk_models_layout(
        page, studies, link.query, scheme(), narrow(), _endpoint(page, narrow())
    )


def _endpoint(page: RiskModelsPage, vertical: bool) -> Any:
    options = [(e.id, e.label) for e in page.study.endpoints]
    if len(options) > 4:
        return choice("risk-models-endpoint", options, page.view.endpoint, "Endpoint")
    made = segmented("risk-models-endpoint", options, page.view.endpoint, "Endpoint", vertical)
    made.className = "hidden" if len(options) < 2 else "endpoint-switch"
    return made


def register(app: Dash, catalogue: Catalogue) -> None:
    """One callback computes both models together: one round trip per change."""
    addresses.register_page(
        app.server,
        catalogue,
        PAGE,
        risk_models_page,
        {
            "json": lambda page: addresses.json_response(risk_models_export.risk_models_json(page)),
            "csv": lambda page: _file(
                page, risk_models_export.risk_models_csv(page), "risk-models", "csv"
            ),
            "data.csv": lambda page: _file(
                page, risk_models_export.patients_csv(page), "risk-models-patients", "csv"
            ),
            "py": lambda page: _script(page, risk_models_scripts.python_script, "py"),
            "R": lambda page: _script(page, risk_models_scripts.r_script, "R"),
            "figure.json": lambda page: addresses.json_response(risk_models.image(page)),
        },
    )

    @app.callback(
        output={
            "page": {
                "island": Output("risk-models-island", "data"),
                "search": Output("risk-models-address", "search"),
                "figures": [Output(f"risk-models-graph-{i}", "figure") for i in risk_models.SIDES],
            },
            "rail": population.outputs(PAGE),
            "controls": {name: Output(f"risk-models-{name}", "value") for name in CONTROLS},
        },
        inputs={
            "search": Input("risk-models-address", "search"),
            "controls": {name: Input(f"risk-models-{name}", "value") for name in CONTROLS},
            "rail": population.inputs(PAGE),
            "_display": Input("display", "data"),
        },
        state={"study_id": State("risk-models-study", "data")},
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
            link = study_link(search, partial(risk_models_page, study))
            view = link.view
            if not opened:
                view = view_from(study, view, controls)
            return _answers(risk_models_page(study, view), link, rail)
        except Exception as problem:
            return _sorry(problem)


def _file(page: RiskModelsPage, text: str, name: str, ending: str) -> flask.Response:
    return addresses.download(text, file_name(page, name, ending))


def _script(
    page: RiskModelsPage, make: Callable[[RiskModelsPage, str], str], ending: str
) -> flask.Response:
    return addresses.script(make, page, file_name(page, PAGE, ending))


def view_from(study: Study, before: View, controls: Mapping[str, Any]) -> View:
    """The view as the controls have it; the same model twice swaps the two."""
    shown = risk_models_page(study, before).view.models
    first, second = controls["first"], controls["second"]
    if first and first == second and len(shown) == 2:
        first, second = shown[1], shown[0]
    same_unit = controls["unit"] == before.unit
    return replace(
        before,
        endpoint=controls["endpoint"],
        models=(first, second) if first and second else before.models,
        of=controls["of"] or "",
        unit=controls["unit"],
        at=before.at if same_unit else (),
        diff=before.diff if same_unit else None,
        tau=before.tau if same_unit else None,
        ticks=before.ticks if same_unit else None,
        xmax=before.xmax if same_unit else None,
    )


def _answers(page: RiskModelsPage, link: Link[View], rail: Mapping[str, Any]) -> dict[str, Any]:
    view = minimal_view(page.study, page.view)
    query = encode(view)
    figures = [side_figure(page, i, scheme(), True) for i in risk_models.SIDES]
    return {
        "page": {
            "island": risk_models.words(page, [f["layout"]["height"] for f in figures]),
            "search": no_update if link.says(view) else query,
            "figures": figures,
        },
        "rail": population.answers(PAGE, page, view, link, rail),
        "controls": risk_models.control_values(page),
    }


def _sorry(problem: Exception) -> dict[str, Any]:
    """What was wrong, above what was shown; what was chosen stays."""
    error = explain(problem)
    return {
        "page": {
            "island": page_notice.failure(error),
            "search": no_update,
            "figures": [no_update for _ in risk_models.SIDES],
        },
        "rail": population.UNCHANGED,
        "controls": dict.fromkeys(CONTROLS, no_update),
    }
