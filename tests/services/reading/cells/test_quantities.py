"""Columns that must hold numbers. Oracle: hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from services.errors import UserError
from services.reading.cells.quantities import settle_numbers
from services.reading.cells.rules import ValueRules
from services.reading.formats.read import read_table
from services.study.model import Finding


def read(
    name: str, values: list[str], rules: ValueRules | None = None, role: str = "adsl"
) -> tuple[Any, list[Finding]]:
    lines = [f"USUBJID;{name}", *(f"P{i};{v}" for i, v in enumerate(values, 1))]
    table = read_table("\n".join(lines).encode(), "t.csv", categories=True)
    tables, findings = settle_numbers({role: table}, rules or ValueRules())
    return tables[role].frame[name], findings


@pytest.mark.parametrize("odd", ["<5", "n.d.", "12*", ">100", "89+", "1.2.3"])
@pytest.mark.parametrize("name", ["AGE", "BMPC", "MPROT", "FLCR"])
def test_one_odd_cell_of_a_needed_column_is_missing_and_told(name: str, odd: str) -> None:
    column, (found,) = read(name, ["12.5", odd, "7"])
    np.testing.assert_array_equal(column, [12.5, np.nan, 7.0])
    assert (found.severity, found.count) == ("warning", 1)
    assert f"{name}: 1 cell contains no number and counts as missing: {odd} (P2, row 2)." in (
        found.message
    )


def test_a_comma_column_with_an_odd_cell() -> None:
    column, (found,) = read("BMPC", ["12,5", "33,0", "n.d."])
    np.testing.assert_array_equal(column, [12.5, 33.0, np.nan])
    assert found.count == 1


def test_commas_beside_points_are_no_numbers() -> None:
    """12.5 is never read as 125 because another cell has a comma."""
    column, (found,) = read("BMPC", ["12,5", "12.5", "1.2.3"])
    np.testing.assert_array_equal(column, [np.nan, 12.5, np.nan])
    assert found.count == 2
    column, (found,) = read("BMPC", ["12,5", "33,0", "1.2.3"])
    np.testing.assert_array_equal(column, [12.5, 33.0, np.nan])


def test_a_needed_column_without_any_number_stays_text_and_is_told() -> None:
    column, (found,) = read("FLCR", ["high", "low", "high", "low"])
    assert column.tolist() == ["high", "low", "high", "low"]
    assert (found.severity, found.count) == ("warning", 4)
    assert "none of its values is a number: high (P1, row 1), low (P2, row 2)." in found.message


@pytest.mark.parametrize(
    ("cell", "value"), [("3E2", 300.0), ("1e3", 1000.0), ("0300", 300.0), ("+5", 5.0), (".5", 0.5)]
)
def test_times_in_any_spelling_of_a_number(cell: str, value: float) -> None:
    column, findings = read("AVAL", [cell, "301"], role="adtte")
    assert column.tolist() == [value, 301.0]
    assert findings == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["Inf", "1"], r"AVAL contains values that are not numbers: 'Inf'\. "),
        (["2021-01-15", "2021-01-16"], r"AVAL contains dates: '2021-01-15', '2021-01-16'\. "),
        (["a", "b", "c", "d", "1"], r"not numbers: 'a', 'b', 'c' and 1 more\. "),
        (["1,480", "1,500"], r"commas of AVAL may separate decimals or thousands: '1,480'"),
        (["12,5", "12.5"], r"not numbers: '12,5'"),
        (["12345678901234567", "x"], r"not numbers: '12345678901234567', 'x'\. "),
    ],
)
def test_times_that_are_no_numbers_are_refused_by_value(values: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read("AVAL", values, role="adtte")
    assert caught.value.hint


def test_words_of_censoring_get_a_hint_about_censoring() -> None:
    with pytest.raises(
        UserError, match="CNSR contains values that are not numbers: 'Yes'"
    ) as caught:
        read("CNSR", ["Yes", "1"], role="adtte")
    assert "0 for an event" in caught.value.hint


def test_commas_in_doubt_are_settled_by_the_rules() -> None:
    for comma, expected in (("decimal", 1.48), ("thousands", 1480.0)):
        rules = ValueRules(comma=comma)  # type: ignore[arg-type]
        for name, role in (("AVAL", "adtte"), ("BMPC", "adsl"), ("LDH", "adsl")):
            column, findings = read(name, ["1,480", "2"], rules, role)
            assert column.tolist() == [expected, 2.0]
            assert findings == []
    column, (found,) = read("LDH", ["1,480", "2"])
    assert column.tolist() == ["1,480", "2"]
    assert (found.severity, found.count) == ("warning", 1)
    assert 'comma = "thousands"' in found.remedy


def test_a_column_nobody_needs_stays_text_and_is_told() -> None:
    values = [str(i) for i in range(40)]
    column, (found,) = read("LDH", [*values, "<5"])
    assert column.tolist() == [*values, "<5"]
    assert found.message.endswith("most of its values are numbers. Not numbers: <5 (P41, row 41).")
    for levels in (["1", "2", "3+"] * 5, ["I", "II", "III"] * 5, [f"x{v}" for v in values]):
        column, findings = read("STAGE", levels)
        assert (column.tolist(), findings) == (levels, [])
