"""Dates cell by cell. Oracles: the date that was written; hand counts of the example study."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reading.cells.rules import ValueRules
from services.reading.cells.stand_ins import settle
from services.reading.formats.table import Table
from tests.services.reading.cells.written import dates_of, days, read


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("2020-02", "a partial date"),
        ("2020", "a partial date"),
        ("UN-FEB-2020", "a partial date"),
        ("UNFEB2020", "a partial date"),
        ("UNUNK2020", "a partial date"),
        ("01UNK2020", "a partial date"),
        ("2020-UN-03", "a partial date"),
        ("2020---03", "a partial date"),
        ("Feb 2020", "a partial date"),
        ("202002", "a partial date"),
        ("2020-02-30", "no valid date"),
        ("30FEB2020", "no valid date"),
        ("2020-13-01", "no valid date"),
        ("2020-02-00", "a partial date"),
        ("2020-02-03T25:00", "no valid date"),
        ("--", "no date"),
        ("UNK", "no date"),
        ("ongoing", "no date"),
        ("2020-3x", "no date"),
        ("12", "no date"),
        ("9999-12-31", "a date before 1900 or after 2100"),
        ("31DEC9999", "a date before 1900 or after 2100"),
        ("9999-12", "a date before 1900 or after 2100"),
        ("0001-01-01", "a date before 1900 or after 2100"),
        ("0000-01-01", "a date before 1900 or after 2100"),
    ],
)
def test_one_cell_that_is_no_date_is_missing_and_told(cell: str, kind: str) -> None:
    frame, findings = read({"ASTDT": ["2020-01-11", cell, "2020-02-10"]}, role="adae")
    assert dates_of(frame["ASTDT"]) == days(["2020-01-11", None, "2020-02-10"])
    (found,) = findings
    assert (found.severity, found.count) == ("warning", 1)
    if cell != "12":
        assert f"ASTDT: 1 cell contains {kind} and counts as missing: {cell} (P2, row 2)." in (
            found.message
        )


def test_a_far_date_is_none_in_a_column_that_came_as_dates_too() -> None:
    """9999-12-31 stands for "none" in databases: nobody died then."""
    written = ["2020-01-11", "9999-12-31", "2020-02-10", "1899-12-31"]
    dates = np.array(written, dtype="datetime64[us]")
    table = Table(pd.DataFrame({"ASTDT": dates, "RELAPSE": dates}), {}, "t.csv")
    tables, (found, other) = settle({"adae": table}, ValueRules())
    for column in ("ASTDT", "RELAPSE"):
        read_as = dates_of(tables["adae"].frame[column])
        assert read_as == days(["2020-01-11", None, "2020-02-10", None])
    assert "RELAPSE: 2 cells" in other.message
    assert "2 cells contain a date before 1900 or after 2100" in found.message
    assert "9999-12-31 (row 2), 1899-12-31 (row 4)" in found.message


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first", ["2020-02-01", "2021-01-01", "2019-12-01"]),
        ("middle", ["2020-02-15", "2021-07-01", "2019-12-15"]),
        ("last", ["2020-02-29", "2021-12-31", "2019-12-31"]),
    ],
)
def test_partial_dates_are_completed_by_the_rule(rule: str, expected: list[str]) -> None:
    """Impossible dates never are."""
    cells = ["2020-02", "2021", "UN-DEC-2019", "2020-02-30", "2020-06-01"]
    frame, findings = read({"DTHDT": cells}, ValueRules(partial=rule))  # type: ignore[arg-type]
    assert dates_of(frame["DTHDT"]) == days([*expected, None, "2020-06-01"])
    assert [(f.severity, f.count) for f in findings] == [("note", 3), ("warning", 1)]
    assert f"completed with the {rule} possible day: 2020-02 (P1, row 1)" in findings[0].message


STYLES = {
    "iso": "%Y-%m-%d",
    "iso time": "%Y-%m-%dT%H:%M",
    "iso zone": "%Y-%m-%dT%H:%MZ",
    "iso offset": "%Y-%m-%d %H:%M:%S+14:00",
    "SAS": "%d%b%Y",
    "SAS short": "%d%b%y",
    "SAS dashes": "%d-%b-%Y",
    "SAS time": "%d%b%Y:%H:%M:%S",
    "compact": "%Y%m%d",
    "compact time": "%Y%m%dT%H%M",
    "slashes year first": "%Y/%m/%d",
    "words": "%B %d, %Y",
    "words day first": "%d %B %Y",
}
ORDERED = {
    "day first": ("%d/%m/%Y", "31/01/2020"),
    "day first, points": ("%d.%m.%Y", "31.01.2020"),
    "day first, dashes": ("%d-%m-%Y", "31-01-2020"),
    "month first": ("%m/%d/%Y", "01/31/2020"),
    "month first, time": ("%m/%d/%Y %I:%M %p", "01/31/2020 10:00 PM"),
}
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2040, 1, 1)).map(
    lambda d: d.replace(second=0, microsecond=0)
)


@given(st.lists(moments, min_size=1, max_size=6), st.sampled_from(list(STYLES)))
def test_dates_of_every_style_read_back(written: list[dt.datetime], style: str) -> None:
    frame, findings = read({"ADT": [d.strftime(STYLES[style]) for d in written]}, role="adtte")
    assert dates_of(frame["ADT"]) == [d.date() for d in written]
    assert not any(f.severity == "warning" for f in findings)


@given(st.lists(moments, min_size=1, max_size=6), st.sampled_from(list(ORDERED)))
def test_an_order_proved_by_one_date_holds_for_the_column(
    written: list[dt.datetime], style: str
) -> None:
    pattern, proof = ORDERED[style]
    frame, findings = read({"ADT": [proof, *(d.strftime(pattern) for d in written)]}, role="adtte")
    assert dates_of(frame["ADT"]) == [dt.date(2020, 1, 31), *(d.date() for d in written)]
    assert [f.severity for f in findings] == ["note"]


BROKEN = ("2020-02-30", "2020-02", "UNK", "--", "31/13/2020", "x", "UN-FEB-2020", "30FEB2020")


@given(
    st.lists(moments, min_size=1, max_size=5),
    st.sampled_from([*STYLES, *ORDERED]),
    st.sampled_from(BROKEN),
    st.integers(0, 5),
)
def test_a_broken_cell_changes_no_other(
    written: list[dt.datetime], style: str, broken: str, at: int
) -> None:
    pattern, proof = ORDERED.get(style, (STYLES.get(style, ""), ""))
    cells = [proof or "2020-01-31", *(d.strftime(pattern) for d in written)]
    whole, _ = read({"ASTDT": cells}, role="adae")
    at = min(at, len(cells))
    frame, findings = read({"ASTDT": [*cells[:at], broken, *cells[at:]]}, role="adae")
    found = dates_of(frame["ASTDT"])
    assert found.pop(at) is None
    assert found == dates_of(whole["ASTDT"])
    assert sum(f.count or 0 for f in findings if f.severity == "warning") == 1


def test_another_column_of_the_table_tells_the_order() -> None:
    frame, findings = read({"TRTSDT": ["01/02/2020"], "TRTEDT": ["03/31/2020"]})
    assert dates_of(frame["TRTSDT"]) == days(["2020-01-02"])
    assert [f.severity for f in findings] == ["note", "note"]
    assert "TRTSDT read month first: like other dates in the table." in findings[1].message


def test_one_slip_among_many_dates_of_an_order_is_a_slip() -> None:
    cells = [f"{d:02}/01/2020" for d in range(1, 29)] + ["01/31/2020"]
    frame, findings = read({"TRTSDT": cells})
    expected = [f"2020-01-{d:02}" for d in range(1, 29)]
    assert dates_of(frame["TRTSDT"]) == days([*expected, None])
    assert [(f.severity, f.count) for f in findings] == [("warning", 1), ("note", None)]


def test_zeros_stand_for_what_is_not_known() -> None:
    cells = ["2020-05-00", "20200500", "00MAY2020", "2020-00-00", "2020-00-12", "0000-00-00"]
    frame, findings = read(
        {"ASTDT": ["2020-01-11", *cells]}, role="adae", rules=ValueRules(partial="first")
    )
    may, january = ["2020-05-01"] * 3, ["2020-01-01"] * 2
    assert dates_of(frame["ASTDT"]) == days(["2020-01-11", *may, *january, None])
    assert [f.count for f in findings] == [5, 1]
