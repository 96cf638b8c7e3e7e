"""What a page says before scripts run. Oracle: the page's own record and parts, HTML's parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from zlib import adler32

import pytest
from dash import dcc
from hypothesis import given
from hypothesis import strategies as st

from components import html, island, page_notice
from components.first_words import ROOM, first_words, within
from components.island import VOID


def made(words: str, **options: Any) -> str:
    page = [
        html.A("Skip", href="#main", className="skip"),
        html.Div(
            dcc.Store(id="p-island", data=island.content({"p-answer": words}, **options)),
            html.Div(html.Div("choose", id="rail-body", className="rail-body"), className="rail"),
            html.Main(
                html.H1("Title & more"),
                dcc.RadioItems(["a"], id="p-kind"),
                island.island("p-answer", className="answer"),
                html.Div(dcc.Graph(id="p-graph"), id="p-chart", style={"height": "300px"}),
                dcc.Link("On", href="/study/x", className="menu-link"),
                id="main",
            ),
        ),
    ]
    return first_words(page)


def test_words_stand_where_the_page_has_them() -> None:
    text = made("At 60 months, 63% < 70%")
    assert '<h1>Title &amp; more</h1><span class="control-place"></span>' in text
    assert ">At 60 months, 63% &lt; 70%</div>" in text
    assert (
        '<div style="height:300px"><div class="first-chart" data-chart="p-graph"></div></div>'
        in text
    )
    assert '<a class="menu-link" href="/study/x">On</a>' in text
    assert "choose" not in text
    assert "require JavaScript" in text


def test_no_id_stands_twice_when_the_page_is_built_beside_it() -> None:
    assert re.findall(r'\bid="([^"]*)"', made("x")) == ["first-words"]


def test_what_is_hidden_stays_so() -> None:
    assert "secret" not in made("secret", hidden={"p-answer": True})


def test_a_whole_part_is_named_by_its_sum() -> None:
    words = "ä" * 10
    assert f'data-part="p-answer {adler32(words.encode())}"' in made(words)
    assert "data-part" not in made("x" * ROOM)


def test_what_is_cut_says_that_more_follows() -> None:
    text = made("".join(f"<p>{i}</p>" for i in range(9_000)))
    assert text.count("More follows here once the page has loaded.") == 1
    assert "More follows" not in made("short")


def test_what_stands_above_the_page_comes_with_it() -> None:
    page = page_notice.place(["The link asked for the endpoint BOGUS."])
    assert "The link asked for the endpoint BOGUS." in first_words(page)


def test_no_card_and_no_row_is_cut() -> None:
    card = '<div class="card"><p>one</p><p>two</p></div>'
    assert within(card + card, len(card) + 30) == card
    row = "<tr><td><p>one</p></td><td>two</td></tr>"
    assert within(f"<table>{row}{row}</table>", len(row) + 40) == f"<table>{row}</table>"


class Check(HTMLParser):
    """Fails on what is not well formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


blocks = st.recursive(
    st.text("ab<&\né", max_size=6).map(island.to_html),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["div", "p", "b", "section"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(blocks, max_size=5).map("".join), st.integers(0, 120))
def test_a_cut_is_well_formed_and_no_longer(text: str, room: int) -> None:
    cut = within(text, room)
    assert len(cut.encode()) <= room
    assert Check(cut).open == []
    assert cut == text or len(text.encode()) > room
    # What stands in the cut is the beginning of the whole.
    assert text.startswith(re.sub(r"(</\w+>)*\Z", "", cut))


@pytest.mark.parametrize(
    ("room", "left"),
    [
        (99, "<div><p>one</p><p>two</p></div>"),
        (30, "<div><p>one</p></div>"),
        (21, "<div><p>one</p></div>"),
        (20, ""),
    ],
)
def test_it_is_cut_between_blocks(room: int, left: str) -> None:
    assert within("<div><p>one</p><p>two</p></div>", room) == left
