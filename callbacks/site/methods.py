"""The methods page: the self-check runs when the page opens and on demand."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output

from callbacks.context import explain
from callbacks.site_page import SitePage
from components.methods import layout as methods_layout
from services.pages.methods.page import methods_json, methods_page
from services.pages.methods.records import MethodsPage
from services.pages.methods.self_check import self_check
from services.studies import Catalogue


def _page(catalogue: Catalogue, _view: None) -> MethodsPage:
    return methods_page([catalogue.get(study_id) for study_id in catalogue.ids()])


def _register(app: Dash, _catalogue: Catalogue) -> None:
    @app.callback(
        Output("methods-island", "data"),
        Input("methods-run", "n_clicks"),
        prevent_initial_call=True,
    )
    def run(_clicks: int) -> Any:
        try:
            return methods_layout.words(self_check())
        except Exception as problem:
            error = explain(problem)
            return methods_layout.failure("The self-check did not run", error.message, error.hint)


PAGE: SitePage[None, Any] = SitePage(
    path="/methods",
    title="Methods",
    whose="",
    make=_page,
    layout=lambda page, *_: methods_layout.methods_layout(page, ("json",)),
    islands=("methods-island", "methods-island-fixed"),
    files={"json": lambda *_: methods_json()},  # runs the self-check too
    pinned=methods_layout.pinned,
    register_more=_register,
)
