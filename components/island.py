"""Parts of a page that change as a whole: sent as HTML text and put in place by the browser.

Dash keeps a subscription for every component on a page, and each change asks all of them: a table
of 200 cells makes every click slow. Words and tables need no subscription, so a page keeps one
``dcc.Store`` with the HTML of each such part, and ``assets/island.js`` puts it in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from dash import dcc
from dash import html as dash_html
from dash.development.base_component import Component

from components import html
from components.chart import EMPTY_PIXELS
from components.markup import Markup
from services.names import straight

_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan"}
_NAMES |= {"rowSpan": "rowspan", "contentEditable": "contenteditable"}
# Of a component's attributes: those of Dash, and the children.
_UNWRITTEN = frozenset({*vars(dash_html.Div()), "children", "n_clicks", "n_clicks_timestamp"})
VOID = frozenset({"br", "hr", "img", "input", "wbr"})


def island(island_id: str, tag: Any = html.Div, **attributes: Any) -> Any:
    """The empty place of a part; its HTML comes from the page's store."""
    # Until the first of them is filled, nothing of the page is shown: nothing jumps.
    return tag(id=island_id, **{"data-island": "empty"}, **attributes)


def store(store_id: str | dict[str, Any], content: Mapping[str, Any]) -> Any:
    """The store of a page's parts; see ``content``."""
    return dcc.Store(id=store_id, data=content)


def content(
    parts: Mapping[str, Any],
    heights: Mapping[str, int] | None = None,
    hidden: Mapping[str, bool] | None = None,
    filters: Mapping[str, Mapping[str, Any]] | None = None,
    query: str | None = None,
    unit: str = "",
) -> dict[str, Any]:
    """What the browser puts in place.

    Parameters
    ----------
    parts : id -> Dash html components (or text) that fill the element of that id
    heights : of charts' places, id -> pixels; that of a chart that draws nothing is
        taken away, with what it drew before
    hidden : id -> whether the element is taken away
    filters : column -> what the rail's controls of it show (``components/rail.py``)
    query : of the view, for the links to the study's other pages
    unit : of time, for the labels of fields that name it
    """
    return {
        "html": {part: to_html(value) for part, value in parts.items()},
        "heights": dict(heights or {}),
        "hidden": {
            **{place: pixels <= EMPTY_PIXELS for place, pixels in (heights or {}).items()},
            **(hidden or {}),
        },
        "filters": dict(filters or {}),
        "query": query,
        "unit": unit,
    }


def to_html(value: Any) -> str:
    """HTML text of Dash html components; every text in it is escaped.

    Raises
    ------
    TypeError : a component that is more than HTML (it would lose its callbacks)

    >>> to_html(html.P(["a < b", html.B("!", className="x")]))
    '<p>a &lt; b<b class="x">!</b></p>'
    """
    if type(value) is str:
        return escape(straight(value))
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (str, int, float)):
        return escape(straight(str(value)))
    if isinstance(value, (list, tuple)):
        return "".join(to_html(item) for item in value)
    if not isinstance(value, Component) or value._namespace != "dash_html_components":
        raise TypeError(f"{type(value).__name__} is no plain HTML")
    tag = value._type.lower()
    told = vars(value)
    names = sorted(told.keys() - _UNWRITTEN)
    attributes = [
        _attribute(name, told[name])
        for name in names
        if told[name] is not None and told[name] is not False
    ]
    opened = f"<{tag}{''.join(attributes)}>"
    return opened if tag in VOID else f"{opened}{to_html(told.get('children'))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    name = _NAMES.get(name, name)
    if value is True:
        return f" {name}"
    if name == "style":
        value = ";".join(f"{_css(key)}:{text}" for key, text in value.items())
    return f' {name}="{escape(str(value))}"'


def _css(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name)
