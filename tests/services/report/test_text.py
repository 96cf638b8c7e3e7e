"""Text for files of other programs."""

from __future__ import annotations

from services.report.records import Item, LeftOut, Table
from services.report.text import cleaned


def test_every_text_of_a_record_is_cleaned_but_its_files() -> None:
    item = Item(
        title="a\u202eb", name="x", tables=(Table("t\x00", ("\ud800",), (("r\x1f",),)),),
        files={"f": "\x00"},
    )  # fmt: skip
    found = cleaned(item)
    assert (found.title, found.tables) == ("ab", (Table("t", ("",), (("r",),)),))
    assert found.files == {"f": "\x00"}
    assert cleaned((LeftOut(1, "a\x00", "b"),)) == (LeftOut(1, "a", "b"),)
