"""A plain table and what is said of it, as a study. Oracle: the same records written as ADTTE."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from services.reading.formats.read import read_table
from services.reading.mapping import Mapping, parse_mapping
from services.uploads.assemble import assemble
from tests.bad_files import GOOD
from tests.uploads import PLAIN, rows


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
    assert said["Time"] == "WEEKS of t.csv, set on the page"
    assert said["Event"] == "STATUS = Dead; anything else is censored"


def test_one_group_and_no_subjects() -> None:
    mapping = Mapping(adtte={"AVAL": "T", "CNSR": "D", "TRTP": "*"}, events=("1",), unit="days")
    study = assemble("x", {"adtte": read_table(b"T,D\n1,1\n2,0\n", "t.csv")}, mapping)
    assert [a.name for a in study.arms] == ["All patients"]
    assert study.times["USUBJID"].tolist() == ["Row 1", "Row 2"]
    assert ("Subject", "no column: each row is counted as one patient") in study.report.mapped


def test_a_unit_said_on_the_page_goes_before_the_files() -> None:
    study = assemble("x", {"adtte": read_table(GOOD.encode(), "t.csv")}, Mapping(unit="weeks"))
    assert study.times["TIME"].tolist() == [70, 210, 140]


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
