"""Lines of the forest. Oracle: the record."""

from __future__ import annotations

from components.subgroups.lines import lines
from tests.components.subgroups.drawn import page_of


def test_folded_variables_keep_their_heading() -> None:
    labels = [line.kind for line in lines(page_of("?by=SEX,AGEGR1&fold=SEX"))]
    assert labels == ["overall", "heading", "heading", "level", "level", "level"]
