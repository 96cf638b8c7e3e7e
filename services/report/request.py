"""What a report is asked for with: read strictly, refused in words."""

from __future__ import annotations

import re
from typing import Any

from services import json_text
from services.errors import UserError, short
from services.report.records import Asked, Request
from services.report.text import clean
from services.views.site import LONGEST_ADDRESS

FORMATS = ("pptx", "docx", "html", "zip", "xlsx")
MOST_ITEMS = 40
LONGEST_TITLE, LONGEST_COMMENT = 300, 5000
_EXAMPLE = (
    'It looks like {"format": "pptx", "title": "...", "items": [{"address": '
    '"/study/e3a06/survival", "title": "...", "comment": "..."}]}.'
)


def read_request(text: str) -> Request:
    """The request in a JSON text; an item that cannot be used has its ``problem``, the others stay.

    Raises
    ------
    UserError : names what is wrong with the whole of it, and what is allowed
    """
    try:
        body = json_text.read(text)
    except (ValueError, RecursionError) as problem:
        raise UserError("The report asked for is not valid JSON.", _EXAMPLE) from problem
    if not isinstance(body, dict):
        raise UserError("The report asked for is not a JSON object.", _EXAMPLE)
    kind = body.get("format")
    if kind not in FORMATS:
        given = f"“{short(kind)}”" if kind is not None else "missing"
        raise UserError(f"The “format” is {given}.", f"Allowed: {', '.join(FORMATS)}.")
    items = body.get("items")
    if not isinstance(items, list) or not items:
        raise UserError("The report has no “items”.", _EXAMPLE)
    if len(items) > MOST_ITEMS:
        raise UserError(
            f"The report has {len(items):,} items; at most {MOST_ITEMS} fit in one.",
            "Make two reports of them.",
        )
    title = _line(body, "title", "the report", LONGEST_TITLE) or "Report"
    return Request(kind, title, tuple(_item(item, i) for i, item in enumerate(items, 1)))


def _item(item: Any, number: int) -> Asked:
    try:
        return _asked(item, f"item {number}")
    except UserError as problem:
        given = item.get("address") if isinstance(item, dict) else None
        return Asked(given if isinstance(given, str) else "", problem=problem)


def _asked(item: Any, of: str) -> Asked:
    if not isinstance(item, dict):
        raise UserError(f"{of.capitalize()} is not a JSON object.", _EXAMPLE)
    # As it is: a name in it may hold anything.
    address = _given(item, "address", of, LONGEST_ADDRESS).strip()
    if not address:
        raise UserError(f"{of.capitalize()} has no “address”.", _EXAMPLE)
    return Asked(
        address,
        _line(item, "title", of, LONGEST_TITLE),
        clean(_given(item, "comment", of, LONGEST_COMMENT)).strip(),
        _line(item, "no_figure", of, LONGEST_TITLE),
    )


def _line(body: Any, key: str, of: str, longest: int) -> str:
    return re.sub(r"[ \t\n]+", " ", clean(_given(body, key, of, longest))).strip()


def _given(body: Any, key: str, of: str, longest: int) -> str:
    given = body.get(key)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UserError(f"The “{key}” of {of} is not text.", "Write it in quotation marks.")
    if len(given) > longest:
        raise UserError(
            f"The “{key}” of {of} has {len(given):,} characters.", f"At most {longest:,} are read."
        )
    return given
