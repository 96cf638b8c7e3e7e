"""Addresses of views that anyone may have written: of this site, or refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import flask

from callbacks.serving import proxy
from callbacks.study_page import StudyPage
from services.errors import UserError, short
from services.names import label
from services.report.item import is_secret
from services.study.model import Study
from services.views.study import View, decode

_ADDRESS = re.compile(r"/study/([^/]+)(?:/([a-z-]+))?/?")
_FORM = "An address looks like /study/e3a06/survival?endpoint=OS."


def inside(address: str) -> SplitResult:
    """The parts of an address of this site.

    Raises
    ------
    UserError : it is none
    """
    try:
        parts = urlsplit(address)
    except ValueError as problem:  # brackets around what is no IPv6 address
        raise UserError(f"{short(address, 80)} is not an address.", _FORM) from problem
    # "javascript:/study/..." has the path of a page, too.
    ours = ("http", "https") if parts.netloc else ("",)
    if parts.scheme not in ours or parts.netloc not in ("", flask.request.host):
        raise UserError(f"{short(address, 80)} is not an address of this site.", _FORM)
    return parts._replace(path=proxy.inside(parts.path))


def view_of_study(
    pages: Mapping[str, StudyPage[Any]], parts: SplitResult
) -> tuple[StudyPage[Any], str, View]:
    """The page of a study that an address opens, the study's id, and the view.

    Raises
    ------
    UserError : there is no such page, or a value of the view cannot be used
    """
    match = _ADDRESS.fullmatch(unquote(parts.path))
    page = pages.get(match[2] or "") if match else None
    if match is None or page is None:
        raise UserError(f"There is no page {short(parts.geturl(), 80)} here.", _FORM, status=404)
    return page, match[1], decode(parts.query)


def path_of(study: Study, page: StudyPage[Any]) -> str:
    """The path of a page of a study."""
    return f"/study/{study.id}/{page.name}".rstrip("/")


def link_of(study: Study, page: StudyPage[Any], query: str) -> str:
    """The whole link of a view, for files; "" of an upload, which it would open to anyone."""
    if is_secret(study):
        return ""
    ending = f"?{query}" if query else ""
    return f"{flask.request.url_root.rstrip('/')}{path_of(study, page)}{ending}"


def title_of(page: StudyPage[Any], record: Any) -> str:
    """What a view is called that the reader gave no title."""
    study = record.study.short_title
    endpoint = getattr(record, "endpoint", None)
    what = endpoint.label if page.name == "survival" and endpoint else page.title or page.id
    of = f" ({label(endpoint.label)})" if endpoint and page.name != "survival" else ""
    return f"{study}: {what}{of}"
