"""Widths of text. Oracle: what the font's own widths leave room for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.text_width import fold, text_width


@given(st.text(alphabet="abcdefgh ABC-/", max_size=60), st.floats(30, 200))
def test_folding_loses_nothing_and_fits(text: str, pixels: float) -> None:
    lines = fold(text, pixels, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 12) <= pixels for line in lines)
