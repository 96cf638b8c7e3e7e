"""How numbers are printed. The oracle is the house rule: HR 2 digits, p 3, percent 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import format as fmt
from services.records import Estimate, HazardRatio


@pytest.mark.parametrize(
    ("p", "text", "equals"),
    [
        (0.0, "<0.001", "p < 0.001"),
        (0.00099, "<0.001", "p < 0.001"),
        (0.001, "0.001", "p = 0.001"),
        (0.0018778, "0.002", "p = 0.002"),
        (0.05, "0.050", "p = 0.050"),
        (0.9989, "0.999", "p = 0.999"),
        (0.99951, ">0.999", "p > 0.999"),
        (1.0, ">0.999", "p > 0.999"),
        (None, "NE", "p = NE"),
    ],
)
def test_p_values(p: float | None, text: str, equals: str) -> None:
    assert (fmt.p_value(p), fmt.p_equals(p)) == (text, equals)
    assert fmt.p_text("log-rank", p) == f"log-rank {equals}"


@given(st.floats(0, 1))
def test_no_p_is_printed_as_zero_or_one(p: float) -> None:
    assert fmt.p_value(p) not in ("0.000", "1.000")


@pytest.mark.parametrize(
    ("value", "text"), [(0.2766, "0.28"), (1.0, "1.00"), (12.345, "12.35"), (None, "NE")]
)
def test_ratios(value: float | None, text: str) -> None:
    assert fmt.ratio(value) == text


def test_a_hazard_ratio_with_its_interval() -> None:
    record = HazardRatio(0.2766, 0.123, 0.6219, 0.41, 0.0019)
    assert fmt.hazard_ratio(record) == "0.28 (0.12 to 0.62)"
    assert fmt.hazard_ratio(None) == "NE"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.9093, 1, "90.9%"),
        (0.9093, 0, "91%"),
        (0.0, 1, "0.0%"),
        (1.0, 1, "100.0%"),
        (None, 1, "NE"),
    ],
)
def test_shares(value: float | None, digits: int, text: str) -> None:
    assert fmt.percent(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(25.31, "+25.3"), (-2.0, "\u22122.0"), (0.0, "0.0"), (-0.04, "0.0"), (0.04, "0.0")],
)
def test_differences_have_a_sign_unless_they_are_nothing(value: float, text: str) -> None:
    assert fmt.signed(value) == text


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Estimate(41.52, 30.14, 50.0), "41.5 (30.1 to 50.0)"),
        (Estimate(41.52, 30.14, None), "41.5 (30.1 to NE)"),
        (Estimate(None, 23.9, None), "NR (23.9 to NE)"),
        (Estimate(None, None, None), "NR (NE to NE)"),
    ],
)
def test_medians_not_reached_and_limits_not_estimable(record: Estimate, text: str) -> None:
    assert fmt.interval(record) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.95, "95%"), (0.9, "90%"), (0.995, "99.5%"), (0.999, "99.9%")]
)
def test_levels(value: float, text: str) -> None:
    assert fmt.level(value) == text


@pytest.mark.parametrize(
    ("column", "level", "text"),
    [
        ("SEX", "F", "Female"),
        ("SEX", "M", "Male"),
        ("SEX", "U", "U"),
        ("GENE", "F", "F"),
        ("RACE", "WHITE", "White"),
        ("RACE", "BLACK OR AFRICAN AMERICAN", "Black or African American"),
        ("IMPARES", "Y", "Yes"),
        ("IMPARES", "N", "No"),
        ("RISK", "", "Missing"),
        ("TSDIAGGR", "<= 1 year", "<= 1 year"),
        ("ISS", "III", "III"),
    ],
)
def test_levels_as_a_person_reads_them(column: str, level: str, text: str) -> None:
    assert fmt.value_label(column, level) == text
