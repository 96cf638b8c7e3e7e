"""Dates ten years off are told. Oracle: hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading.checks.dates_apart import far_dates

FIRST = np.array(["2020-01-01", "2020-02-01", "2020-03-01"], dtype="datetime64[us]")
DAY = np.timedelta64(1, "D")
TEN = 3653 * DAY


def subjects(**shifted: np.timedelta64) -> pd.DataFrame:
    columns = {"TRTSDT": FIRST, "TRTEDT": FIRST + 90 * DAY, "EOSDT": FIRST + 300 * DAY,
               "DTHDT": FIRST + 200 * DAY}  # fmt: skip
    for name, by in shifted.items():
        columns[name] = columns[name] + by
    return pd.DataFrame(columns, index=pd.Index(["A", "B", "C"], name="USUBJID"))


def events(shift: np.timedelta64) -> pd.DataFrame:
    return pd.DataFrame({"USUBJID": ["A", "B", "C"], "ASTDT": FIRST + 10 * DAY + shift})


def test_a_sound_study_has_none() -> None:
    assert list(far_dates(subjects(), events(0 * DAY))) == []
    assert list(far_dates(subjects(), None)) == []


@pytest.mark.parametrize(("shift", "years"), [(TEN, "9.2"), (-TEN, "10.0")])
def test_events_ten_years_off(shift: np.timedelta64, years: str) -> None:
    (found,) = far_dates(subjects(), events(shift))
    assert (found.severity, found.count) == ("warning", 3)
    assert f"outside the patients' observation time, by a median of {years} years" in (
        found.message
    )
    assert f"3 of 3 by ASTDT, such as {(FIRST + 10 * DAY + shift)[0].astype('M8[D]')} (A)" in (
        found.message
    )


@pytest.mark.parametrize(
    ("name", "shift", "words"),
    [
        ("TRTEDT", -TEN, "TRTEDT is before the first dose (TRTSDT) for 3 of 3"),
        ("EOSDT", -TEN, "EOSDT is before the first dose (TRTSDT) for 3 of 3"),
        ("TRTEDT", TEN, "TRTEDT is 10 years after TRTSDT"),
        ("DTHDT", TEN, "DTHDT is more than a year after EOSDT for 3 of 3"),
        ("TRTSDT", TEN, "TRTEDT is before the first dose (TRTSDT) for 3 of 3"),
    ],
)
def test_a_column_of_a_patient_ten_years_off(name: str, shift: np.timedelta64, words: str) -> None:
    told = [f.message for f in far_dates(subjects(**{name: shift}), None)]
    assert any(words in message for message in told), told
