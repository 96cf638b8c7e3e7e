"""Dash's HTML elements, their children one after the other: ``html.P("a ", html.B("b"))``.

A child may be a list; a child or an attribute that is ``None`` is left out. Attributes of HTML that
have a hyphen are written with an underscore: ``aria_label``, ``data_tip``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component

Element = Callable[..., Any]


def _element(kind: type[Component], **usual: Any) -> Element:
    def make(*children: Any, **attributes: Any) -> Component:
        named = {
            name.replace("_", "-") if name.startswith(("aria_", "data_")) else name: value
            for name, value in (usual | attributes).items()
            if value is not None
        }
        if not children:
            return kind(**named)
        return kind(children[0] if len(children) == 1 else list(children), **named)

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
