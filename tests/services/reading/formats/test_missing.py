"""Words for a missing value. Oracle: hand counts."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from services.reading.formats.read import read_table
from services.reading.formats.table import Table


def csv(name: str, values: list[str]) -> Table:
    return read_table("\n".join([f"K,{name}", *(f"k,{v}" for v in values)]).encode(), "t.csv")


def parquet(name: str, values: list[str]) -> Table:
    buffer = io.BytesIO()
    pd.DataFrame({"K": "k", name: values}).to_parquet(buffer)
    return read_table(buffer.getvalue(), "t.parquet")


@pytest.mark.parametrize("word", ["nan", "NAN", "null", "Null", "None", "n/a", "nAt", "#n/a", "."])
def test_words_are_missing_in_any_case_beside_numbers(word: str) -> None:
    for read in (csv, parquet):
        column = read("ECOG", ["0", word, "1"]).frame["ECOG"]
        assert column.dtype == float
        assert column.isna().tolist() == [False, True, False]


@pytest.mark.parametrize("name", ["TRT01P", "TRTA", "ARM", "GROUP", "AEACN", "PRIORTX"])
def test_none_is_a_value_of_text(name: str) -> None:
    for read in (csv, parquet):
        assert read(name, ["None", "RT", "None"]).frame[name].tolist() == ["None", "RT", "None"]
    assert csv("SAFFL", ["None", "Y"]).frame["SAFFL"].isna().tolist() == [True, False]


def test_na_is_a_region_where_the_format_has_missing_values() -> None:
    regions = ["NA", "EU", "ROW"] * 8
    assert parquet("REGION1", regions).frame["REGION1"].tolist() == regions
    assert parquet("REGION1", regions).findings == ()
    table = csv("REGION1", regions)
    assert int(table.frame["REGION1"].isna().sum()) == 8
    (found,) = table.findings
    assert (found.severity, found.count) == ("warning", 8)
    assert found.message.startswith("REGION1: 8 values “NA” read as missing, alongside EU, ROW.")
    assert csv("SEX", ["F", "M", "NA"]).findings == ()
    assert csv("NOTE", ["Europe", "Asia", "NA"]).findings == ()
    assert parquet("TRT01P", ["NA", "RT"]).frame["TRT01P"].isna().tolist() == [True, False]
