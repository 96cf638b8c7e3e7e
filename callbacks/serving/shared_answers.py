"""Answers about studies that were given already (services/answers.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import flask

from services.answers import Answer, Kept
from services.errors import UserError
from services.studies import Catalogue

QUESTION = "/_dash-update-component"
_PAGE = re.compile(r"/study/([^/]+)")
NAME = "smm answers"
_HEADERS = ("Content-Type", "Content-Disposition")
_COOKIES = ("scheme", "narrow", "tablet")  # callbacks/context.py


_told: Callable[[bool], object] = lambda _found: None  # noqa: E731


def on_asked(told: Callable[[bool], object]) -> None:
    """Have it told, each time an answer is asked for, whether it was found."""
    global _told
    _told = told


def register(
    server: flask.Flask,
    catalogue: Catalogue,
    answers: Kept,
    pages: Collection[str],
    addresses: Mapping[str, Callable[[], tuple[str, str]]],
) -> None:
    """Share what addresses, pages and callbacks send.

    Parameters
    ----------
    pages : ids of the pages of a study
    addresses : rule that answers pages -> path and query of the page that is asked for
    """
    server.extensions[NAME] = answers
    told = {f"{page}-study" for page in pages}
    endpoints = {r.rule: r.endpoint for r in server.url_map.iter_rules()}
    question = endpoints[QUESTION]
    ask = server.view_functions[question]

    def of_page(view: Callable[..., Any], opened: Callable[[], tuple[str, str]]) -> Any:
        """A view whose answer is a page of a study, as its address has it, or the same for Dash."""

        def answer(**place: Any) -> flask.Response:
            def make() -> flask.Response:
                return flask.make_response(view(**place))

            path, query = opened()
            found = _PAGE.match(path)
            try:
                if found is None or flask.request.method != "GET":
                    return make()
                catalogue.get(found[1])
            except UserError:  # the page says so in words
                return make()
            return shared(catalogue, found[1], (path, query), make)

        return answer

    for rule, opened in addresses.items():
        server.view_functions[endpoints[rule]] = of_page(
            server.view_functions[endpoints[rule]], opened
        )

    def answer(**place: Any) -> flask.Response:
        def make() -> flask.Response:
            return flask.make_response(ask(**place))

        body = flask.request.get_json()
        state = body.get("state") or ()
        study = [one.get("value") for one in state if str(one.get("id")) in told]
        try:
            if not study or not isinstance(study[0], str):
                return make()
            catalogue.get(study[0])
        except UserError:  # the callback says so in words
            return make()
        return shared(catalogue, study[0], json.dumps(body, sort_keys=True), make)

    server.view_functions[question] = answer


def shared(
    catalogue: Catalogue, study_id: str, asked: object, make: Callable[[], flask.Response]
) -> flask.Response:
    """What ``make`` answers about a study to what was ``asked``, or what others answered.

    Raises
    ------
    UserError : there is no such study (404); of ``make``
    """
    answers: Kept | None = flask.current_app.extensions.get(NAME)
    if answers is None:
        return make()
    request, made = flask.request, list[flask.Response]()
    cookies = tuple(request.cookies.get(name) for name in _COOKIES)
    study = catalogue.get(study_id)

    def answer() -> Answer:
        made.append(make())
        response = made[0]
        headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
        lasting = response.status_code == 200 and "explained" not in flask.g
        return Answer(headers, response.get_data(), lasting)

    # What is told of how files were read is not part of a study's content.
    content = (study_id, study.sha256, study.title, study.report, study.keyed)
    said = (content, request.endpoint, asked, cookies, request.url_root)
    found = answers.answer(study_id, said, answer)
    _told(not made)
    if not made:
        return flask.Response(found.body, headers=found.headers)
    try:
        catalogue.check(study_id)
    except UserError:  # deleted while this was computed: what was kept goes too
        answers.forget(study_id)
        raise
    return made[0]
