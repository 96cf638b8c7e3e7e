"""Answers about studies that were given already (services/answers.py)."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any

import brotli
import flask

from callbacks.serving import proxy
from services.answers import Answer, Kept
from services.errors import UserError
from services.found import tell
from services.studies import Catalogue

QUESTION = "/_dash-update-component"
CALLBACKS = "/_dash-dependencies"
_PAGE = re.compile(r"/study/([^/]+)")
NAME = "smm answers"
_HEADERS = ("Content-Type", "Content-Disposition")
QUALITY = 4  # of brotli, for what is made while somebody waits
_LEAST = 500  # bytes below which nothing is compressed
# More at once would be no sooner done, and make all others wait for each of them.
_turns = threading.BoundedSemaphore(2)
PATIENCE = 1.0  # s; who has waited so long is answered beside them: one long answer stops nobody
_COOKIES = ("scheme", "narrow", "tablet")  # callbacks/context.py


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

    callbacks = server.view_functions[endpoints[CALLBACKS]]
    listed: list[Answer] = []  # the same for everybody, as long as the server runs

    def list_callbacks(**place: Any) -> flask.Response:
        if not listed:
            listed.append(_packed(flask.make_response(callbacks(**place))))
        return _sent(listed[0])

    server.view_functions[endpoints[CALLBACKS]] = list_callbacks

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
        turn = _turns.acquire(timeout=PATIENCE)
        try:
            made.append(make())
        finally:
            if turn:
                _turns.release()
        return _packed(made[0])

    # What is told of how files were read is not part of a study's content.
    content = (study_id, study.sha256, study.title, study.report, study.keyed)
    said = (content, request.endpoint, asked, cookies, request.url_root)
    found = answers.answer(study_id, said, answer)
    tell("answer", not made)
    if not made:
        return _sent(found)
    try:
        catalogue.check(study_id)
    except UserError:  # deleted while this was computed: what was kept goes too
        answers.forget(study_id)
        raise
    return _sent(found) if found.lasting else made[0]


def _packed(made: flask.Response) -> Answer:
    """What is kept of a response: compressed once, for all who will get it under this path."""
    proxy.put_root(made)
    headers = {name: made.headers[name] for name in _HEADERS if name in made.headers}
    lasting = made.status_code == 200 and "explained" not in flask.g
    body = made.get_data()
    if lasting and len(body) >= _LEAST:
        body = brotli.compress(body, quality=QUALITY)
        headers["Content-Encoding"] = "br"
    return Answer(headers, body, lasting)


def _sent(answer: Answer) -> flask.Response:
    """What was kept, as this client can read it."""
    flask.g.rooted = True
    headers, body = dict(answer.headers), answer.body
    if "Content-Encoding" in headers and not flask.request.accept_encodings["br"]:
        del headers["Content-Encoding"]
        body = brotli.decompress(body)
    return flask.Response(body, headers=headers)
