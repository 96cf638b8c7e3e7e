"""Records that check themselves. Oracle: what is wrong with each value, by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field
from pydantic.dataclasses import dataclass

from services.checked import (
    CONFIG,
    MADE,
    Digits,
    Flag,
    Inline,
    Number,
    Percent,
    Problem,
    Record,
    Texts,
    Whole,
    changed,
    check,
    keys,
    unique,
)


@dataclass(frozen=True, config=CONFIG)
class Bound(Record):
    low: Annotated[Percent, Field(validation_alias="from")]
    unit: str = "%"


@dataclass(frozen=True, config=CONFIG)
class Row(Record):
    id: str
    n: Whole = 0
    share: Number | None = None
    certain: Flag = False
    kind: Literal["paper", "news"] = "paper"
    names: Texts = ()
    bound: Annotated[Bound | None, Inline(Bound, ("from",), ("unit", "points"))] = None
    made: Annotated[str, MADE] = ""


@dataclass(frozen=True, config=CONFIG)
class Rows(Record):
    rows: Annotated[tuple[Row, ...], unique("id")]


def test_values_become_what_the_record_says() -> None:
    made = check(
        Row, {"id": Digits("07"), "n": Digits("12"), "share": Digits("0.60"), "names": "a"}
    )
    assert isinstance(made, Row)
    assert (made.id, made.n, str(made.share), made.names) == ("07", 12, "0.60", ("a",))
    assert made.bound is None


def test_keys_of_an_inline_record_stand_among_the_others() -> None:
    assert keys(Row) == ("id", "n", "share", "certain", "kind", "names", "from", "unit")
    made = check(Row, {"id": "a", "from": Digits("5")})
    assert isinstance(made, Row)
    assert made.bound == Bound(low=5.0, unit="points")


BAD: list[tuple[dict[str, Any], tuple[Any, ...], str, str]] = [
    ({}, ("id",), "is missing", "Add it."),
    ({"id": "a", "nn": 1}, ("nn",), "is not a known key", "Did you mean n?"),
    ({"id": "a", "made": "x"}, ("made",), "is not a known key", "Known: id, n,"),
    ({"id": "a", "kind": "papers"}, ("kind",), "is “papers”", "Did you mean paper?"),
    ({"id": "a", "kind": "blog"}, ("kind",), "is “blog”", "Allowed: paper, news."),
    ({"id": "a", "n": Digits("-1")}, ("n",), "is -1", "0 or more"),
    ({"id": "a", "n": Digits("010")}, ("n",), "is a number (010)", "whole number"),
    ({"id": "a", "n": "5"}, ("n",), "is a text (5)", "without quotes"),
    ({"id": "a", "n": Digits("1.5")}, ("n",), "is a number (1.5)", "whole number"),
    ({"id": "a", "share": Digits("1e3")}, ("share",), "is written as 1e3", "plain digits"),
    ({"id": "a", "share": Digits(".inf")}, ("share",), "is not finite", "null"),
    ({"id": "a", "share": ["1"]}, ("share",), "is a list", "Write a number."),
    ({"id": "a", "certain": "maybe"}, ("certain",), "is a text (maybe)", "true or false"),
    ({"id": {}}, ("id",), "is keys and values", "Write a text."),
    ({"id": "a", "from": Digits("101")}, ("bound", "from"), "is 101", "from 0 to 100"),
]


@pytest.mark.parametrize(("values", "path", "text", "hint"), BAD)
def test_what_is_wrong_is_told_with_its_remedy(
    values: dict[str, Any], path: tuple[Any, ...], text: str, hint: str
) -> None:
    problem = check(Row, values)
    assert isinstance(problem, Problem)
    assert problem.path == path
    assert text in problem.text
    assert hint in problem.hint


def test_of_several_records_the_repeated_one_is_meant() -> None:
    problem = check(Rows, {"rows": [{"id": "a"}, {"id": "b"}, {"id": "a"}]})
    told = Problem(("rows", 2), "repeats the id “a”", "Give each its own id.", "wrong")
    assert problem == told
    assert isinstance(check(Rows, {"rows": "a"}), Problem)


def test_a_change_leaves_the_record_as_it_was() -> None:
    row = Row(id="a")
    assert (changed(row, id="b"), row) == (Row(id="b"), Row(id="a"))
