"""What is drawn on a slide. Oracle: the widths of the font."""

from __future__ import annotations

from services.report.deck import Text, tall_of, titled


def test_a_title_shrinks_to_two_lines_and_no_further_than_is_legible() -> None:
    assert titled("Short", 400, 24) == (24, 24 * 1.2)
    size, tall = titled("word " * 20, 400, 24)
    assert 14 <= size < 24
    assert tall == 2 * size * 1.2
    assert titled("word " * 200, 400, 24)[0] == 14


def test_paragraphs_are_as_high_as_their_lines() -> None:
    assert tall_of([Text("a\nb", 10, after=3), Text("c", 20, after=0)], 400) == 2 * 12 + 3 + 24
