"""The file beside a study's tables. Oracle: what was written, and files that nobody wrote."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.uploads.entry import Entry, read_entry, write_entry


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = Entry(
        "a" * 32, 12.5, True, {"adtte": {"name": "t.csv"}}, ("notes.txt",), key_sha256="ab"
    )
    assert read_entry(entry.id, write_entry(entry)) == entry


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"created": 1}']
)
def test_a_file_of_somebody_else_is_damaged(text: bytes) -> None:
    with pytest.raises(UserError) as found:
        read_entry("a" * 32, text)
    assert found.value.status == 410
    assert "damaged" in found.value.message
