"""Types of Parquet. Oracle: the values that pyarrow was given; R's difftime arrives as seconds."""

from __future__ import annotations

import datetime as dt
import decimal
import io
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.reading.formats.read import read_table
from services.reading.formats.table import Table


def read(**columns: Any) -> Table:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return read_table(out.getvalue(), "t.parquet")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_durations_are_days(unit: str) -> None:
    span = pa.array([dt.timedelta(days=300), dt.timedelta(hours=36), None], pa.duration("us"))
    table = read(USUBJID=["a", "b", "c"], AVAL=span.cast(pa.duration(unit)), AVALU=["MONTHS"] * 3)
    assert table.frame["AVAL"].tolist()[:2] == [300.0, 1.5]
    assert pd.isna(table.frame["AVAL"][2])
    # A duration knows its unit: what AVALU says cannot be true of it.
    assert table.frame["AVALU"].tolist() == ["DAYS"] * 3
    assert table.notes == (
        "AVAL holds durations: read as days.",
        "AVALU says MONTHS, but AVAL is a duration: the unit is not used.",
    )


def test_a_plain_column_of_durations_is_days_and_told() -> None:
    table = read(time=pa.array([86_400], pa.duration("s")), id=["a"])
    assert table.frame["time"].tolist() == [1.0]
    assert list(table.frame) == ["time", "id"]
    assert table.notes == ("time holds durations: read as days.",)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "+05:30"])
def test_midnight_stays_on_its_day(zone: str) -> None:
    here = dt.timezone(dt.timedelta(hours=5.5)) if zone[0] == "+" else ZoneInfo(zone)
    midnight = dt.datetime(2020, 7, 1, tzinfo=here)
    table = read(ADT=pa.array([midnight], pa.timestamp("us", tz=zone)), A=["x"])
    assert table.frame["ADT"][0] == pd.Timestamp("2020-07-01")
    assert table.notes == (f"ADT is in the time zone {zone}: read as local time.",)


def test_other_types_are_read_or_told() -> None:
    table = read(
        DEC=pa.array([decimal.Decimal("1.25")], pa.decimal128(5, 2)),
        BIG=pa.array(["x"], pa.large_string()),
        DICT=pa.array(["y"]).dictionary_encode(),
        CODES=pa.array([7]).dictionary_encode(),
        D32=pa.array([dt.date(2020, 2, 29)], pa.date32()),
        D64=pa.array([dt.date(2020, 2, 29)], pa.date64()),
        YES=pa.array([True]),
        BYTES=pa.array([b"abc"]),
        CLOCK=pa.array([dt.time(10, 30)]),
        LIST=pa.array([[1]]),
        STRUCT=pa.array([{"a": 1}]),
        NOISE=pa.array([b"\xff\xfe"]),
    )
    row = table.frame.iloc[0]
    assert (row["DEC"], row["BIG"], row["DICT"], row["CODES"]) == (1.25, "x", "y", 7.0)
    assert row["D32"] == row["D64"] == pd.Timestamp("2020-02-29")
    assert (row["YES"], row["BYTES"], row["CLOCK"][:5]) == (1.0, "abc", "10:30")
    assert table.notes == (
        "LIST contains lists or records: left out.",
        "STRUCT contains lists or records: left out.",
        "NOISE contains binary: left out.",
    )
