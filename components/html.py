"""Dash's HTML elements, their children one after the other: ``html.P("a ", html.B("b"))``.

A child may be a list; a child or an attribute that is ``None`` is left out. Attributes of HTML that
have a hyphen are written with an underscore: ``aria_label``, ``data_tip``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from dash import html
from dash.development.base_component import Component

from services.names import straight

Element = Callable[..., Any]


@cache
def _own(kind: Any) -> tuple[dict[str, Any], frozenset[str], tuple[str, ...]]:
    """What every component of a kind has: its attributes, and the names it takes."""
    usual = vars(kind())
    names = frozenset(usual.get("_prop_names") or kind._prop_names)
    return usual, names, tuple(usual.get("_valid_wildcard_attributes") or ("aria-", "data-"))


def component(kind: Any, given: dict[str, Any]) -> Any:
    """A component, as Dash makes it in eight times the time: a page has hundreds.

    Raises
    ------
    TypeError : the kind has no property of that name
    """
    usual, names, wild = _own(kind)
    for name in given:
        if name not in names and not name.startswith(wild):
            return kind(**given)  # says in Dash's words what is wrong
    made = kind.__new__(kind)
    made.__dict__ = usual | given
    return made


def properties(made: Component) -> dict[str, Any]:
    """The properties that a component was given."""
    kind: Any = type(made)
    usual = _own(kind)[0]
    return {
        name: value
        for name, value in vars(made).items()
        if value is not None and (name not in usual or name == "children")
    }


@cache
def _written(name: str) -> str:
    """The property that an argument of that name sets."""
    return name.replace("_", "-") if name.startswith(("aria_", "data_")) else name


def _element(kind: type[Component], **usual: Any) -> Element:
    def make(*children: Any, **attributes: Any) -> Component:
        # Markup is text too, and stays what it is.
        shown = [straight(one) if type(one) is str else one for one in children]
        given = {"children": shown[0] if len(shown) == 1 else shown or None}
        for name, value in (usual | attributes).items() if usual else attributes.items():
            if value is not None:
                given[_written(name)] = value
        return component(kind, given)

    return make


A = _element(html.A)
Article = _element(html.Article)
Aside = _element(html.Aside)
B = _element(html.B)
Br = _element(html.Br)
Button = _element(html.Button, type="button")  # none submits a form
Dd = _element(html.Dd)
Details = _element(html.Details)
Div = _element(html.Div)
Dl = _element(html.Dl)
Dt = _element(html.Dt)
Figcaption = _element(html.Figcaption)
Figure = _element(html.Figure)
Footer = _element(html.Footer)
H1 = _element(html.H1)
H2 = _element(html.H2)
H3 = _element(html.H3)
Header = _element(html.Header)
Img = _element(html.Img)
Li = _element(html.Li)
Main = _element(html.Main)
Nav = _element(html.Nav)
Ol = _element(html.Ol)
P = _element(html.P)
Progress = _element(html.Progress)
Section = _element(html.Section)
Small = _element(html.Small)
Span = _element(html.Span)
Strong = _element(html.Strong)
Summary = _element(html.Summary)
Table = _element(html.Table)
Tbody = _element(html.Tbody)
Td = _element(html.Td)
Th = _element(html.Th)
Thead = _element(html.Thead)
Tr = _element(html.Tr)
Ul = _element(html.Ul)
