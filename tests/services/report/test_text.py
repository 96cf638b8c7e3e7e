"""Text for files of other programs."""

from __future__ import annotations

import io
import zipfile
from html import unescape

import pytest

from services.report import files
from services.report.records import Item, LeftOut, Table
from services.report.text import clean, cleaned
from tests.services.report.sample import a_report, an_item


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
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("CD38\u2060+", "CD38\u2060+"),
        ("ยา\u200bใหม่", "ยา\u200bใหม่"),
        ("(א)\u200f", "(א)\u200f"),
        ("5\u2009mg\u3000薬", "5\u2009mg\u3000薬"),
        ("a\u202eb\u202c", "ab"),
        ("\u2067a", "a"),
        ("\u2069a\u2067", "a"),
        ("\ufeffDara\u00adtumumab", "Daratumumab"),
        ("one\u2028two\x0bthree\r\nfour\x85", "one\ntwo\nthree\nfour\n"),
        ("\u2068א\u2069", "\u2068א\u2069"),
    ],
)
def test_what_was_typed_stays_and_nothing_turns_around(given: str, kept: str) -> None:
    """Oracle: Unicode 15, 5.8 (ends of lines), 6.2 (spaces, soft hyphens), 23.2 (joiners), 23.8 and
    23.9 (marks of bytes, tags of flags); UAX 9, 2.1 to 2.6 (overrides, isolates, marks)."""
    assert clean(given) == kept


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx", "html", "zip"])
def test_every_format_keeps_what_was_typed(kind: str) -> None:
    typed = "CD38\u2060+ 👩\u200d🔬 \u2068א\u2069 5\u2009mg"
    made = files.write(cleaned(a_report(an_item(title=typed, tables=()))), kind)
    parts = [made]
    if kind != "html":
        archive = zipfile.ZipFile(io.BytesIO(made))
        parts = [archive.read(name) for name in archive.namelist()]
    assert any(typed in unescape(part.decode("utf-8", "ignore")) for part in parts)
