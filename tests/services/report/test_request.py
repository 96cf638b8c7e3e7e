"""What a report is asked for with. Oracle: the form that docs/design.md gives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.errors import UserError
from services.report.records import Asked
from services.report.request import MOST_ITEMS, read_request

ITEM = {"address": "/study/e3a06/survival?endpoint=OS", "title": " OS\n ", "comment": "a\r\nb\x00"}


def asked(**changed: Any) -> str:
    return json.dumps({"format": "html", "title": "T", "items": [ITEM]} | changed)


def test_a_request_is_read() -> None:
    found = read_request(asked())
    assert (found.format, found.title) == ("html", "T")
    assert found.items == (Asked("/study/e3a06/survival?endpoint=OS", "OS", "a\nb"),)
    assert read_request(asked(title=None)).title == "Report"
    odd = {"address": " /study/x/survival?versus=a\u00ad  b ", "title": "5\u00a0mg\u2028or\t 10"}
    assert read_request(asked(items=[odd])).items == (
        Asked("/study/x/survival?versus=a\u00ad  b", "5\u00a0mg or 10"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "not a JSON object"),
        (asked(format="pdf"), "“pdf”"),
        (asked(format=None), "missing"),
        (asked(items=[]), "no “items”"),
        (asked(items=[ITEM] * (MOST_ITEMS + 1)), "41 items"),
    ],
)
def test_what_cannot_be_used_is_named(text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read_request(text)
    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("x", "Item 2 is not"),
        ({}, "Item 2 has no “address”"),
        ({"address": 3}, "“address” of item 2 is not text"),
        (ITEM | {"title": "x" * 301}, "“title” of item 2 has 301 characters"),
        (ITEM | {"comment": "x" * 5001}, "5,001 characters"),
    ],
)
def test_what_is_wrong_with_an_item_leaves_the_others(item: Any, said: str) -> None:
    first, second, third = read_request(asked(items=[ITEM, item, ITEM])).items
    assert (first, first.problem) == (third, None)
    assert second.problem is not None
    assert said in second.problem.message
    assert second.problem.hint
