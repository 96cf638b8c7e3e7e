"""Callbacks of a study's overview: the patients chosen on the left fill its tables."""

from __future__ import annotations

from typing import Any

import flask
from dash import Dash, Input, Output, State, no_update

from callbacks import population
from callbacks.addresses import answered, asked_view, download, json_response
from callbacks.context import explain
from components import overview
from services.analysis import minimal
from services.catalogue import Catalogue
from services.overview import overview_csv, overview_json, overview_page
from services.page_records import file_name
from services.study import Study
from services.view import decode, encode, says

PAGE = ""  # /study/<id>


def layout(study: Study, query: str, studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    return overview.overview_layout(overview_page(study, decode(query)), studies, query)


def register(app: Dash, catalogue: Catalogue) -> None:
    """The tables follow the filters; ``/study/<id>.json`` and ``.csv`` hold them."""
    _addresses(app.server, catalogue)

    @app.callback(
        output={
            "island": Output("overview-island", "data"),
            "search": Output("overview-address", "search"),
            "rail": population.outputs("overview"),
        },
        inputs={
            "search": Input("overview-address", "search"),
            "rail": population.inputs("overview"),
        },
        state={"study_id": State("overview-study", "data")},
        prevent_initial_call=True,
    )
    def update(search: str, rail: dict[str, Any], study_id: str) -> dict[str, Any]:
        try:
            study = catalogue.get(study_id)
            page = overview_page(study, decode(search))
            shown = minimal(study, page.view)
            query = encode(shown)
            return {
                "island": overview.words(page),
                "search": no_update if says(search, shown) else query,
                "rail": population.answers("overview", page, query, rail),
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": overview.failure("This view cannot be shown", error.message, error.hint),
                "search": no_update,
                "rail": population.UNCHANGED,
            }


def _addresses(server: flask.Flask, catalogue: Catalogue) -> None:
    def as_json(study_id: str) -> flask.Response:
        return answered(
            lambda: json_response(
                overview_json(overview_page(catalogue.get(study_id), asked_view()))
            )
        )

    def as_csv(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            page = overview_page(catalogue.get(study_id), asked_view())
            return download(overview_csv(page), file_name(page, "overview", "csv", endpoint=False))

        return answered(make)

    server.add_url_rule("/study/<study_id>.json", "overview_json", as_json)
    server.add_url_rule("/study/<study_id>.csv", "overview_csv", as_csv)
