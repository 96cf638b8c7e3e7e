"""Dates that stand in for missing ones. Oracle: hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from services.reading.cells.rules import ValueRules
from services.reading.cells.stand_ins import settle
from services.reading.formats.read import read_table


def events(text: str, rules: ValueRules | None = None) -> tuple[pd.DataFrame, list[str]]:
    table = read_table(text.encode(), "adae.csv", categories=True)
    tables, findings = settle({"adae": table}, rules or ValueRules())
    return tables["adae"].frame, [f.message for f in findings]


def starts(frame: pd.DataFrame) -> list[str]:
    return frame["ASTDT"].to_numpy().astype("datetime64[D]").astype(str).tolist()


def test_collected_dates_serve_row_by_row() -> None:
    frame, told = events(
        "USUBJID,ASTDT,AESTDTC\nA,2020-01-05,2020-01-01\nB,,2020-01-21T10:30\nC,2020-03,2020-02\n"
    )
    assert starts(frame) == ["2020-01-05", "2020-01-21", "NaT"]
    partial = "1 cell contains a partial date and counts as missing"
    assert told == [
        f"adae.csv: ASTDT: {partial}: 2020-03 (C, row 3).",
        f"adae.csv: AESTDTC: {partial}: 2020-02 (C, row 2).",
        "adae.csv: ASTDT taken from AESTDTC (1 row), where it is missing.",
    ]


def test_collected_dates_alone() -> None:
    frame, told = events("USUBJID,AESTDTC,AEENDTC\nA,2020-01-11,2020-01-12\nB,2020-01-21,\n")
    assert starts(frame) == ["2020-01-11", "2020-01-21"]
    assert frame["AENDT"].notna().tolist() == [True, False]
    assert "adae.csv: ASTDT taken from AESTDTC (2 rows), which is absent." in told


def test_a_collected_partial_date_beside_an_analysis_date_is_nobodys_business() -> None:
    frame, told = events("USUBJID,ASTDT,AESTDTC\nA,2020-01-01,2020-01\n")
    assert starts(frame) == ["2020-01-01"]
    assert told == []


def test_collected_texts_none_of_which_is_a_date_are_told() -> None:
    frame, told = events("USUBJID,AESTDTC\nA,day 4\nB,day 9\n")
    assert "ASTDT" not in frame
    assert told == [
        "adae.csv: AESTDTC is named like a date, but its values are not dates: day 4, day 9. It is "
        "left unchanged."
    ]


def test_study_days_where_there_is_no_date_and_no_day_0() -> None:
    frame, told = events(
        "USUBJID,ASTDT,ASTDY,AESTDY\nA,2020-01-05,,9\nB,,,7\nC,,3,8\nD,2020-01-06,0,\nE,,,0\n"
    )
    np.testing.assert_array_equal(frame["ASTDY"], [np.nan, 7, 3, np.nan, np.nan])
    assert [t for t in told if "AESTDY used in 1 row without" in t]
    assert [t for t in told if "there is no study day 0" in t]


def test_dates_of_the_first_dose() -> None:
    text = "USUBJID,TRTSDT,TRTSDTM,RFXSTDTC\nA,2020-01-01,,\nB,,2020-01-02T08:00,\nC,,,2020-01-03\n"
    tables, findings = settle({"adsl": read_table(text.encode(), "adsl.csv")}, ValueRules())
    days = tables["adsl"].frame["TRTSDT"].to_numpy().astype("datetime64[D]").astype(str)
    assert days.tolist() == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert "TRTSDTM (1 row) and RFXSTDTC (1 row)" in findings[-1].message
