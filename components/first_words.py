"""What a page says before any script has run: title, answer, numbers and files, as plain HTML.

It stands in the first answer of the server, so that it is read while scripts are still on their
way, and without them. The page that Dash builds takes its place (``assets/first_words.js``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from zlib import adler32

from dash.development.base_component import Component

from components import html
from components.island import VOID, to_html
from components.markup import Markup, tag

# Bytes of words, beside what Dash itself sends with each page.
ROOM = 23_000
NO_SCRIPT = (
    "Charts, filters and uploads require JavaScript, which is turned off in this browser. The text"
    " below and the files (CSV, JSON) do not."
)
MORE = tag(
    "p",
    "More follows here once the page has loaded. The files (CSV, JSON) contain all of it.",
    class_="more-follows",
)
# What needs scripts and takes no place while it waits for them.
_NOWHERE = frozenset({"Store", "Location", "Interval"})


def first_words(page: Any) -> Markup:
    """A page's words as HTML of at most about ``ROOM`` bytes; ids and controls are left out.

    Parameters
    ----------
    page : as ``callbacks.routing.page_for`` makes it
    """
    words: dict[str, str] = {}
    for part in _walk(page):
        data = getattr(part, "data", None)
        if part._type == "Store" and isinstance(data, Mapping) and "html" in data:
            hidden = data.get("hidden", {})
            words |= {name: text for name, text in data["html"].items() if not hidden.get(name)}
    bare = _Still({}, 0).html(page)
    text = _Still(words, ROOM - len(bare.encode())).html(page)
    without = tag("noscript", tag("p", NO_SCRIPT, class_="notice notice-info"))
    return tag("div", without, Markup(text), id="first-words")


def _walk(page: Any) -> Iterator[Any]:
    for root in page if isinstance(page, (list, tuple)) else [page]:
        if isinstance(root, Component):
            yield root
            yield from (part for part in root._traverse() if isinstance(part, Component))


class _Still:
    """A page without ids, controls and charts, its parts filled in as long as there is room.

    They are taken in reading order; one that is too long for what is left is cut between its
    blocks. The links to the files have their place in any case.
    """

    def __init__(self, words: Mapping[str, str], room: int) -> None:
        self.words = words
        self.room = room - sum(len(t.encode()) for name, t in words.items() if _leads_on(name))

    def html(self, page: Any) -> str:
        return to_html(self._plain(page))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [self._plain(item) for item in value]
        if not isinstance(value, Component):
            return value
        if value._namespace != "dash_html_components":
            return self._place(value)
        shown = html.properties(value)
        name = shown.pop("id", "")
        children = shown.pop("children", None)
        if "data-island" in shown:
            whole = self.words.get(name, "")
            words = whole if _leads_on(name) else within(whole, self.room)
            self.room -= 0 if _leads_on(name) else len(words.encode())
            if words != whole:
                words += MORE
            # Only what is whole need not be built again (assets/first_words.js).
            named = {"data-part": f"{name} {adler32(whole.encode())}"} if words == whole else {}
            filled = {"children": Markup(words), "data-island": "filled"}
            return html.component(type(value), shown | filled | named)
        if name in self.words and not children:
            filled = {"children": Markup(self.words[name])}  # what stands above a page
            return html.component(type(value), shown | filled)
        if "rail-body" in str(shown.get("className", "")).split():
            children = None  # what is chosen there needs scripts
        return html.component(type(value), shown | {"children": self._plain(children)})

    def _place(self, value: Component) -> Any:
        if value._type == "Link":
            named = {"className": getattr(value, "className", None)}
            return html.A(self._plain(value.children), href=value.href, **named)
        if value._type == "Graph":  # drawn there before Dash is (assets/first_words.js)
            return html.Div(className="first-chart", data_chart=value.id)
        if value._type in _NOWHERE:
            return None
        return html.Span(className="control-place")


def _leads_on(part: str) -> bool:
    return part.endswith("-take-away")


class _Ends(HTMLParser):
    """Where blocks end: byte offsets, and the elements that are open there."""

    BLOCKS = frozenset({"article", "details", "div", "dl", "li", "p", "section", "table", "tr"})
    # A part of one of these would read as all of it.
    WHOLE = frozenset({"article", "dl", "li", "tr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self._starts = [0, *(i + 1 for i, sign in enumerate(text) if sign == "\n")]
        self._open: list[str] = []
        self._whole: list[bool] = []  # of each that is open
        self.ends: list[tuple[int, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in VOID:
            self._open.append(tag)
            is_card = "card" in (dict(attrs).get("class") or "").split()
            self._whole.append(tag in self.WHOLE or is_card)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        self._whole.pop()
        if tag in self.BLOCKS and not any(self._whole):
            line, column = self.getpos()
            self.ends.append((self._starts[line - 1] + column + len(f"</{tag}>"), (*self._open,)))


def within(text: str, room: int) -> str:
    """As many blocks of well-formed HTML as ``room`` bytes hold, the open elements closed.

    >>> within("<div><p>one</p><p>two</p></div>", 24)
    '<div><p>one</p></div>'
    """
    if len(text.encode()) <= room:
        return text
    for end, opened in reversed(_Ends(text[:room]).ends):
        cut = text[:end] + "".join(f"</{name}>" for name in reversed(opened))
        if len(cut.encode()) <= room:
            return cut
    return ""
