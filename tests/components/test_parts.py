"""Parts of pages. Oracle: the HTML that each stands for, written out."""

from __future__ import annotations

import pytest

from components import html
from components.island import to_html
from components.parts import outside, row, scrolling, table, with_limits, with_reason


def test_a_table_is_heads_over_rows() -> None:
    made = table(["", "A", ["B", html.B("!")]], [row("n", 1, html.Td("2", className="x"))])
    assert to_html(made) == (
        '<table class="numbers"><thead><tr><td></td><th scope="col">A</th>'
        '<th scope="col">B<b>!</b></th></tr></thead><tbody><tr><th scope="row">n</th>'
        '<td>1</td><td class="x">2</td></tr></tbody></table>'
    )
    framed = table([], [html.Tbody(row("n", 1))], label="Counts")
    assert 'aria-label="Counts"' in to_html(framed)
    assert "<thead>" not in to_html(framed)


def test_cells_say_why_they_are_empty() -> None:
    assert to_html(with_limits("0.5", "0.2 to 0.9")) == (
        '<span>0.5<span class="interval">(0.2 to 0.9)</span></span>'
    )
    assert with_reason("NE", None) == "NE"
    assert 'aria-label="NE: too few"' in to_html(with_reason("NE", "too few"))
    assert to_html(outside("A 2020", "")) == "<span>A 2020</span>"


def test_a_row_that_becomes_a_card_names_each_of_its_values() -> None:
    row = html.Tr([html.Th("Fatigue"), html.Td("5"), html.Td("3")])
    table = html.Table([html.Thead(), html.Tbody([row])], className="numbers")
    scrolling(table, "Events", ("Arm A", ""))
    assert table.className == "numbers as-cards"
    named = [cell.to_plotly_json()["props"].get("data-label") for cell in row.children]
    assert named == [None, "Arm A: ", None]
    with pytest.raises(ValueError, match="zip"):
        scrolling(table, "Events", ("Arm A",))
