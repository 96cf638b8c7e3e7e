"""Addresses for programs: the numbers behind a page as JSON and CSV, and the health check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from callbacks.context import explain
from callbacks.serving.shared_answers import shared
from services.errors import UserError
from services.json_text import to_text
from services.pages.export import study_header
from services.pages.records import ascii_name
from services.studies import Catalogue
from services.study.model import Study
from services.views.study import View, decode

_OF_VIEWS = {field.name for field in fields(View)}  # keys of addresses that a view holds


def answered(make: Callable[[], flask.Response]) -> flask.Response:
    """What ``make`` answers, or its error in the one shape errors have."""
    try:
        return make()
    except HTTPException:  # the request is at fault: callbacks/serving/guards.py says how
        raise
    except Exception as problem:
        return refused(explain(problem))


def refused(error: UserError) -> flask.Response:
    """An error as an answer: JSON, but text where there is no file of another ending (404)."""
    ending = file_ending(flask.request.path) if flask.has_request_context() else ""
    if error.status == 404 and ending and not ending.endswith("json"):
        return flask.Response(f"{error}\n", status=404, mimetype="text/plain")
    return json_response(error.to_json(), error.status)


def file_ending(path: str) -> str:
    """What stands behind the first dot of an address's last part; "" for a page.

    >>> file_ending("/study/e3a06/survival.data.csv"), file_ending("/study/e3a06/survival")
    ('data.csv', '')
    """
    return path.rpartition("/")[2].partition(".")[2]


def no_file(server: flask.Flask, path: str) -> UserError:
    """That there is no file of this name, and which the same page has."""
    page = path.rpartition("/")[2].partition(".")[0]
    parts = path.count("/")
    # /study/<id>.json is a rule with a blank before the dot.
    found = {
        (rule.rule.rpartition("/")[2].partition(".")[0], rule.rule.partition(".")[2])
        for rule in server.url_map.iter_rules()
        if "." in rule.rule and rule.rule.count("/") == parts and "GET" in (rule.methods or ())
    }
    own = sorted(f".{ending}" for name, ending in found if name in (page, "<study_id>"))
    hint = f"This page offers {', '.join(own)}." if own else "The page of a study is /study/<id>."
    return UserError(f"There is no file {path} here.", hint, status=404)


def json_response(body: object, status: int = 200) -> flask.Response:
    """A JSON answer; NaN in it would be a mistake of ours and raises."""
    return flask.Response(to_text(body), status=status, mimetype="application/json")


def asked_view() -> View:
    """The view of the request's query."""
    return decode(flask.request.query_string.decode("utf-8", "replace"))


def _all_asked() -> tuple[object, ...]:
    """The view of the request, and all that its query says beside it."""
    told = flask.request.args.items(multi=True)
    beside = (pair for pair in told if pair[0] not in _OF_VIEWS and not pair[0].startswith("f."))
    return asked_view(), tuple(sorted(beside))


def download(text: str, name: str, mimetype: str = "text/csv") -> flask.Response:
    """A text file to save under ``name``."""
    return flask.Response(
        text,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{ascii_name(name)}"'},
    )


def register_page(
    server: flask.Flask,
    catalogue: Catalogue,
    name: str,
    make: Callable[[Study, View], Any],
    formats: Mapping[str, Callable[[Any], flask.Response]],
) -> None:
    """Answer ``/study/<id>/<name>.<format>`` with what is behind that page; "" is the study's own.

    Parameters
    ----------
    make : (study, view) -> page record
    formats : ending of the address -> (page record -> answer)
    """

    def route(ending: str, answer: Callable[[Any], flask.Response]) -> None:
        def view(study_id: str) -> flask.Response:
            def compute() -> flask.Response:
                return answer(make(catalogue.get(study_id), asked_view()))

            return answered(lambda: shared(catalogue, study_id, _all_asked(), compute))

        path = f"/study/<study_id>/{name}" if name else "/study/<study_id>"
        server.add_url_rule(f"{path}.{ending}", f"study_{name}_{ending}".replace(".", "_"), view)

    for ending, answer in formats.items():
        route(ending, answer)


def register(server: flask.Flask, catalogue: Catalogue) -> None:
    """Addresses that belong to no page."""

    def studies() -> flask.Response:
        return answered(
            lambda: json_response(
                [study_header(catalogue.get(study_id)) for study_id in catalogue.ids()]
            )
        )

    server.add_url_rule("/studies.json", "studies_json", studies)
