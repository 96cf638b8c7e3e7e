"""HTML sent as text. Oracle: Python's own parser of HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from dash import dcc
from hypothesis import given
from hypothesis import strategies as st

from components import html
from components.chart import EMPTY_FIGURE
from components.island import content, island, store, to_html


class Reading(HTMLParser):
    """Tags with attributes, and text, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@given(st.text(alphabet="<>&\"'ab ;é", min_size=1), st.text(alphabet="<>&\"'=ab "))
def test_text_and_attributes_come_back_as_they_were(inside: str, title: str) -> None:
    (tag, attributes), *rest = Reading(to_html(html.P(inside, title=title))).found
    assert (tag, attributes) == ("p", {"title": title})
    assert "".join(map(str, rest)) == inside


def test_attributes_have_their_names_in_html() -> None:
    made = html.Td("1", className="a b", colSpan=2, aria_hidden="true", style={"marginTop": "1px"})
    assert Reading(to_html(made)).found[0] == (
        "td",
        {"class": "a b", "colspan": "2", "aria-hidden": "true", "style": "margin-top:1px"},
    )
    assert to_html(html.Br()) == "<br>"
    assert to_html(html.Details("x", open=True)) == "<details open>x</details>"
    assert to_html(html.Details("x", open=False)) == "<details>x</details>"
    assert to_html([None, 1, ("a", html.B("b"))]) == "1a<b>b</b>"


def test_what_would_lose_its_callbacks_is_refused() -> None:
    with pytest.raises(TypeError, match="Graph"):
        to_html(html.Div(dcc.Graph(id="graph")))


def test_parts_wait_for_their_html() -> None:
    place = island("answer", html.P, className="answer")
    assert (place.id, getattr(place, "data-island")) == ("answer", "empty")
    filled = content({"answer": html.B("x")}, hidden={"chart": True})
    assert filled["html"] == {"answer": "<b>x</b>"}
    assert filled["hidden"] == {"chart": True}
    assert store("words", filled).data == filled


def test_a_chart_that_draws_nothing_is_taken_away_with_what_it_drew_before() -> None:
    empty = EMPTY_FIGURE["layout"]["height"]
    assert content({}, {"a": empty, "b": 300})["hidden"] == {"a": True, "b": False}
