"""Values as people type them. Oracle: what each stands for, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.views import parse
from services.views.parse import FieldError


@pytest.mark.parametrize(
    "text", ["12,24,36", "12 24 36", "12;24;36", "36; 12,24", " 12,  24 ;36, ", "12\t24\n36"]
)
def test_times_are_told_apart_by_commas_semicolons_and_blanks(text: str) -> None:
    assert parse.times("at", text) == (12.0, 24.0, 36.0)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (parse.positive, "2,5", 2.5),
        (parse.level, "0,95", 0.95),
        (parse.positive, " 36 ", 36.0),
        (parse.percent, "5 %", 5.0),
        (parse.percent, "0", 0.0),
        (parse.count, " 7 ", 7),
    ],
)
def test_a_number_may_be_written_in_any_usual_way(
    read: Callable[[str, str], Any], text: str, value: float
) -> None:
    assert read("x", text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (parse.positive, "0"),
        (parse.positive, "-1"),
        (parse.positive, "nan"),
        (parse.positive, "1e999"),
        (parse.positive, "6,12"),
        (parse.positive, "1,000"),
        (parse.times, "12, abc"),
        (parse.times, "-1"),
        (parse.times, " ".join(map(str, range(13)))),
        (parse.percent, "101"),
        (parse.count, "2.5"),
        (parse.count, "-3"),
        (parse.page, "0"),
    ],
)
def test_what_is_no_such_number_is_refused_with_its_key(
    read: Callable[[str, str], Any], text: str
) -> None:
    with pytest.raises(FieldError) as caught:
        read("tau", text)
    assert caught.value.key == "tau"
    assert caught.value.why


@pytest.mark.parametrize("text", ["60, 70", "70,60", "70 60 60", "60/70", "70;60.0 "])
def test_cut_points_have_one_order(text: str) -> None:
    assert parse.cut_points(text) == (60.0, 70.0)


def test_a_cut_is_the_same_however_its_points_are_written() -> None:
    text = "AGE:70/60,AGE:60/70,AGE:60.0/70,MPROT:q4"
    assert parse.cuts("cut", text) == ("AGE:60/70", "MPROT:q4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 2 3 4 5 6 7", "These are 7 cut points. Write at most 6."),
        ("", "No cut point is written. Write numbers such as 60, 70."),
    ],
)
def test_wrong_cut_points_name_the_limit(text: str, said: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse.cut_points(text)
    assert caught.value.said == said
