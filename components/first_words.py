"""What a page says before any script has run: title, answer, numbers and files, as plain HTML.

It stands in the first answer of the server, so that it is read while scripts are still on their
way, and without them. The page that Dash builds takes its place (``assets/first_words.js``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zlib import adler32

from dash.development.base_component import Component

from components import html
from components.island import to_html
from components.markup import Markup, tag

# Bytes of words, beside what Dash itself sends with each page.
ROOM = 14_000
NO_SCRIPT = (
    "Charts and filters need JavaScript, which is switched off in this browser. The numbers below"
    " and the files need none."
)
# A part that needs scripts, by what is left of it: its place, so that nothing moves later.
_PLACES = {"Graph": "", "Store": None, "Location": None, "Interval": None}


def first_words(page: Any) -> Markup:
    """A page's words as HTML of at most about ``ROOM`` bytes; ids and controls are left out.

    Parameters
    ----------
    page : as ``callbacks.routing.page_for`` makes it
    """
    parts = _parts(page)
    left = ROOM - len(to_html(_still(page, {})).encode())
    kept = {}
    # In reading order; one that is too long is left to the script, the next may still fit.
    for name in _places(page):
        words = parts.get(name, "")
        if words and (size := len(words.encode())) <= left:
            kept[name] = words
            left -= size
    without = tag("noscript", tag("p", NO_SCRIPT, class_="notice notice-info"))
    return tag("div", without, Markup(to_html(_still(page, kept))), id="first-words")


def _parts(page: Any) -> dict[str, str]:
    """Id of each part -> the HTML that fills it, from the page's stores."""
    found: dict[str, str] = {}
    for part in _walk(page):
        data = getattr(part, "data", None)
        if part._type == "Store" and isinstance(data, Mapping) and "html" in data:
            hidden = data.get("hidden", {})
            found |= {name: text for name, text in data["html"].items() if not hidden.get(name)}
    return found


def _places(page: Any) -> Iterator[str]:
    return (part.id for part in _walk(page) if "data-island" in vars(part))


def _walk(page: Any) -> Iterator[Any]:
    for root in page if isinstance(page, (list, tuple)) else [page]:
        if isinstance(root, Component):
            yield root
            yield from (part for part in root._traverse() if isinstance(part, Component))


def _still(value: Any, parts: Mapping[str, str]) -> Any:
    """The same in plain HTML: without ids, controls, charts; the parts filled in."""
    if isinstance(value, (list, tuple)):
        return [_still(item, parts) for item in value]
    if not isinstance(value, Component):
        return value
    if value._namespace != "dash_html_components":
        return _place(value, parts)
    shown = {name: getattr(value, name) for name in value._prop_names if hasattr(value, name)}
    shown |= {k: v for k, v in vars(value).items() if k.startswith(("data-", "aria-"))}
    name = shown.pop("id", "")
    children = shown.pop("children", None)
    if "data-island" in shown:
        words = parts.get(name, "")
        shown |= {"data-island": "filled", "data-part": f"{name} {adler32(words.encode())}"}
        children = Markup(words)
    elif "rail" in str(shown.get("className", "")).split():
        children = None  # what is chosen there needs scripts
    return type(value)(_still(children, parts), **shown)


def _place(value: Component, parts: Mapping[str, str]) -> Any:
    if value._type == "Link":
        named = {"className": getattr(value, "className", None)}
        return html.A(_still(value.children, parts), href=value.href, **named)
    if value._type in _PLACES:
        return _PLACES[value._type]
    return html.Span(className="control-place")
