"""The files that every page loads: ours as one script and one style sheet, all sent compressed.

``make run`` keeps a compressed form of each (``tools/compress.py``) beside the checkout, under the
sum of what it was made from: one that no longer fits is not found. Without it, files are
compressed as they are sent.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import flask

from services.settings import ROOT

ASSETS = ROOT / "assets"
COMPRESSED = ROOT / ".cache" / "static"
# Fetched at setup where there is npm (tools/fetch_scripts.py).
PLOTLY = ASSETS / "vendor" / "plotly.js-basic-dist-min.js"
REGENERATOR = ASSETS / "vendor" / "regenerator-runtime.js"
# A browser that knows this compiles a whole script beside the page's thread while it arrives
# (Chromium's explicit compile hints). Plotly's functions are one in another: parsed when first
# called, they took a third of that thread's time until the first chart.
COMPILE_WHOLE = b"//# allFunctionsCalledOnLoad\n"
OURS = "/static/"
# What is served under a name of its content, or of its version, never changes.
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"js": "text/javascript", "css": "text/css"}


@cache
def bundle(ending: str) -> bytes:
    """Our scripts ("js") or style sheets ("css") as one, in the order of their names."""
    end = b"\n;\n" if ending == "js" else b"\n"
    paths = sorted(ASSETS.glob(f"*.{ending}"))
    if ending == "js" and REGENERATOR.is_file():
        paths.insert(0, REGENERATOR)
    return b"".join(path.read_bytes() + end for path in paths)


@cache
def files() -> dict[str, bytes]:
    """Address -> content of what we serve beside Dash's own files."""
    made = {"plotly.js": COMPILE_WHOLE + PLOTLY.read_bytes()} if PLOTLY.is_file() else {}
    made |= {f"smm.{ending}": bundle(ending) for ending in _TYPES}
    return {f"{OURS}{_named(name, content)}": content for name, content in made.items()}


def scripts() -> list[str]:
    """Addresses of our scripts, in the order in which they run."""
    return [address for address in files() if address.endswith(".js")]


def style_sheets() -> list[str]:
    """Addresses of our style sheets."""
    return [address for address in files() if address.endswith(".css")]


def compressed_form(content: bytes) -> Path:
    """Where the compressed form of a file is kept."""
    return COMPRESSED / f"{hashlib.sha256(content).hexdigest()}.br"


def register(server: flask.Flask) -> None:
    """Serve our files, and the compressed form of these and of Dash's where there is one."""
    kept: dict[str, bytes] = {}

    @server.get(f"{OURS}<name>")
    def static_file(name: str) -> flask.Response:
        content = files().get(f"{OURS}{name}")
        if content is None:
            flask.abort(404)
        response = flask.Response(content, mimetype=_TYPES[name.rpartition(".")[2]])
        response.headers["Cache-Control"] = FOREVER
        return response

    @server.get("/favicon.ico")
    def favicon() -> flask.Response:
        """What browsers ask for beside an answer that is no page."""
        icon = (ASSETS / "favicon.ico").read_bytes()
        response = flask.Response(icon, mimetype="image/x-icon")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    @server.after_request
    def compress(response: flask.Response) -> flask.Response:
        path = flask.request.path
        if (
            response.status_code != 200
            or not path.startswith((OURS, "/_dash-component-suites/"))
            or not flask.request.accept_encodings["br"]
        ):
            return response
        if path not in kept:
            response.direct_passthrough = False
            form = compressed_form(response.get_data())
            if not form.is_file():
                return response
            kept[path] = form.read_bytes()
        response.set_data(kept[path])
        response.headers["Content-Encoding"] = "br"
        response.headers.add("Vary", "Accept-Encoding")
        return response


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
