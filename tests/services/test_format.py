"""How numbers are printed. The oracle is the house rule: HR 2 digits, p 3, percent 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import format as fmt
from services.statistics.results import HazardRatio
from services.study import labels


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
    [
        (25.31, "+25.3"),
        (-2.0, "\u22122.0"),
        (0.0, "0.0"),
        (-0.04, "−0.04"),
        (0.04, "+0.04"),
        (1e-12, "0.0"),
    ],
)
def test_differences_have_a_sign_unless_they_are_nothing(value: float, text: str) -> None:
    assert fmt.signed(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (41.52, "months", "41.5"),
        (0.04, "months", "0.04"),
        (0.0, "months", "0.0"),
        (6.28, "years", "6.28"),
        (0.003, "years", "0.003"),
        (365.0, "days", "365.0"),
        (None, "days", "NE"),
    ],
)
def test_times_have_the_digits_of_their_unit(value: float | None, unit: str, text: str) -> None:
    assert fmt.time(value, unit) == text


def test_years_gained_show_the_side_of_a_limit() -> None:
    # 18 days: with one decimal it would read as no gain at all.
    assert fmt.signed_time(0.049, "years") == "+0.05"
    assert fmt.signed_time(0.02, "months") == "+0.02"
    assert fmt.time_interval(30.14, None, "months") == "30.1 to NE"
    assert fmt.time(None, "months", fmt.NOT_REACHED) == "NR"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.000395, "<0.01"),
        (0.0065, "0.01"),
        (0.0, "0"),
        (0.9956, "0.996"),
        (0.9992, "0.999"),
        (0.99996, "0.99996"),
        (1.0011, "1.001"),
        (1.0, "1.00"),
        (1 - 1e-12, "1.00"),
        (0.994, "0.99"),
        (1.005001, "1.01"),
    ],
)
def test_a_ratio_is_never_printed_as_nothing_nor_as_1_unless_it_is(value: float, text: str) -> None:
    assert fmt.ratio(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.9962, 0, ">99%"),
        (0.99744, 1, "99.7%"),
        (0.9996, 1, ">99.9%"),
        (0.0025, 0, "<1%"),
        (0.0004, 1, "<0.1%"),
        (1.0, 0, "100%"),
        (0.0, 0, "0%"),
    ],
)
def test_all_and_none_are_printed_only_where_they_are(value: float, digits: int, text: str) -> None:
    assert fmt.percent(value, digits) == text


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 2))
def test_a_share_with_an_event_and_a_survivor_is_neither_all_nor_none(
    n: int, events: int, digits: int
) -> None:
    share = min(events, n) / n
    text = fmt.percent(share, digits)
    assert (float(text.rstrip("%")) in (0, 100) if text[0] not in "<>" else False) == (
        share in (0, 1)
    )


@given(st.floats(1e-5, 1e3))
def test_the_printed_ratio_is_on_the_side_of_1_where_the_ratio_is(value: float) -> None:
    text = fmt.ratio(value)
    printed = float(text.lstrip("<"))
    assert printed > 0
    if abs(value - 1) > 1e-6:
        assert (printed < 1) == (value < 1)


def test_differences_of_shares_reach_100_points_only_at_all_against_none() -> None:
    assert fmt.points(1.0) == "+100.0"
    assert fmt.points(-0.99996) == "−99.996"
    assert fmt.points(0.0) == "0.0"
    assert fmt.points_interval(-0.021, 0.3, 0) == "−2 to +30"
    assert fmt.points(0.003, 0) == "+0.3"


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
        ("TSDIAGGR", "<= 1 year", "≤ 1 year"),
        ("ISS", "III", "III"),
        ("STAGE", "ISS II", "ISS II"),
        ("STAGE", "R-ISS III", "R-ISS III"),
        ("PS", "ECOG 0", "ECOG 0"),
        ("BMI", "BMI <25", "BMI <25"),
        ("HEART", "NYHA II", "NYHA II"),
        ("KIDNEY", "CKD STAGE 3", "CKD STAGE 3"),
        ("IMAGING", "PET-CT", "PET-CT"),
        ("REGION1", "NORTH AMERICA", "NORTH AMERICA"),
        ("CITY", "КИЇВ І", "КИЇВ І"),
        ("ETHNIC", "NOT HISPANIC OR LATINO", "Not Hispanic or Latino"),
        ("AEACN", "DOSE NOT CHANGED", "Dose not changed"),
        ("AEOUT", "RECOVERED/RESOLVED", "Recovered/resolved"),
        ("DCTREAS", "WITHDRAWAL BY SUBJECT", "Withdrawal by subject"),
        ("DCSREAS", "LOST TO FOLLOW-UP", "Lost to follow-up"),
        ("EOTSTT", "DISCONTINUED", "Discontinued"),
        ("BMPCGR", "10 to <=20 %", "10 to ≤20 %"),
        ("RULE", "a=>=b", "a=>=b"),
    ],
)
def test_levels_as_a_person_reads_them(column: str, level: str, text: str) -> None:
    assert labels.value_label(column, level) == text
