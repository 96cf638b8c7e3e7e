"""``/healthz``: the process answers. ``/readyz``: what it needs answers too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flask

from callbacks.addresses import json_response
from callbacks.context import explain


def register(server: flask.Flask, checks: Mapping[str, Callable[[], object]]) -> None:
    """Answer both.

    Parameters
    ----------
    checks : by name, what raises an error where something that is needed cannot be used
    """

    def ready() -> flask.Response:
        problems = {}
        for name, check in checks.items():
            try:
                check()
            except Exception as problem:
                problems[name] = str(explain(problem))
        body = {"ready": not problems} | {n: problems.get(n, "ready") for n in checks}
        return json_response(body, 503 if problems else 200)

    server.add_url_rule("/healthz", "healthz", lambda: flask.Response("OK", mimetype="text/plain"))
    server.add_url_rule("/readyz", "readyz", ready)
