"""Callbacks of the methods page: the self-check runs when the page opens and on demand."""

from __future__ import annotations

from typing import Any

import flask
from dash import Dash, Input, Output

from callbacks.addresses import answered, json_response
from callbacks.context import explain, titles
from components import methods
from services.catalogue import Catalogue
from services.methods import methods_json, methods_page
from services.self_check import self_check

PATH = "/methods"


def layout(catalogue: Catalogue) -> tuple[Any, Any]:
    """Header and content of the page."""
    studies = [catalogue.get(study_id) for study_id in catalogue.ids()]
    return methods.methods_layout(methods_page(studies), titles(catalogue))


def register(app: Dash) -> None:
    """``/methods.json`` runs the self-check too."""
    server: flask.Flask = app.server
    server.add_url_rule(
        "/methods.json", "methods_json", lambda: answered(lambda: json_response(methods_json()))
    )

    @app.callback(
        Output("methods-island", "data"),
        Input("methods-run", "n_clicks"),
        prevent_initial_call=True,
    )
    def run(_clicks: int) -> Any:
        try:
            return methods.words(self_check())
        except Exception as problem:
            error = explain(problem)
            return methods.failure("The self-check did not run", error.message, error.hint)
