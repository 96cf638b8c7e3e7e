"""Entry times are told. Oracle: columns of known meaning, written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading import build as reading_build
from services.reading.checks.contradictions import late_entry
from services.reading.formats.table import Table

END = pd.Series(np.arange(100.0, 120.0))
EARLIER = END / 3


@pytest.mark.parametrize(
    "column",
    ["ENTRY", "EntryDY", "entry_days", "TSTART", "start", "LTRUNC", "Left truncation time"],
)
def test_what_is_before_the_end_and_called_entry_is_told(column: str) -> None:
    (finding,) = late_entry(pd.DataFrame({column: EARLIER.where(END > 104)}), END)
    assert finding.count == 15
    assert "all patients are assumed to be under observation from time 0" in finding.message


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("ENTRY", 0.0 * END),  # all from the start
        ("ENTRY", END * np.nan),
        ("STARTTM", EARLIER),  # a time of day
        ("STARTDT", EARLIER),
        ("START", END + 21_000),  # a day number
        ("ENTRY", END.map(lambda _: "RANDOMIZATION")),
        ("COUNTRY", EARLIER),
        ("AGE", EARLIER),
        ("ENTRYAGE", EARLIER),  # age at entry
    ],
)
def test_what_is_no_time_of_entry_is_not(column: str, values: pd.Series) -> None:
    assert list(late_entry(pd.DataFrame({column: values}), END)) == []


def test_the_import_report_says_it() -> None:
    adtte = pd.DataFrame(
        {
            "USUBJID": [f"P{i}" for i in range(20)],
            "PARAMCD": "OS",
            "AVAL": END,
            "AVALU": "DAYS",
            "CNSR": [0.0, 1.0] * 10,
            "TRTP": ["A", "B"] * 10,
            "TSTART": EARLIER,
        }
    )
    found = reading_build.build(
        None, Table(adtte, {}, "adtte.csv"), None, id="late"
    ).report.findings
    assert [f.count for f in found if f.message.startswith("TSTART looks like a time")] == [20]
