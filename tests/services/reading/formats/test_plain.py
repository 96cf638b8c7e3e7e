"""Plain values of a column. Oracle: read by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading.formats.read import read_table
from tests.services.reading.formats.small import as_parquet


@pytest.mark.parametrize("word", ["", "NA", " ", ".", "  NA "])
def test_missing_values_of_text_and_numbers(word: str) -> None:
    frame = read_table(
        f"K,T,X,E\n1,a,1,{word}\n2,{word},{word},{word}\n".encode(), "t.csv"
    ).frame.drop(columns="K")
    assert frame["T"].tolist()[0] == "a"
    assert frame["X"].dtype == frame["E"].dtype == np.float64
    assert frame.isna().sum().tolist() == [1, 1, 2]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["007", "8"], ["007", "8"]),  # a leading zero is a code
        (["12345678901234567", "1"], ["12345678901234567", "1"]),  # not exact as a number
        (["1e5", "2"], ["1e5", "2"]),  # an exponent needs its sign to be one
        (["1e-05", "2.5E+3"], [1e-5, 2500.0]),
        (["+1", "-.5"], [1.0, -0.5]),
        (["1,000", "2"], ["1,000", "2"]),
        (["TRUE", "false"], [1.0, 0.0]),
        (["inf", "1"], ["inf", "1"]),
        (["-", "1"], ["-", "1"]),
    ],
)
def test_what_is_a_number(values: list[str], expected: list[object]) -> None:
    content = "K,V\n" + "".join(f'{i},"{v}"\n' for i, v in enumerate(values))
    assert read_table(content.encode(), "t.csv").frame["V"].tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2020-11-04T04:08:58", "2020-11-04"], ["2020-11-04T04:08:58", "2020-11-04"]),
        (["2020-11-04 04:08", "NA"], ["2020-11-04T04:08", "NaT"]),
        (["02JAN2014", "3feb2014:01:02:03"], ["2014-01-02", "2014-02-03T01:02:03"]),
        (["9999-12-31", "0001-01-01"], ["9999-12-31", "0001-01-01"]),
    ],
)
def test_dates_written_as_text(values: list[str], expected: list[str]) -> None:
    frame = read_table(("K,ADT\n" + "".join(f"1,{v}\n" for v in values)).encode(), "t").frame
    assert frame["ADT"].to_numpy().tolist() == np.array(expected, "datetime64[us]").tolist()


@pytest.mark.parametrize("value", ["2021-02-30", "31FOO2014", "99JAN2014", "2020-1-1"])
def test_what_is_no_date_stays_text(value: str) -> None:
    frame = read_table(f"K,ADT\n1,{value}\n".encode(), "t").frame
    assert frame["ADT"].tolist() == [value]


def test_numbers_without_a_format_stay_numbers() -> None:
    """Which dates they are the whole study tells: ``reading.cells.dates``."""
    frame = pd.DataFrame({"ADT": [19725.0, np.nan], "ADTM": [1.893467e9, 0.0]})
    table = read_table(as_parquet(frame), "t.parquet")
    pd.testing.assert_frame_equal(table.frame, frame)
    assert table.notes == table.findings == ()
