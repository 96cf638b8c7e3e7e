"""Line breaks inside values. Oracle: the same table without them."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from services.reading.formats.lines import one_line
from services.reading.formats.read import read_table
from tests.services.reading.formats.small import as_parquet
from tests.study_writers import workbook

PLAIN = pd.DataFrame(
    {
        "USUBJID": ["P1", "P2", "P3", "P4"],
        "TRTP": ["Len dex", "Observation only", "Len dex", "Observation only"],
        "AVAL": [1.0, 2.0, 3.0, 4.0],
        "NOTE X": ["a", np.nan, "b", "b"],
    }
)


@pytest.mark.parametrize("broken", ["\n", "\r\n", "\r", " \n\n"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_value_of_two_lines_is_the_value_on_one(kind: str, broken: str) -> None:
    arms = [f"Len{broken}dex", f"Observation{broken}only\n", "Len dex", f"Observation{broken}only"]
    table = PLAIN.assign(TRTP=arms).rename(columns={"NOTE X": f"NOTE{broken}X"})
    content = {
        "csv": lambda: table.to_csv(index=False, quoting=csv.QUOTE_ALL).encode(),
        "parquet": lambda: as_parquet(table),
        "xlsx": lambda: workbook({"S": [list(table), *table.astype(object).where(
            table.notna(), None).values.tolist()]}),
    }[kind]()  # fmt: skip
    read = read_table(content, f"a.{kind}")
    pd.testing.assert_frame_equal(read.frame, PLAIN, check_dtype=False)
    assert [f.message for f in read.findings] == [
        "TRTP: line breaks inside 3 values read as blanks."
    ]


def test_zero_characters_are_no_text() -> None:
    table = PLAIN.assign(**{"NOTE X": ["a\x00", "\x00", "b", "\x00b"]})
    read = read_table(as_parquet(table), "a.parquet")
    assert read.frame["NOTE X"].tolist()[::2] == ["a", "b"]
    assert read.frame["NOTE X"].isna().tolist() == [False, True, False, False]


def test_other_blanks_stay() -> None:
    assert one_line("10  mg\tdaily") == "10  mg\tdaily"
