"""Addresses for programs: the numbers behind a page as JSON and CSV, and the health check."""

from __future__ import annotations

import json
from collections.abc import Callable

import flask

from callbacks.context import explain
from services import export
from services.analysis import survival_page
from services.catalogue import Catalogue
from services.view import View, decode


def register(server: flask.Flask, catalogue: Catalogue) -> None:
    """Add the routes to the server."""

    def answered(make: Callable[[], flask.Response]) -> flask.Response:
        try:
            return make()
        except Exception as problem:
            error = explain(problem)
            return _json(error.to_json(), error.status)

    @server.get("/study/<study_id>/survival.json")
    def survival_json(study_id: str) -> flask.Response:
        return answered(
            lambda: _json(export.survival_json(survival_page(catalogue.get(study_id), _view())))
        )

    @server.get("/study/<study_id>/survival.csv")
    def survival_csv(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            page = survival_page(catalogue.get(study_id), _view())
            name = f"{page.study.id}-{page.view.endpoint}-survival.csv"
            return flask.Response(
                export.survival_csv(page),
                mimetype="text/csv",
                headers={"Content-Disposition": f'attachment; filename="{_safe(name)}"'},
            )

        return answered(make)

    @server.get("/studies.json")
    def studies_json() -> flask.Response:
        return answered(
            lambda: _json(
                [export.study_header(catalogue.get(study_id)) for study_id in catalogue.ids()]
            )
        )

    @server.get("/healthz")
    def healthz() -> flask.Response:
        return flask.Response("OK", mimetype="text/plain")


def _view() -> View:
    return decode(flask.request.query_string.decode("utf-8", "replace"))


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name)


def _json(body: object, status: int = 200) -> flask.Response:
    text = json.dumps(body, allow_nan=False, ensure_ascii=False)
    return flask.Response(text, status=status, mimetype="application/json")
