"""Texts as categories. Oracle: the same with pandas on plain text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.reading.formats.read import read_table
from services.values.frames import (
    by_appearance,
    coded,
    combinations,
    decode,
    encode,
    number_text,
    pooled,
    repeated,
    rows_of,
    text,
)


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    words = np.array(["b", "a", "", "c", "A", np.nan], dtype=object)
    made = pd.DataFrame({name: rng.choice(words, 200) for name in "XY"})
    return made.assign(N=rng.choice([701.0, 1.5, np.nan], 200))


def test_text_is_the_same_coded_or_not(frame: pd.DataFrame) -> None:
    for values in (frame, encode(frame, "X", "Y", "N")):
        for name in ("X", "Y", "N", "absent"):
            codes, texts = coded(values, name, str.upper)
            expected = text(frame, name).str.upper()
            assert texts[codes].tolist() == expected.tolist()
            assert text(values, name, str.upper).tolist() == expected.tolist()
            assert text(values, name).tolist() == text(frame, name).tolist()


def test_encoding_is_undone_with_blanks_missing(frame: pd.DataFrame) -> None:
    again = decode(encode(frame, "X", "Y", "absent"))
    pd.testing.assert_frame_equal(again, frame.replace("", np.nan).astype({"X": object}))


def test_rows_of_each_text_in_order_of_appearance(frame: pd.DataFrame) -> None:
    known = frame[["X"]].dropna().query("X != ''")
    found = rows_of(encode(known, "X")["X"])
    assert list(found) == list(known["X"].unique())
    for name, rows in found.items():
        assert rows.tolist() == np.flatnonzero(known["X"] == name).tolist()


def test_codes_that_are_nowhere_have_no_first_row() -> None:
    order, first = by_appearance(np.array([4, 1, 1, 4, 0]), 9)
    assert (order.tolist(), first.tolist()) == ([4, 1, 0], [0, 1, 4])
    order, first = by_appearance(np.array([], dtype=int), 3)
    assert (order.tolist(), first.tolist()) == ([], [])


def test_distinct_combinations(frame: pd.DataFrame) -> None:
    known = frame[["X", "Y"]].replace("", np.nan)
    found = combinations(encode(frame, "X", "Y"), "X", "Y")
    pd.testing.assert_frame_equal(found, known.drop_duplicates(), check_dtype=False)


def test_texts_that_are_there_twice_become_one() -> None:
    made = pooled(np.array([0, 2, -1, 1, 3]), np.array(["x", "y", "x", "z"], dtype=object))
    assert list(made.categories) == ["x", "y", "z"]
    assert pd.Series(made).tolist()[:2] == ["x", "x"]
    assert made.codes.tolist() == [0, 0, -1, 1, 2]


@pytest.mark.parametrize(
    "numbers", [[0, 1, 2], [5, 1, 5, 1, 1], [10**12, 3, 10**12], [10**12, 3], [0], []]
)
def test_what_has_come_before(numbers: list[int]) -> None:
    expected = pd.Series(numbers, dtype="int64").duplicated().tolist()
    assert repeated(np.array(numbers, dtype=np.int64)).tolist() == expected


def test_a_table_read_as_categories_is_the_same_table() -> None:
    content = (
        b"USUBJID,AGE,ADT,SEX,DTHFL\n1 ,50,2024-01-31,F,true\n1,,,,\n2,60,2024-02-01,f,FALSE\n"
    )
    plain, categories = read_table(content, "t"), read_table(content, "t", categories=True)
    pd.testing.assert_frame_equal(decode(categories.frame), plain.frame)
    assert [str(d) for d in categories.frame.dtypes] == [
        "category", "float64", "datetime64[us]", "category", "category",
    ]  # fmt: skip
    assert plain.frame["USUBJID"].tolist() == ["1", "1", "2"]


def test_a_number_without_an_end_has_a_text_too() -> None:
    told = [1015.0, 1.5, -2.0, float("inf"), float("-inf"), float("nan"), 1e300]
    assert [number_text(v) for v in told[:6]] == ["1015", "1.5", "-2", "inf", "-inf", "nan"]
    assert number_text(told[6]) == str(int(1e300))
