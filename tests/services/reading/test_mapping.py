"""Plain tables and what is said of them. Oracle: the same records written as ADTTE."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services.errors import UserError
from services.pages.mapping.page import mapping_page
from services.pages.mapping.records import Readings
from services.reading.formats.read import read_table
from services.reading.guess import guess
from services.reading.mapping import Mapping, apply, parse_mapping
from services.uploads.assemble import assemble
from tests.bad_files import GOOD
from tests.uploads import importer, send

PLAIN = "patient,weeks,status,group,Age\nP1,10,Dead,A,60\nP2,20,Alive,B,70\nP3,5,Dead,B,65\n"


@pytest.mark.parametrize(
    ("header", "rows", "expected", "events"),
    [
        ("patient,weeks,status,group", ["P1,10,Dead,A", "P2,20,Alive,B"],
         {"USUBJID": "PATIENT", "AVAL": "WEEKS", "CNSR": "STATUS", "TRTP": "GROUP"}, ("Dead",)),
        ("id,time,event,rx", ["1,5,0,a", "2,6,1,b"],
         {"USUBJID": "ID", "AVAL": "TIME", "CNSR": "EVENT", "TRTP": "RX"}, ("1",)),
        ("time,status,arm", ["5,1,a", "6,2,b"],
         {"AVAL": "TIME", "CNSR": "STATUS", "TRTP": "ARM"}, ("2",)),
        ("x,y", ["1,2", "3,4"], {}, ()),
        ("USUBJID,AVAL,CNSR,TRTP", ["a,1,0,x", "b,2,1,y"],
         {"USUBJID": "USUBJID", "AVAL": "AVAL", "CNSR": "CNSR", "TRTP": "TRTP"}, ()),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(
    header: str, rows: list[str], expected: dict[str, str], events: tuple[str, ...]
) -> None:
    found = guess(read_table("\n".join([header, *rows, ""]).encode(), "t.csv"), "adtte")
    assert dict(found.adtte) == expected
    assert found.events == events


def test_a_mapped_table_is_the_study_its_adtte_would_be() -> None:
    plain = read_table(PLAIN.encode(), "t.csv")
    mapping = Mapping(
        adtte={"USUBJID": "PATIENT", "AVAL": "WEEKS", "CNSR": "STATUS", "TRTP": "GROUP"},
        events=("Dead",),
        unit="weeks",
        endpoint="Overall survival",
    )
    adam = (
        "USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR\n"
        "P1,A,OS,Overall survival,10,WEEKS,0\nP2,B,OS,Overall survival,20,WEEKS,1\n"
        "P3,B,OS,Overall survival,5,WEEKS,0\n"
    )
    one = assemble("x", {"adtte": plain}, mapping)
    other = assemble("x", {"adtte": read_table(adam.encode(), "t.csv")}, Mapping())
    pd.testing.assert_frame_equal(one.times, other.times)
    assert one.arms == other.arms
    assert one.endpoints == other.endpoints
    assert one.subjects["AGE"].tolist() == [60, 70, 65]
    said = dict(one.report.mapped)
    assert said["Time"] == "WEEKS of t.csv, said on the page"
    assert said["Event"] == "STATUS = Dead; anything else is censored"


def test_one_group_and_no_subjects() -> None:
    mapping = Mapping(adtte={"AVAL": "T", "CNSR": "D", "TRTP": "*"}, events=("1",), unit="days")
    study = assemble("x", {"adtte": read_table(b"T,D\n1,1\n2,0\n", "t.csv")}, mapping)
    assert [a.name for a in study.arms] == ["All patients"]
    assert study.times["USUBJID"].tolist() == ["Row 1", "Row 2"]
    assert ("Subject", "no column: each row is taken for one patient") in study.report.mapped


def test_a_unit_said_on_the_page_goes_before_the_files() -> None:
    study = assemble("x", {"adtte": read_table(GOOD.encode(), "t.csv")}, Mapping(unit="weeks"))
    assert study.times["TIME"].tolist() == [70, 210, 140]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (Mapping(adtte={"AVAL": "NO"}), "no column NO"),
        (Mapping(adtte={"CNSR": "STATUS"}), "which values of STATUS"),
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


def test_the_page_says_what_is_missing_and_previews(tmp_path: Path) -> None:
    reader = importer(tmp_path)
    draft = send(reader, {"t.csv": PLAIN.encode()})
    page = mapping_page(reader.store, draft.id)
    assert page.draft
    assert page.events == ("Dead",)
    assert (page.unit, page.problem) == ("weeks", None)
    assert page.preview is not None
    # The file's own number and unit, its own word, and what it is taken for.
    assert page.preview.rows[0] == ("P1", "Time to event", "A", "10 weeks", "Dead", "Event")
    assert page.readings == Readings("status", (("Alive", 1), ("Dead", 2)), ("Dead",))
    assert page.preview.counts == (("Time to event", 3, 2, 1),)
    no_arm = Mapping(adtte={"AVAL": "WEEKS", "CNSR": "STATUS"}, events=("Dead",))
    for mapping, words in (
        (Mapping(), "for the time"),
        (Mapping(adtte={"AVAL": "WEEKS"}), "event or censoring"),
        (no_arm, "for the arm"),
        (Mapping(adtte={**no_arm.adtte, "TRTP": "GROUP"}), "values of status"),
        (Mapping(adtte={**no_arm.adtte, "TRTP": "GROUP"}, events=("Dead",)), "in which unit"),
    ):
        problem = mapping_page(reader.store, draft.id, mapping).problem
        assert problem is not None
        assert words in problem.message


def rows(status: list[str], name: str = "status") -> bytes:
    lines = [f"{i},{i + 0.5},{word},{'AB'[i % 2]}" for i, word in enumerate(status)]
    return "\n".join([f"id,months,{name},group", *lines, ""]).encode()


@pytest.mark.parametrize(
    ("name", "status", "events", "counts"),
    [
        ("censored", ["1", "0", "1"] * 8, ("0",), (("0", 8), ("1", 16))),
        ("status", ["A", "B", "B"] * 8, (), (("A", 8), ("B", 16))),
        ("event", ["0", "1", "2", "2"] * 6, (), (("0", 6), ("1", 6), ("2", 12))),
        ("dead", ["TRUE", "FALSE"] * 6, ("1",), (("0", 6), ("1", 6))),
    ],
)
def test_what_is_unsure_is_asked_with_both_readings(
    tmp_path: Path,
    name: str,
    status: list[str],
    events: tuple[str, ...],
    counts: tuple[tuple[str, int], ...],
) -> None:
    reader = importer(tmp_path)
    page = mapping_page(reader.store, send(reader, {"t.csv": rows(status, name)}).id)
    assert page.events == events
    assert page.readings is not None
    assert (page.readings.rows, page.readings.chosen) == (counts, events)
    if events:
        assert page.preview is not None
        assert page.preview.rows[0][3] == "0.5 months"
    else:
        assert page.problem is not None
        assert page.problem.message == f"Which values of {name} mean the event?"


def test_events_are_named_as_the_file_spells_them() -> None:
    table = read_table(rows(["TRUE", "FALSE", "TRUE", "TRUE"], "dead"), "t.csv")
    columns = {"USUBJID": "ID", "AVAL": "MONTHS", "CNSR": "DEAD", "TRTP": "GROUP"}
    said = {"adtte": columns, "unit": "months"}
    for value in ("TRUE", "true", "1", "1.0"):
        study = assemble("x", {"adtte": table}, parse_mapping({**said, "events": [value]}))
        assert study.times["EVENT"].tolist() == [True, False, True, True]
    with pytest.raises(UserError, match=r"has no value Dead") as caught:
        assemble("x", {"adtte": table}, parse_mapping({**said, "events": ["Dead"]}))
    assert caught.value.hint == "It has: 1, 0."


@pytest.mark.parametrize("good", [True, False, None])
def test_whether_the_event_is_good_can_be_said(good: bool | None) -> None:
    table = read_table(rows(["1", "0", "1", "1"]), "t.csv")
    columns = {"USUBJID": "ID", "AVAL": "MONTHS", "CNSR": "STATUS", "TRTP": "GROUP"}
    raw = {"adtte": columns, "events": ["1"], "unit": "months", "good": good}
    mapping = parse_mapping(raw)
    assert (
        parse_mapping(json.loads(json.dumps(mapping.to_json()))) == mapping
    )  # as the store keeps it
    assert assemble("x", {"adtte": table}, mapping).endpoints[0].good is good
    named = replace(mapping, endpoint="Overall survival")
    # The name tells where nobody says.
    assert assemble("x", {"adtte": table}, named).endpoints[0].good is bool(good)


def test_one_word_for_several_endpoints_is_refused() -> None:
    table = read_table(
        GOOD.encode() + GOOD.split("\n", 1)[1].replace("OS", "PFS").encode(), "t.csv"
    )
    with pytest.raises(UserError, match="holds 2 endpoints"):
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
