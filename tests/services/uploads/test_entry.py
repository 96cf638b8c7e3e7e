"""The file beside a study's tables. Oracle: what was written, and files that nobody wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from services.errors import UserError
from services.reading.mapping import Mapping
from services.uploads.entry import Entry, corrected, read_entry, write_entry

TABLES: dict[str, dict[str, Any]] = {
    "adtte": {"name": "t.csv", "format": "CSV", "labels": {}, "notes": [], "findings": []}
}


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = Entry("a" * 32, 12.5, True, TABLES, ("notes.txt",), key_sha256="ab")
    assert read_entry(entry.id, write_entry(entry)) == entry


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"created": 1}']
)
def test_a_file_of_somebody_else_is_damaged(text: bytes) -> None:
    with pytest.raises(UserError) as found:
        read_entry("a" * 32, text)
    assert found.value.status == 410
    assert "damaged" in found.value.message


@pytest.mark.parametrize(
    "other",
    [
        {"created": None}, {"created": "12"}, {"created": float("inf")}, {"created": 10**400},
        {"draft": "no"}, {"tables": []}, {"tables": {}}, {"tables": {"adtte": 5}},
        {"tables": {"adtte": TABLES["adtte"] | {"labels": None}}},
        {"tables": {"adtte": TABLES["adtte"] | {"findings": [3]}}},
        {"left": 5}, {"mapping": []}, {"key_sha256": "é"}, {"key_sha256": None},
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_damage_too(other: dict[str, Any]) -> None:
    """Whatever is done with an entry relies on what it was read as."""
    text = write_entry(Entry("a" * 32, 12.5, False, TABLES))
    with pytest.raises(UserError, match="damaged"):
        read_entry("a" * 32, json.dumps(json.loads(text) | other).encode())


def test_a_correction_of_what_was_corrected_meanwhile_is_refused() -> None:
    entry = Entry("a" * 32, 12.5, True, TABLES, key_sha256="ab")
    mine, other = Mapping(title="Mine"), Mapping(title="Other")
    first = corrected(entry.id, write_entry(entry), mine, entry.edition)
    assert read_entry(entry.id, first) == replace(entry, mapping=mine, draft=False)
    with pytest.raises(UserError, match="corrected elsewhere") as refused:
        corrected(entry.id, first, other, entry.edition)
    assert refused.value.status == 409
    assert corrected(entry.id, first, mine, entry.edition) == first, "the same twice is no loss"
    assert read_entry(entry.id, corrected(entry.id, first, other)).mapping == other, (
        "a program says no edition"
    )
