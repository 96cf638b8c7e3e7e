"""Read a tree of Dash components as a person reads the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from dash.development.base_component import Component

from components.markup import Markup


def walk(tree: Any) -> Iterator[Any]:
    """Every component and text of the tree, in reading order."""
    if tree is None:
        return
    if isinstance(tree, (list, tuple)):
        for item in tree:
            yield from walk(item)
        return
    yield tree
    if isinstance(tree, Component):
        yield from walk(getattr(tree, "children", None))


def text(tree: Any) -> str:
    """The words of the tree, without those that only show on demand."""
    if tree is None:
        return ""
    if isinstance(tree, (list, tuple)):
        return " ".join(filter(None, map(text, tree)))
    if isinstance(tree, Markup):
        return unescape(" ".join(re.sub("<[^>]*>", " ", tree).split()))
    if not isinstance(tree, Component):
        return str(tree)
    if getattr(tree, "className", "") == "help":
        return ""
    return text(getattr(tree, "children", None))


def table(tree: Any) -> dict[str, list[str]]:
    """Rows of all tables of the tree: heading -> cells."""
    rows = {}
    for item in walk(tree):
        if isinstance(item, Component) and item._type == "Tr":
            inside = item.children
            head, *cells = inside if isinstance(inside, list) else [inside]
            if head._type == "Th":
                rows[text(head)] = [text(cell) for cell in cells]
    return rows
