"""Plain tables and what is said of them. Oracle: the same records written as ADTTE."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from services.errors import UserError
from services.reading.formats.read import read_table
from services.reading.mapping import Mapping, apply, parse_mapping
from services.uploads.assemble import assemble
from tests.bad_files import GOOD
from tests.uploads import PLAIN, rows


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (Mapping(adtte={"AVAL": "NO"}), "no column NO"),
        (Mapping(adtte={"CNSR": "STATUS"}), "values of STATUS"),
        (Mapping(adtte={"CNSR": "STATUS"}, events=("Lost",)), "no value Lost"),
    ],
)
def test_what_cannot_be_mapped(mapping: Mapping, words: str) -> None:
    with pytest.raises(UserError, match=words):
        apply(mapping, {"adtte": read_table(PLAIN.encode(), "t.csv")})


def test_a_mapping_survives_json() -> None:
    mapping = Mapping(adtte={"AVAL": "T"}, events=("1", "2"), unit="days", title="A  b")
    again = parse_mapping({"adtte": {"AVAL": "t"}, "events": ["1", "2"], "unit": "days",
                           "title": " A b "})  # fmt: skip
    assert again.adtte == {"AVAL": "T"}
    assert parse_mapping(again.to_json() | {"events": list(again.events)}) == again
    assert again.title == "A b"
    assert mapping.unit == again.unit


def test_events_are_named_as_the_file_spells_them() -> None:
    table = read_table(rows(["TRUE", "FALSE", "TRUE", "TRUE"], "dead"), "t.csv")
    columns = {"USUBJID": "ID", "AVAL": "MONTHS", "CNSR": "DEAD", "TRTP": "GROUP"}
    said = {"adtte": columns, "unit": "months"}
    for value in ("TRUE", "true", "1", "1.0"):
        study = assemble("x", {"adtte": table}, parse_mapping({**said, "events": [value]}))
        assert study.times["EVENT"].tolist() == [True, False, True, True]
    with pytest.raises(UserError, match=r"has no value Dead") as caught:
        assemble("x", {"adtte": table}, parse_mapping({**said, "events": ["Dead"]}))
    assert caught.value.hint == "Its values are: 1, 0."


def test_one_word_for_several_endpoints_is_refused() -> None:
    table = read_table(
        GOOD.encode() + GOOD.split("\n", 1)[1].replace("OS", "PFS").encode(), "t.csv"
    )
    with pytest.raises(UserError, match="contains 2 endpoints"):
        assemble("x", {"adtte": table}, Mapping(good=True))


def test_a_column_that_is_the_arm_is_no_input_of_a_risk_model() -> None:
    lines = [f"{i},{i + 1},{i % 2},{1 + 20 * (i % 2)},{10 + i},{i % 4}" for i in range(12)]
    text = "\n".join(["id,months,dead,FLCR,BMPC,MPROT", *lines, ""])
    columns = {"USUBJID": "ID", "AVAL": "MONTHS", "CNSR": "DEAD", "TRTP": "FLCR"}
    mapping = Mapping(adtte=columns, events=("1",))
    study = assemble(
        "x", {"adtte": read_table(text.encode(), "t.csv")}, replace(mapping, unit="days")
    )
    assert sorted(a.name for a in study.arms) == ["1", "21"]
    assert "FLCR" not in study.subjects
    assert "MAYO2018" not in study.subjects


def test_one_column_has_one_meaning() -> None:
    with pytest.raises(UserError, match="says that STATUS is CNSR and TRTP"):
        parse_mapping({"adtte": {"AVAL": "t", "CNSR": "status", "TRTP": "Status"}})
    parse_mapping({"adsl": {"TRT01P": "arm", "TRT01A": "arm"}, "adtte": {"TRTP": "*"}})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"evnts": ["1"]}, "Mapping: unknown key evnts. Did you mean events?"),
        ({"adtte": {"AVL": "t"}}, "Mapping: unknown key adtte.AVL. Did you mean AVAL?"),
        ({"events": [1]}, "Mapping: events[1] = 1 cannot be used. Allowed: a text."),
        ({"unit": "day"}, "Mapping: unit = 'day' cannot be used. Did you mean days?"),
        ({"good": "yes"}, "Mapping: good = 'yes' cannot be used. Allowed: true or false."),
        ({"title": "x" * 201}, "Allowed: a text of at most 200 characters."),
    ],
)
def test_what_is_wrong_in_a_mapping_is_told_by_its_key(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        parse_mapping(raw)
