"""Callbacks of a study's overview: the patients chosen on the left fill its tables."""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from dash import Dash, Input, Output, State, no_update

from callbacks import population
from callbacks.addresses import answered, asked_view, download, json_response
from callbacks.context import explain
from components import overview, page_notice
from services.analysis import minimal
from services.catalogue import Catalogue
from services.overview import overview_csv, overview_json, overview_page
from services.page_records import file_name
from services.study import Study
from services.view import View, encode
from services.views.link import Link, study_link

PAGE = ""  # /study/<id>


def layout(study: Study, link: Link[View], studies: Any) -> tuple[Any, Any]:
    """Header and content for an address."""
    return overview.overview_layout(overview_page(study, link.view), studies, link.query)


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
            link = study_link(search, partial(overview_page, study))
            page = overview_page(study, link.view)
            shown = minimal(study, page.view)
            return {
                "island": overview.words(page),
                "search": no_update if link.says(shown) else encode(shown),
                "rail": population.answers("overview", page, shown, link, rail),
            }
        except Exception as problem:
            error = explain(problem)
            return {
                "island": page_notice.failure(error),
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
