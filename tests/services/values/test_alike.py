"""Spellings of one thing. Oracle: what looks the same to a reader."""

from __future__ import annotations

import unicodedata

import pytest

from services.values.alike import as_one, difference, key, otherwise_written, spellings


def test_what_reads_alike() -> None:
    composed = "Lénalidomide"
    for other in ("LÉNALIDOMIDE", unicodedata.normalize("NFD", composed), " Lénalidomide\u200b"):
        assert key(composed) == key(other)
    assert key("Len dex") == key("Len\u00a0 dex") == key("LEN DEX")
    assert key("Len") != key("Lev")
    assert key("5 mg") != key("50 mg")
    assert key("Drug 10mg") == key("Drug  10 mg")
    assert key("1 0") != key("10")
    assert difference(("Drug 10mg", "Drug 10 mg")) == "spaces"
    assert key("Lenalidomide") != key("Lénalidomide")  # another word, not another form of one


def test_the_commonest_spelling_stands_for_all() -> None:
    assert as_one({"RASH": 1, "Rash": 4, "rash": 1}) == (
        {"RASH": "Rash", "rash": "Rash"},
        (("Rash", "RASH", "rash"),),
    )
    assert as_one({"RASH": 1, "Rash": 4}, ["RASH"])[0] == {"Rash": "RASH"}
    assert spellings(["a", "b", ""]) == ()


def test_in_what_they_differ() -> None:
    assert difference(("Len", "LEN")) == "case"
    assert difference(("Len dex", "Len  dex")) == "spaces"
    assert difference(("é", unicodedata.normalize("NFD", "é"))) == "the Unicode form of a letter"


@pytest.mark.parametrize(
    ("there", "here", "what"),
    [
        ("s1", "S1", "case"),
        ("S 1", "S  1", "spaces"),
        ("S1\u200b", "S1", "invisible characters"),
        ("001", "1", "zeros"),
        ("12.0", "12", "zeros"),
        ("SITE-07-001", "SITE-7-1", "zeros"),
        ("10", "1", ""),
        ("S-1", "S1", ""),
        ("1.5", "15", ""),
    ],
)
def test_identifiers_that_are_somebody_but_for_their_spelling(
    there: str, here: str, what: str
) -> None:
    said = otherwise_written([there], [here])
    assert said.endswith(f"differ only in {what}.") if what else said == ""
    assert otherwise_written([here], [here]) == "", "who is known is not written otherwise"
