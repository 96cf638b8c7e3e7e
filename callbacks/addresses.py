"""Addresses for programs: the numbers behind a page as JSON and CSV, and the health check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flask

from callbacks.context import explain
from services import export
from services.catalogue import Catalogue
from services.printed import to_text
from services.study import Study
from services.view import View, decode


def answered(make: Callable[[], flask.Response]) -> flask.Response:
    """What ``make`` answers, or its error in the one shape errors have."""
    try:
        return make()
    except Exception as problem:
        error = explain(problem)
        return json_response(error.to_json(), error.status)


def json_response(body: object, status: int = 200) -> flask.Response:
    """A JSON answer; NaN in it would be a mistake of ours and raises."""
    return flask.Response(to_text(body), status=status, mimetype="application/json")


def asked_view() -> View:
    """The view of the request's query."""
    return decode(flask.request.query_string.decode("utf-8", "replace"))


def download(text: str, name: str, mimetype: str = "text/csv") -> flask.Response:
    """A text file to save under ``name``."""
    # A header holds ASCII.
    safe = "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in name)
    return flask.Response(
        text, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{safe}"'}
    )


def register_page(
    server: flask.Flask,
    catalogue: Catalogue,
    name: str,
    make: Callable[[Study, View], Any],
    formats: Mapping[str, Callable[[Any], flask.Response]],
) -> None:
    """Answer ``/study/<id>/<name>.<format>`` with what is behind that page.

    Parameters
    ----------
    make : (study, view) -> page record
    formats : ending of the address -> (page record -> answer)
    """

    def route(ending: str, answer: Callable[[Any], flask.Response]) -> None:
        def view(study_id: str) -> flask.Response:
            return answered(lambda: answer(make(catalogue.get(study_id), asked_view())))

        server.add_url_rule(
            f"/study/<study_id>/{name}.{ending}", f"{name}_{ending.replace('.', '_')}", view
        )

    for ending, answer in formats.items():
        route(ending, answer)


def register(server: flask.Flask, catalogue: Catalogue) -> None:
    """Addresses that belong to no page."""

    def studies() -> flask.Response:
        return answered(
            lambda: json_response(
                [export.study_header(catalogue.get(study_id)) for study_id in catalogue.ids()]
            )
        )

    server.add_url_rule("/studies.json", "studies_json", studies)
    server.add_url_rule("/healthz", "healthz", lambda: flask.Response("OK", mimetype="text/plain"))
