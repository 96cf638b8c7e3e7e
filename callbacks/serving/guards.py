"""What a request may be: for this host, of a bounded size, in a form that our pages send."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

import flask
from dash import Dash
from dash.exceptions import DashException
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from callbacks.addresses import refused
from callbacks.context import SECRET_IN_TEXT
from callbacks.said import is_plain, no_question
from callbacks.serving.proxy import address_parts
from callbacks.serving.shared_answers import QUESTION
from services.errors import UserError
from services.settings import Settings

MOST_BYTES = 1 << 20  # of a body; the addresses that take files have limits of their own
Form = tuple[list[tuple[str, Any]] | None, ...]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")  # no browser sends one; a redirect cannot repeat it


def register(app: Dash, settings: Settings) -> None:
    """Refuse what no page of ours sends, in words and before it costs anything."""
    server: flask.Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    server.config["HOSTS"] = settings.hosts
    forms: dict[str, Form] = {}

    @server.before_request
    def check() -> flask.Response | None:
        host = flask.request.headers.get("Host")  # a browser always names it
        if host is not None and not is_ours(host, settings):
            return refused(
                UserError(
                    "This server is not meant to be reached under this host name.",
                    "If it should be, list the name in the setting SMM_HOSTS.",
                    status=421,
                )
            )
        query = flask.request.query_string
        if _CONTROL.search(query) or not _is_text(query):
            return refused(
                UserError(
                    "This address holds a line break, another control character, or no UTF-8.",
                    "Write it with a percent sign, such as %0A.",
                    status=400,
                )
            )
        if flask.request.path == QUESTION and not is_question(_body(), app.callback_map, forms):
            return refused(no_question())
        return None

    @server.after_request
    def keep_private(response: flask.Response) -> flask.Response:
        path = flask.request.path
        answers = path.startswith("/_dash-") and "Cache-Control" not in response.headers
        if answers or SECRET_IN_TEXT.search(path):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    @server.errorhandler(UserError)
    def told(problem: UserError) -> flask.Response:
        return refused(problem)

    @server.errorhandler(RequestEntityTooLarge)
    def too_large(_problem: Exception) -> flask.Response:
        return refused(
            UserError(
                f"This request is larger than {MOST_BYTES >> 20} MB.",
                "Files are sent from the page /upload, or to POST /study.",
                status=413,
            )
        )

    @server.errorhandler(MethodNotAllowed)
    def wrong_method(problem: MethodNotAllowed) -> flask.Response:
        allowed = ", ".join(sorted(problem.valid_methods or ()))
        asked = flask.request
        answer = refused(
            UserError(
                f"{asked.method} is not what {asked.path} answers.",
                f"Allowed: {allowed}.",
                status=405,
            )
        )
        answer.headers["Allow"] = allowed
        return answer

    @server.errorhandler(DashException)
    def no_such_file(_problem: Exception) -> flask.Response:
        return refused(UserError("There is no such file here.", status=404))


def _is_text(query: bytes) -> bool:
    """Whether what stands in a query unescaped is UTF-8; browsers escape all else but ASCII."""
    try:
        query.decode()
    except UnicodeDecodeError:
        return False
    return True


def from_this_site() -> None:
    """Refuse what another site makes a reader's browser send (403). Programs send neither header.

    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    headers = flask.request.headers
    site = headers.get("Sec-Fetch-Site")
    origin = headers.get("Origin")
    if site is not None:
        fine = site in ("same-origin", "none")
    elif origin is not None:  # over http, but for this machine, browsers name the origin alone
        told = address_parts(origin)
        hosts = flask.current_app.config["HOSTS"]
        fine = told.netloc == flask.request.host or told.hostname in hosts
    else:
        fine = True
    if not fine:
        raise UserError(
            "This request came from another site.",
            "Open the upload page here. Behind a proxy, the setting SMM_HOSTS lists the names under"
            " which this site is known.",
            status=403,
        )


def _body() -> Any:
    """The request's JSON; ``None`` if it is none, or nested deeper than can be read."""
    try:
        return flask.request.get_json(silent=True)
    except RecursionError:
        return None


def is_ours(host: str, settings: Settings) -> bool:
    """Whether a Host header names this server, as far as can be known.

    A page elsewhere can have its own name point to a reader's machine and then read what a server
    there answers; addresses in numbers cannot be borrowed that way. A server that listens to other
    machines is known under names that it cannot know.

    >>> is_ours("localhost:8050", Settings()), is_ours("evil.example:8050", Settings())
    (True, False)
    """
    name = host.rpartition("]")[0].lstrip("[") or host.partition(":")[0]
    name = name.lower().rstrip(".")
    if settings.hosts:
        return name in (*settings.hosts, *_LOOPBACK)
    if settings.host not in _LOOPBACK or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_question(body: Any, known: Mapping[str, Any], forms: dict[str, Form]) -> bool:
    """Whether a body has the form in which Dash asks one of the callbacks that there are.

    Parameters
    ----------
    forms : of the callbacks asked so far, which do not change; filled here
    """
    output = body.get("output") if isinstance(body, dict) else None
    if not isinstance(output, str) or output not in known:
        return False
    if output not in forms:
        forms[output] = _form(known[output])
    told = body.get("changedPropIds", [])
    asked = (body.get("inputs"), body.get("state", []), body.get("outputs"))
    return (
        tuple(map(_places, asked)) == forms[output]
        and isinstance(told, list)
        and all(isinstance(place, str) for place in told)
        and is_plain([body["inputs"], body.get("state", [])])
    )


def _form(callback: Any) -> Form:
    """Places of inputs, state and outputs; Dash keeps ids of several parts as JSON."""
    told = ([(p["id"], p["property"]) for p in callback[kind]] for kind in ("inputs", "state"))
    written = (
        [(_written(json.loads(i) if i.startswith("{") else i), prop) for i, prop in places]
        for places in told
    )
    output = _several(callback["output"])
    return (*written, [(_written(o.component_id), o.component_property) for o in output])


def _places(told: Any) -> list[tuple[str, Any]] | None:
    """Ids and properties in a question; ``None`` where it is none."""
    parts = _several(told)
    if not all(isinstance(part, dict) for part in parts):
        return None
    return [(_written(part.get("id")), part.get("property")) for part in parts]


def _written(told: Any) -> str:
    return json.dumps(told, sort_keys=True) if isinstance(told, dict) else str(told)


def _several(told: Any) -> list[Any]:
    return list(told) if isinstance(told, (list, tuple)) else [told]
