"""How tables take their room. Oracle: the widths of the font, added up."""

from __future__ import annotations

import pytest

from services.report.flow import Style, key_numbers, lay_out, widths
from services.report.records import Table
from services.text_width import text_width
from tests.services.report.sample import FEW, HUGE, TABLE

STYLE = Style(10)


def test_short_columns_have_what_they_want_and_long_ones_the_rest() -> None:
    table = Table("", ("", "HR", "Words"), (("A", "0.49 (0.36 to 0.67)", "word " * 80),))
    found = widths(table, 400, STYLE)
    assert sum(found) == pytest.approx(400)
    assert found[1] >= text_width("0.49 (0.36 to 0.67)", 10) + 2 * STYLE.pad_x
    assert sum(widths(FEW, 400, STYLE)) < 200, "no wider than it needs"


def test_no_page_is_higher_than_its_room_and_no_word_is_lost() -> None:
    for table in (TABLE, HUGE):
        laid = lay_out(table, 500, 200, STYLE)
        assert len(laid.pages) > 2
        for page in laid.pages:
            assert laid.head + sum(page.heights) <= 200
            assert not page.rows[-1][1], "the name of a group stays with its rows"
        told = " ".join(" ".join(row) for page in laid.pages for row, _ in page.rows)
        for row in table.rows:
            for cell in row:
                assert told.count(cell.split()[0]) >= 1 if cell else True
        words = sum(len(c.replace("\n", " ").split()) for r in table.rows for c in r)
        assert len(told.split()) >= words


def test_key_numbers_are_the_first_rows_of_narrow_tables() -> None:
    first, second = key_numbers((TABLE, FEW))
    assert first.rows == TABLE.rows[1:7]
    assert second.rows == FEW.rows
    assert key_numbers(()) == ()
    assert key_numbers((Table("", tuple("abcde"), ()),)) == ()
