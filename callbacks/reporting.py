"""``POST /report``: views of pages put together into a file (services/report/).

A browser sends along the figures as it draws them; every number, word and table is taken from the
pages' own records here, never from an image.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks import pages
from callbacks.addresses import answered, json_response
from callbacks.context import explain
from callbacks.site.linked import inside, link_of, title_of, view_of_study
from callbacks.site_page import SitePage
from callbacks.study_page import StudyPage
from components.studio import figure as studio
from services.errors import UserError, short
from services.json_text import to_text
from services.pages.records import ascii_name
from services.report import files, images, request
from services.report.item import (
    NO_FIGURE,
    NO_PICTURES,
    NOT_SENT,
    Shown,
    item,
    software,
)
from services.report.records import Asked, Figure, Item, LeftOut, Report, Request
from services.report.text import clean
from services.settings import Settings
from services.studies import Catalogue
from services.study.model import SECRET_ID
from services.views.site import decode_site

_PART = re.compile(r"figure-(\d{1,3})\.(svg|png)")
_HEADER = 4000  # characters: proxies refuse longer ones
LEFT_OUT = "Report-Left-Out"  # header: JSON, what the file lacks and why


def register(server: flask.Flask, catalogue: Catalogue, settings: Settings) -> None:
    """The two addresses."""
    at_once = threading.BoundedSemaphore(settings.reports)  # others wait

    def post() -> flask.Response:
        return answered(lambda: _made(catalogue, settings, at_once))

    def check() -> flask.Response:
        return answered(lambda: json_response(_checked(catalogue, settings)))

    server.add_url_rule("/report", "report_post", post, methods=["POST"])
    server.add_url_rule("/report/check", "report_check", check, methods=["POST"])


# --- what is asked for ----------------------------------------------------------------------------


def _asked(most_mb: int) -> tuple[Request, dict[int, dict[str, bytes]]]:
    """The request, and the images by item and kind; ``most_mb``: megabytes of all of it."""
    sent = flask.request
    sent.max_content_length = most_mb << 20
    sent.max_form_memory_size = 4 << 20
    sent.max_form_parts = 1000
    try:
        if sent.mimetype != "multipart/form-data":
            return request.read_request(sent.get_data(as_text=True)), {}
        text = sent.form.get("request")
        if text is None:
            raise UserError(
                "The form has no field “request”.",
                "Send the report asked for as JSON in it, and images as “figure-0.svg”, ...",
            )
        asked = request.read_request(text)
        return asked, _images(sent.files, len(asked.items))
    except RequestEntityTooLarge as problem:
        raise UserError(
            "The images are too large or too many: at most two for each of"
            f" {request.MOST_ITEMS} items, together {most_mb} MB.",
            "Make two reports, or send smaller images.",
        ) from problem
    finally:
        if "files" in vars(sent):  # else they would be read anew, and be too large again
            for _, file in sent.files.items(multi=True):
                file.close()


def _images(sent: Any, items: int) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {}
    for name, file in sent.items(multi=True):
        part = _PART.fullmatch(name)
        if part is None or int(part[1]) >= items or part[2] in found.get(int(part[1]), {}):
            raise UserError(
                f"The form has an image “{short(name)}”, which belongs to no item.",
                f"Of {items} items the images are figure-0.svg and figure-0.png to"
                f" figure-{items - 1}.svg and figure-{items - 1}.png, each once.",
            )
        most = images.MOST_BYTES[part[2]]
        found.setdefault(int(part[1]), {})[part[2]] = file.stream.read(most + 1)
    return found


# --- a view ---------------------------------------------------------------------------------------


def view_of(
    catalogue: Catalogue, address: str
) -> tuple[StudyPage[Any] | SitePage[Any, Any], Any, Any]:
    """The page that an address opens, its view, and its record.

    Raises
    ------
    UserError : the address opens no page, or its view cannot be shown
    """
    parts = inside(address)
    path = unquote(parts.path)
    upload = path.startswith("/upload/")
    site = pages.SITE.get("/upload" if upload else path.rstrip("/") or "/")
    if site is not None:
        if site.unpinned:
            raise UserError(f"A report cannot hold the page {site.path}. {site.unpinned}")
        view = decode_site(site.view, parts.query) if site.view else None
        return site, view, site.make(catalogue, view)
    page, study_id, asked = view_of_study(pages.STUDY, parts)
    record = page.make(catalogue.get(study_id), asked)
    if why := page.unpinned(record):
        raise UserError(*why)
    return page, asked, record


def shown(catalogue: Catalogue, address: str, kind: str) -> Shown:
    """A view as its page has it, for a file of that format; a folder has patients and scripts."""
    page, view, record = view_of(catalogue, address)
    site = flask.request.url_root.rstrip("/")
    query = urlsplit(address).query
    ending = f"?{query}" if query else ""
    if isinstance(page, SitePage):
        made = {ending: make(catalogue, view) for ending, make in page.files.items()}
        body = made.pop("json")
        texts = {f"{page.id}.{ending}": text for ending, text in made.items()}
        return Shown(
            name=page.id,
            title=page.called(record),
            whose=page.whose or str(body.get("whose", "")),
            # One that holds the address of an upload would open it to anyone.
            link="" if SECRET_ID.search(query) else f"{site}{page.path}{ending}",
            parts=page.parts(record),
            body=body,
            csv=texts.get(f"{page.id}.csv", ""),
            files={f"{page.id}.json": to_text(body), **texts},
            rests_on=page.rests_on(record),
            **_drawn(page, record, kind),
        )
    body = page.files["json"](record)
    texts = {page.file_named(record, "json"): to_text(body)}
    left_out = []
    wanted = tuple(page.files) if kind == "zip" else ("csv",)
    for name in (name for name in wanted if name in page.files and name != "json"):
        try:
            texts[page.file_named(record, name)] = page.text(record, name, flask.request.url_root)
        except UserError as problem:
            left_out.append(f"{name}: {problem}")
    return Shown(
        name=page.id,
        title=title_of(page, record),
        link=link_of(record.study, page, query),
        record=record,
        parts=page.parts(record),
        body=body,
        csv=texts.get(page.file_named(record, "csv"), ""),
        files=texts,
        left_out=left_out,
        **_drawn(page, record, kind),
    )


def _drawn(page: StudyPage[Any] | SitePage[Any, Any], record: Any, kind: str) -> dict[str, Any]:
    """Why a view has no figure ("" if it has one), how it is drawn otherwise than asked for, and
    what of it stands on every page."""
    if page.image is None:
        said = page.undrawn if isinstance(page, SitePage) else ""
        return {"no_image": said or "This page has no figure of its own."}
    try:
        layout = studio.figure(record, page.image, kind)["layout"]
    except UserError as problem:
        return {"no_image": str(problem)}
    meta = layout.get("meta", {})
    found, pixels = meta.get("repeated", {}), layout["height"]
    shares = {name: found[name] / pixels for name in ("head", "foot") if found}
    cuts = {"cuts": tuple(at / pixels for at in found["cuts"])} if found else {}
    return {"repeated": shares | cuts, "instead": studio.instead(meta)}


# --- the answers ----------------------------------------------------------------------------------


def _checked(catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
    """Of each item its title and the address of its figure, or what is wrong with it."""
    asked, _ = _asked(settings.report_mb)
    # Beside the images stands the request itself.
    together = (settings.report_mb << 20) - (1 << 20)
    return {
        "items": [_check(catalogue, one, asked.format) for one in asked.items],
        "limits": {**images.MOST_BYTES, "together": together},
    }


def _check(catalogue: Catalogue, asked: Asked, kind: str) -> dict[str, Any]:
    try:
        if asked.problem:
            raise asked.problem
        page, _, record = view_of(catalogue, asked.address)
    except Exception as problem:
        return {"address": asked.address, "problem": explain(problem).to_json()["error"]}
    found: dict[str, Any] = {"address": asked.address, "problem": None, "figure": None}
    if not (why := _drawn(page, record, kind).get("no_image", "")) and kind != "xlsx":
        parts = inside(asked.address)
        # In a folder an image stands alone, with its title and small print inside.
        bare = f"report={kind}" if kind in studio.ROOMS else ""
        query = "&".join(filter(None, (parts.query, bare)))
        path = quote(unquote(parts.path)).rstrip("/")
        found["figure"] = f"{path}.figure.json" + (f"?{query}" if query else "")
    of = None if isinstance(page, SitePage) else record.study
    name = page.called(record) if isinstance(page, SitePage) else title_of(page, record)
    return found | {
        "title": asked.title or name,
        "study": of and (of.metadata.short_title or of.title),
        "no_figure": why or None,
    }


def _made(
    catalogue: Catalogue, settings: Settings, at_once: threading.BoundedSemaphore
) -> flask.Response:
    asked, sent = _asked(settings.report_mb)
    if not at_once.acquire(timeout=settings.report_seconds / 2):
        raise UserError(
            "Other reports are being made at the moment.", "Try again in a minute.", status=503
        )
    try:
        return _written(catalogue, asked, sent, settings.report_seconds)
    finally:
        at_once.release()


def _written(
    catalogue: Catalogue, asked: Request, sent: dict[int, dict[str, bytes]], seconds: int
) -> flask.Response:
    # An image that is none is refused before anything is computed.
    figures: dict[int, Figure | None] = {
        k: images.figure(found.get("svg"), found.get("png"), k + 1) for k, found in sent.items()
    }
    made = time.strftime("%Y-%m-%d", time.gmtime())
    gone: Callable[[], bool] = flask.request.environ.get(
        "waitress.client_disconnected", lambda: False
    )
    end = time.monotonic() + seconds
    unsent = NOT_SENT if sent else NO_FIGURE
    unsent = NO_PICTURES if asked.format == "xlsx" else unsent
    items: list[Item] = []
    left_out: list[LeftOut] = []
    for number, one in enumerate(asked.items, 1):
        if gone():
            raise UserError("The report was canceled.", "Nothing was kept.")
        try:
            if time.monotonic() > end:
                raise UserError(
                    f"The report takes longer than {seconds} seconds.", "Make two reports of it."
                )
            if one.problem:
                raise one.problem
            view = shown(catalogue, one.address, asked.format)
            drawn = figures.get(number - 1) if asked.format != "xlsx" else None
            items.append(item(one, view, drawn, made, unsent))
        except Exception as problem:
            left_out.append(LeftOut(number, _named(one), clean(_unnamed(str(explain(problem))))))
    if not items:
        raise UserError(
            "Nothing of this report can be shown.",
            "Take out what no longer works, and add other views.",
            tuple(f"{left.number}. {left.name}: {left.why}" for left in left_out),
        )
    report = Report(asked.title, made, software(), tuple(items), tuple(left_out))
    answer = flask.Response(files.write(report, asked.format), mimetype=files.MIME[asked.format])
    stem = re.sub(r"[-_]{2,}", "-", ascii_name(asked.title))[:80].strip("-. ")
    name = f"{stem or 'report'}.{asked.format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if left_out:
        answer.headers[LEFT_OUT] = _header(left_out)
    return answer


def _header(left_out: Sequence[LeftOut]) -> str:
    """What is missing, as JSON: ASCII, and not much of it. The file says all of it."""
    for longest in (400, 120, 40):
        told = [
            {"item": x.number, "name": short(x.name, longest), "why": short(x.why, longest)}
            for x in left_out
        ]
        if len(text := json.dumps(told)) < _HEADER:
            break
    return text


def _named(asked: Asked) -> str:
    """A view that cannot be shown, for the file: an upload's address would open it to anyone."""
    return asked.title or clean(short(_unnamed(asked.address), 120)) or "(no address)"


def _unnamed(text: str) -> str:
    return SECRET_ID.sub("(upload)", text)
