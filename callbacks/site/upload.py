"""Uploads: ``POST /study``, ``DELETE /study/<id>`` and its undoing, and the pages around them."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

import flask
from dash import Dash
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks.addresses import answered, json_response
from callbacks.serving.guards import from_this_site
from callbacks.site_page import SitePage
from components.upload.layout import upload_content
from services import json_text
from services.errors import UserError
from services.pages.mapping.records import Limits
from services.reading.mapping import Mapping, parse_mapping
from services.reading.names import ROLES
from services.settings import ROOT, Settings
from services.studies import Catalogue
from services.study.model import Study
from services.uploads.importer import Canceled, Importer, Incoming, Received, template_zip
from services.uploads.objects import Objects
from services.uploads.store import Store

PATH = "/upload"
MAX_FILES = 20
KEY_HEADER = "Study-Key"


def _page(catalogue: Catalogue, _view: None) -> Limits:
    importer = catalogue.importer()
    # Whoever opens this page is about to upload: the reading process starts meanwhile.
    importer.warm()
    return limits(importer)


def limits(importer: Importer) -> Limits:
    """What an upload may be."""
    return Limits(importer.max_bytes >> 20, int(importer.store.days or 0))


def _register(app: Dash, catalogue: Catalogue) -> None:
    """The addresses of uploads."""
    importer, server = catalogue.importer(), app.server

    def post() -> flask.Response:
        return answered(lambda: _posted(importer))

    def delete(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            check_key(importer.store, study_id)
            until = importer.store.delete(study_id, flask.request.args.get("undo") != "no")
            undo = {} if until is None else {"until": _iso(until), "undo": _restore(study_id)}
            return json_response({"deleted": study_id} | undo)

        return answered(make)

    def restore(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            check_key(importer.store, study_id)
            entry = importer.store.restore(study_id)
            url = f"{PATH}/{study_id}" if entry.draft else f"/study/{study_id}/survival"
            return json_response({"restored": study_id, "url": url})

        return answered(make)

    def key(study_id: str) -> flask.Response:
        def make() -> flask.Response:
            check_key(importer.store, study_id)
            return json_response({"key": True})

        return answered(make)

    def template() -> flask.Response:
        return flask.Response(
            template_zip(ROOT / "data" / "template"),
            mimetype="application/zip",
            headers={"Content-Disposition": 'attachment; filename="template-study.zip"'},
        )

    server.add_url_rule("/study", "study_post", post, methods=["POST"])
    server.add_url_rule("/study/<study_id>", "study_delete", delete, methods=["DELETE"])
    server.add_url_rule(_restore("<study_id>"), "study_restore", restore, methods=["POST"])
    server.add_url_rule("/study/<study_id>/key", "study_key", key, methods=["POST"])
    server.add_url_rule("/upload/template.zip", "upload_template", template)


def importer_for(settings: Settings, on_drop: Callable[[Study], object]) -> Importer:
    """The importer and its store, as the settings have them. Touches no disk yet."""
    home = Objects(settings.store, settings.store_dir) if settings.store else settings.store_dir
    store = Store(home, settings.store_days, settings.store_mb << 20, on_drop)
    return Importer(store, settings.file_mb << 20, settings.import_mb << 20)


def _posted(importer: Importer) -> flask.Response:
    from_this_site()
    request = flask.request
    # Three tables of full size, and room for what is around them.
    request.max_content_length = 3 * importer.max_bytes + (1 << 20)
    request.max_form_parts = 100
    try:
        form, files = request.form, request.files
    except RequestEntityTooLarge as problem:
        if (request.content_length or 0) <= request.max_content_length:
            raise UserError(
                "This form has too many fields, or one that is too long.",
                "Send the files and, if needed, one mapping of at most 500 kB.",
            ) from problem
        mb = importer.max_bytes >> 20
        raise UserError(
            f"These files are too large: the limit is {mb:,} MB per file.",
            "Keep only the columns and parameters that are needed, or save them as Parquet.",
        ) from problem
    mapping = _mapping(form.get("mapping", ""))
    gone = has_left(request.environ)
    with importer.store.staging() as folder:
        try:
            incoming = _saved(files, folder, importer.max_bytes)
        finally:
            for file in files.values():
                file.close()
        try:
            received = importer.receive(incoming, folder, mapping, lambda: not gone())
        except Canceled:
            raise UserError("The upload was canceled.", "Nothing was saved.") from None
    return _answer(received, importer.store)


def has_left(environ: Dict[str, Any]) -> Callable[[], bool]:
    """What tells whether the client has gone, as far as the server that took the request knows."""
    told: Callable[[], bool] | None = environ.get("waitress.client_disconnected")
    if told is not None:
        return told
    client: socket.socket | None = environ.get("gunicorn.socket")
    if client is None or isinstance(client, ssl.SSLSocket):  # which cannot be looked into
        return lambda: False

    def closed() -> bool:
        try:
            return bool(select.select([client], [], [], 0)[0]) and not client.recv(
                1, socket.MSG_PEEK
            )
        except (OSError, ValueError):  # reset, or closed here
            return True

    return closed


def _saved(files: Any, folder: Path, max_bytes: int) -> list[Incoming]:
    incoming: list[Incoming] = []
    for field, file in files.items(multi=True):
        if not file.filename:
            continue
        if len(incoming) == MAX_FILES:
            raise UserError(
                f"More than {MAX_FILES} files were sent.",
                "Send ADSL, ADTTE and ADAE only, or a zip.",
            )
        name = display_name(file.filename)
        path = folder / f"file-{len(incoming)}"
        file.save(path)
        if path.stat().st_size > max_bytes:
            raise UserError(
                f"{name} is larger than {max_bytes >> 20:,} MB.",
                "Keep only the columns and parameters that are needed, or save the table as "
                "Parquet.",
            )
        incoming.append(Incoming(name, path, field if field in ROLES else ""))
    return incoming


def display_name(filename: str) -> str:
    """A file's name as messages show it: its last part, printable, not too long.

    >>> display_name("../../etc/ad\\nsl.csv")
    'adsl.csv'
    """
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-80:] or "file"


def _mapping(text: str) -> Mapping | None:
    if not text.strip():
        return None
    try:
        return parse_mapping(json_text.read(text))
    except (ValueError, RecursionError) as problem:
        raise UserError(
            f"The mapping is not valid JSON: {str(problem)[:80]}.", "See docs/data.md."
        ) from (problem)


def _answer(received: Received, store: Store) -> flask.Response:
    if received.study is None:
        problem = received.problem or UserError("No study.")
        # The tables could be read: what is what can be said on this page.
        body = problem.to_json() | {
            "draft": {"id": received.id, "url": f"{PATH}/{received.id}", "key": received.key},
        }
        return json_response(body, problem.status)
    study = received.study
    end = store.expires(store.entry(study.id))
    return json_response(
        {
            "study": study.id,
            "key": received.key,
            "url": f"/study/{study.id}/survival",
            "report_url": f"/study/{study.id}/data",
            "title": study.title,
            "subjects": len(study.subjects),
            "expires": None if end is None else _iso(end),
            "report": json_text.to_json(study.report),
        },
        201,
    )


def _restore(study_id: str) -> str:
    return f"/study/{study_id}/restore"


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def check_key(store: Store, study_id: str) -> None:
    """Refuse who has not sent the key of a study, as header or field (403)."""
    from_this_site()
    sent = flask.request.headers.get(KEY_HEADER) or flask.request.form.get("key", "")
    store.check_key(study_id, sent)


PAGE: SitePage[None, Any] = SitePage(
    path=PATH,
    title="Upload",
    make=_page,
    layout=lambda page, *_: upload_content(page),
    register_more=_register,
    unpinned="A file that is not read yet has no numbers.",
)
