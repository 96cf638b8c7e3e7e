"""Text for files of other programs."""

from __future__ import annotations

import pytest

from services.report.records import Item, LeftOut, Table
from services.report.text import clean, cleaned


def test_every_text_of_a_record_is_cleaned_but_its_files() -> None:
    item = Item(
        title="a\u202eb", name="x", tables=(Table("t\x00", ("\ud800",), (("r\x1f",),)),),
        files={"f": "\x00"},
    )  # fmt: skip
    found = cleaned(item)
    assert (found.title, found.tables) == ("ab", (Table("t", ("",), (("r",),)),))
    assert found.files == {"f": "\x00"}
    assert cleaned((LeftOut(1, "a\x00", "b"),)) == (LeftOut(1, "a", "b"),)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\u202eb\u202c", "ab"),
        ("\u2067a", "a"),
        ("\u2069a\u2067", "a"),
        ("\u2068א\u2069", "\u2068א\u2069"),
    ],
)
def test_joiners_and_pairs_of_isolates_stay_and_nothing_turns_around(given: str, kept: str) -> None:
    """Oracle: Unicode 15, 3.4 and 23.2 (joiners); UAX 9, 2.1 to 2.5 (overrides, isolates)."""
    assert clean(given) == kept
