"""Elements with their children one after the other. Oracle: Dash's own elements, written out."""

from __future__ import annotations

import pytest
from dash import html as dash_html

from components import chart, html
from components.island import to_html
from components.markup import tag


def test_an_element_is_dashs_own() -> None:
    made = html.P("a ", html.B("b"), None, className="x", aria_label="y", data_tip="z", tabIndex=0)
    named = {"aria-label": "y", "data-tip": "z"}
    wanted = dash_html.P(["a ", dash_html.B("b"), None], className="x", tabIndex=0, **named)
    mine, theirs = made.to_plotly_json(), wanted.to_plotly_json()
    assert repr(mine["props"].pop("children")) == repr(theirs["props"].pop("children"))
    assert mine == theirs


def test_one_child_and_none_stand_as_they_are() -> None:
    assert html.Ul(["a", "b"]).children == ["a", "b"]
    assert html.Span("a").children == "a"
    assert getattr(html.Span(className="x"), "children", None) is None


@pytest.mark.parametrize(
    "made", [html.P("a\u202eb", "c"), html.P(["a\u202eb", "c"]), tag("p", "a\u202eb", "c")]
)
def test_no_text_turns_around_what_follows_it(made: object) -> None:
    assert to_html(made) == "<p>abc</p>"
    assert chart.plain("a\u202eb") == "ab"
    assert html.H1("a\u202eb").children == "ab"


def test_what_is_html_already_stays_so() -> None:
    assert to_html(html.Div("a & b", tag("i", "c"))) == "<div>a &amp; b<i>c</i></div>"
    assert to_html(html.Div(tag("i", "c"))) == "<div><i>c</i></div>"
