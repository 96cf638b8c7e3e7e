"""Behind a proxy: which of its headers are believed, and the path under which the site lies.

All that is said of addresses inside the program starts at "/": the path of the site goes off what
comes in, and before what goes out to a browser. Scripts know it by ``assets/head/screen.js``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from services.settings import PREFIX, Settings

_FORWARDED = "HTTP_X_FORWARDED_PREFIX"
# An address of ours in HTML, in the JSON of Dash, and in HTML that is in that JSON; Plotly writes a
# slash in JSON as a number.
_ADDRESS = re.compile(
    rb"""(\b(?:href|src|action|data-[a-z-]+)=\\?"|"""
    rb""""(?:href|src|url|report_url|undo|figure|data-[a-z-]+)": ?")"""
    rb"""(?=(?:/|\\u002f)(?!/|\\u002f))"""
)


def register(server: flask.Flask, settings: Settings) -> None:
    """Let the site lie under a path, and believe the proxies that are named."""
    proxied: Any = _Proxied(server.wsgi_app, settings)
    server.wsgi_app = proxied  # type: ignore[method-assign]

    @server.after_request
    def with_root(response: flask.Response) -> flask.Response:
        put_root(response)
        return response


def put_root(response: flask.Response) -> None:
    """Put the path of the site before the addresses of what goes to a browser, once a request.

    Before it is compressed: who keeps compressed answers asks for it, and keeps them by path.
    """
    root = flask.request.script_root
    if root and "rooted" not in flask.g and _is_for_a_browser(response):
        # A function: what is put in is no pattern.
        text = _ADDRESS.sub(lambda found: found[1] + root.encode(), response.get_data())
        response.set_data(text)
        flask.g.rooted = True


def inside(path: str) -> str:
    """A path that a browser told, as it is inside the program."""
    return _without(path, flask.request.script_root)


def address_parts(told: str) -> SplitResult:
    """The parts of an address in a header; all empty where it is none.

    >>> address_parts("http://[").netloc, address_parts("http://localhost/upload").netloc
    ('', 'localhost')
    """
    try:
        return urlsplit(told)
    except ValueError:  # brackets around what is no IPv6 address
        return SplitResult("", "", "", "", "")


def _without(path: str, root: str) -> str:
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path


def _is_for_a_browser(response: flask.Response) -> bool:
    if response.mimetype == "text/html":
        return True
    asked = flask.request
    ours = asked.method != "GET" or asked.path.startswith("/_dash-")
    return ours and response.mimetype == "application/json"


class _Proxied:
    """WSGI: headers of named proxies are believed, those of anybody else are not looked at."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self._app = app
        self._prefix = settings.prefix
        self._trusted = settings.trusted_proxies
        header = settings.user_header
        self._user = f"HTTP_{header.upper().replace('-', '_')}" if header else ""
        # The proxy names the host as its reader did (``Host``): no second header for that.
        self._forwarded = ProxyFix(self._rooted, x_for=1, x_proto=1, x_host=0)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        user = environ.pop(self._user, "") if self._user else ""
        if not self._is_trusted(environ.get("REMOTE_ADDR", "")):
            environ.pop(_FORWARDED, None)
            return self._rooted(environ, start)
        if user:  # who signed in at the proxy: for the log, and nothing else
            environ["REMOTE_USER"] = user
        return self._forwarded(environ, start)

    def _rooted(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        told = environ.pop(_FORWARDED, "").rstrip("/")
        root = told if told and re.fullmatch(PREFIX, told) else self._prefix
        environ["SCRIPT_NAME"] = root
        environ["PATH_INFO"] = _without(environ.get("PATH_INFO", ""), root)
        answered: Iterable[bytes] = self._app(environ, start)
        return answered

    def _is_trusted(self, address: str) -> bool:
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:  # a socket that is a file: only its owner reaches it
            return not address and "unix" in self._trusted
        return any(peer in ipaddress.ip_network(one) for one in self._trusted if one != "unix")
