"""The Dash application and its WSGI server: the frame of every page, and what guards it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import flask
from dash import Dash, dcc, html
from flask_compress import Compress
from plotly.io.json import config as json_config

from callbacks import addresses, display, pages, reporting, routing, second_opinion
from callbacks.serving import guards, health, logs, metrics, proxy, shared_answers, static_files
from callbacks.site import upload
from components.first_words import first_words
from services.answers import Answers, Near
from services.errors import UserError
from services.pages import cache
from services.settings import ROOT, Settings, read
from services.studies import Catalogue

INDEX = """<!DOCTYPE html>
<html lang="en" data-scheme="__SCHEME__" data-root="__ROOT__">
<head>
{%metas%}
<script>__SCREEN__</script>
<title>{%title%}</title>
{%favicon%}
<link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin="anonymous">
<link rel="__WHEN__" href="/_dash-component-suites/dash/dcc/async-graph.js" as="script">
{%css%}
</head>
<body>
__FIRST_WORDS__
{%app_entry%}
{%config%}
{%scripts%}
{%renderer%}
</body>
</html>"""


# Before anything is painted or asked for; how the screen is told afterward: assets/display.js.
SCREEN = (static_files.ASSETS / "head" / "screen.js").read_text("utf-8")


class App(Dash):
    """Dash whose index is in the reader's color scheme, and says what the page says, by itself.

    ``missing`` says of a path why it opens nothing, or ``None``; ``no_file`` the same of a file.
    ``page`` makes the page of a path and query, and says its status.
    """

    missing: Callable[[str], UserError | None]
    no_file: Callable[[str], UserError]
    page: Callable[[str, str], tuple[list[Any], int]]

    def index(self, *args: Any, **kwargs: Any) -> Any:
        """Answer any address that has no rule of its own: a page, or 404 in its own format."""
        path = flask.request.path
        problem = self.missing(path)
        if problem is not None and addresses.file_ending(path):
            return addresses.refused(self.no_file(path))
        # Where something is wrong, a page too: it says in words what, and leads on.
        text = super().index(*args, **kwargs)
        return flask.Response(text, status=flask.g.status)

    def _config(self) -> Any:
        """What Dash tells its scripts: of the components only those that hold others elsewhere."""
        config = super()._config()
        config["children_props"] = {
            space: {kind: props for kind, props in kinds.items() if props}
            for space, kinds in config["children_props"].items()
        }
        config["requests_pathname_prefix"] = f"{flask.request.script_root}/"
        return config

    def _generate_scripts_html(self) -> str:
        """Ours first: what draws a page's charts before Dash is there.

        Of Dash's polyfills only what Dash itself needs, where we have it: a browser that draws our
        pages has the rest, and they put slower parts in place of its own.
        """
        scripts = super()._generate_scripts_html().split("\n")
        ours = [script for script in scripts if static_files.OURS in script]
        rest = [script for script in scripts if script not in ours]
        if static_files.REGENERATOR.is_file():
            rest = [script for script in rest if "/polyfill@" not in script]
        return "\n".join([*ours, *rest])

    def interpolate_index(self, **kwargs: Any) -> str:
        """Fill in the page frame; called by Dash for every page load."""
        scheme = flask.request.cookies.get("scheme", "")
        text = super().interpolate_index(**kwargs)
        text = text.replace("__SCHEME__", scheme if scheme in ("light", "dark") else "auto", 1)
        text = text.replace("__ROOT__", flask.request.script_root.lstrip("/"), 1)
        text = text.replace("__SCREEN__", SCREEN, 1)
        query = flask.request.query_string.decode("utf-8", "replace")
        page, flask.g.status = self.page(flask.request.path, f"?{query}" if query else "")
        words = first_words(page)
        # What draws charts: at once where there is one, else when the browser has nothing to do.
        text = text.replace("__WHEN__", "preload" if "data-chart=" in words else "prefetch", 1)
        return text.replace("__FIRST_WORDS__", words, 1)


def create_app(settings: Settings | None = None, catalogue: Catalogue | None = None) -> Dash:
    """The Dash application with every page registered.

    Raises
    ------
    UserError : a study folder that cannot be read
    """
    settings = settings or read(os.environ)
    catalogue = catalogue or Catalogue(settings.studies, ROOT / "data" / "studies")
    cache.set_cache_size(settings.cache_size, settings.cache_mb)
    far = Answers(settings.redis, settings.redis_mb << 20) if settings.redis else None
    answers = far or Near(settings.answers_mb << 20)
    importer = catalogue.uploads or upload.importer_for(settings, cache.forget)
    catalogue.uploads = importer
    importer.store.on_gone = answers.forget
    app = App(
        "smm_outcomes",
        server=flask.Flask("smm_outcomes", static_folder=None),
        assets_folder=str(static_files.ASSETS),
        assets_ignore=r"\.(js|css)$",  # they come as one file each
        external_scripts=static_files.scripts(),
        external_stylesheets=static_files.style_sheets(),
        title="SMM Outcomes",
        update_title="",
        index_string=INDEX,
        # A page's parts come with it; tests/callbacks/test_dash_app.py checks the callbacks' ids.
        suppress_callback_exceptions=True,
        enable_mcp=False,
        add_log_handler=False,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {
                "name": "description",
                "content": "What trials in smoldering multiple myeloma have shown",
            },
        ],
    )

    # It takes orjson where that is installed, which refuses numbers that print their own digits.
    json_config.default_engine = "json"
    app.missing = lambda path: routing.missing(path, catalogue)
    app.page = lambda path, query: routing.page_and_status(path, query, catalogue)
    app.no_file = lambda path: addresses.no_file(app.server, path)

    def layout() -> Any:
        path, query = _opened_address()
        return _root(routing.page_for(path, query, catalogue) if path else [], path)

    app.layout = layout
    routing.register(app, catalogue)
    display.register(app)
    addresses.register(app.server, catalogue)
    checks = {"store": lambda: importer.store.home.check()}
    if far is not None:
        checks["redis"] = far.check
    health.register(app.server, checks)
    reporting.register(app.server, catalogue, settings)
    for page in pages.STUDY.values():
        if page.second_opinion:
            second_opinion.register(app.server, catalogue, settings, page)
    shared_answers.register(
        app.server,
        catalogue,
        answers,
        [p.id for p in pages.STUDY.values()],
        {"/_dash-layout": _opened_address, "/<path:path>": _address},
    )
    return app


def _root(page: list[Any], path: str) -> Any:
    return html.Div(
        [
            dcc.Location(id="location", refresh=False),
            dcc.Store(id="shown", data=path),
            dcc.Store(id="display", data={}),
            html.Div(page, id="page"),
        ]
    )


def _address() -> tuple[str, str]:
    """Path and query that are asked for."""
    return flask.request.path, flask.request.query_string.decode("utf-8", "replace")


def _opened_address() -> tuple[str, str]:
    """Path and query of the page that asks for its layout, so that it comes filled in."""
    if not flask.has_request_context() or not flask.request.referrer:
        return "", ""
    parts = proxy.address_parts(flask.request.referrer)
    if parts.netloc != flask.request.host:
        return "", ""
    return proxy.inside(unquote(parts.path)), f"?{parts.query}" if parts.query else ""


def create_server(
    settings: Settings | None = None, catalogue: Catalogue | None = None
) -> flask.Flask:
    """The WSGI application: ``gunicorn 'app:create_server()'`` works as well as ours."""
    settings = settings or read(os.environ)
    catalogue = catalogue or Catalogue(settings.studies, ROOT / "data" / "studies")
    app = create_app(settings, catalogue)
    server: flask.Flask = app.server
    home = catalogue.importer().store.home
    watch = metrics.start(settings, home.used) if settings.metrics_port else None
    logs.register(server, settings, catalogue, watch)
    server.before_request(_drop_refused_encodings)
    guards.register(app, settings)
    server.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    server.config["COMPRESS_BR_LEVEL"] = shared_answers.QUALITY
    server.config["COMPRESS_STREAMS"] = False
    Compress(server)
    proxy.register(server, settings)  # answers before Compress does
    static_files.register(server)  # answers before Compress does
    policy = _content_security_policy(app)

    @server.after_request
    def secure(response: flask.Response) -> flask.Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return server


def _drop_refused_encodings() -> None:
    """Take from Accept-Encoding what is refused there: Flask-Compress sends br to "br;q=0"."""
    asked = flask.request.accept_encodings
    wanted = {name: asked[name] for name in ("br", "gzip") if asked[name] > 0}
    told = ", ".join(f"{name};q={quality:g}" for name, quality in wanted.items())
    flask.request.environ["HTTP_ACCEPT_ENCODING"] = told


def _content_security_policy(app: Dash) -> str:
    """No script but our own: the hash of each inline script of the rendered page is allowed."""
    # A page that opens nothing has the same scripts, and reads no study.
    with app.server.test_request_context("/-"):
        page = app.index().get_data(as_text=True)
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
        if "src=" not in attributes and "application/json" not in attributes
    ]
    return (
        f"default-src 'self'; script-src 'self' {' '.join(hashes)}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
        "form-action 'self'"
    )
