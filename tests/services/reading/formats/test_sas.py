"""SAS files. Oracle: the frames that pyreadstat wrote; the layout of TS-140."""

from __future__ import annotations

import pandas as pd
import pytest

from services.errors import UserError
from services.reading.formats.read import read_table
from services.reading.formats.table import NOT_UTF8
from tests.study_writers import library, xport

A = pd.DataFrame({"USUBJID": ["P1", "P2", "P3"], "AGE": [61.0, 70.0, 0.0]})
B = pd.DataFrame({"X": [1.0, 2.0]})
C = pd.DataFrame({"NOTE": ["one", "two", "three", "four"]})


@pytest.mark.parametrize("version", [5, 8])
def test_every_member_of_a_library_is_read(version: int) -> None:
    content = library({"adsl": A, "notes": B, "texts": C}, version)
    for name, frame in (("ADSL", A), ("NOTES", B), ("TEXTS", C)):
        table = read_table(content, "study.xpt", member=name)
        pd.testing.assert_frame_equal(table.frame, frame)
    with pytest.raises(UserError, match="more than one table: ADSL, NOTES, TEXTS"):
        read_table(content, "study.xpt")


def test_a_library_that_is_cut_off_is_refused() -> None:
    content = library({"adsl": A, "texts": C})
    with pytest.raises(UserError, match="truncated"):
        read_table(content[:-8], "study.xpt", member="TEXTS")


@pytest.mark.parametrize("more", [0, 80, 8000])
def test_zero_bytes_at_the_end_are_no_records(more: int) -> None:
    content = xport(A)
    end = len(content.rstrip(b" "))  # behind the zero bytes of a last age of 0
    padded = content[:end].ljust(len(content), b"\0") + b"\0" * more
    pd.testing.assert_frame_equal(read_table(padded, "a.xpt").frame, A)


def test_zero_bytes_of_numbers_are_zeros() -> None:
    frame = pd.DataFrame({"X": [1.0, 0.0, 0.0]})
    content = xport(frame)
    assert read_table(content, "a.xpt").frame["X"].tolist()[:3] == [1.0, 0.0, 0.0]


def written(*texts: bytes) -> bytes:
    """A transport file of one column with these bytes."""
    width = max(map(len, texts))
    frame = pd.DataFrame({"T": [f"{chr(65 + i)}" * width for i in range(len(texts))], "N": 1.0})
    content = xport(frame)
    for i, text in enumerate(texts):
        content = content.replace(chr(65 + i).encode() * width, text.ljust(width))
    return content


def test_a_text_cut_inside_a_character_keeps_the_others_in_utf_8() -> None:
    table = read_table(written("Contrôle".encode(), "Dosé ≥10".encode()[:-3], b"plain"), "a.xpt")
    assert table.frame["T"].tolist() == ["Contrôle", "Dosé �", "plain"]
    assert table.notes == (
        "1 text is cut off inside a character, shown as � (T): written longer than the column.",
    )


def test_a_last_letter_of_windows_1252_is_no_cut() -> None:
    table = read_table(written("Dosé".encode("cp1252"), b"none"), "a.xpt")
    assert table.frame["T"].tolist() == ["Dosé", "none"]
    assert table.notes == (NOT_UTF8,)
