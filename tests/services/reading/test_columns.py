"""Columns of ADaM tables: their order, and what is said if one is missing."""

from __future__ import annotations

import pandas as pd
import pytest

from services.errors import UserError
from services.reading.columns import natural_order
from tests.services.reading.tables import ADTTE, build


@pytest.mark.parametrize("column", ["USUBJID", "PARAMCD", "AVAL", "CNSR"])
def test_a_missing_column_is_named(column: str) -> None:
    adtte = ADTTE.replace(column, "OTHER").replace("PARAM,", "LABEL,")
    with pytest.raises(UserError, match=f"adtte.csv has no column {column}"):
        build(adtte)


def test_a_characteristic_is_called_as_its_file_spells_it() -> None:
    adsl = "USUBJID,TRT01P,age,Prior Therapy\nS1,A,60,yes\nS2,B,70,no\n"
    columns = build(ADTTE, adsl).columns
    assert columns["PRIOR THERAPY"].label == "Prior Therapy"
    assert columns["AGE"].label == "Age"  # ADaM's own has words of its own


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["65-80", ">80", "<65"], ["<65", "65-80", ">80"]),
        ([">=30", "25-<30", "<25"], ["<25", "25-<30", ">=30"]),
        (["High", "Low", "Intermediate"], ["Low", "Intermediate", "High"]),
        (["SEVERE", "MILD", "MODERATE"], ["MILD", "MODERATE", "SEVERE"]),
        (["Y", "N"], ["N", "Y"]),
        (["beta", "Alpha"], ["Alpha", "beta"]),
        (["10", "9"], ["9", "10"]),
    ],
)
def test_natural_order(levels: list[str], expected: list[str]) -> None:
    assert list(natural_order(levels, pd.DataFrame({"X": levels}), "X")) == expected
