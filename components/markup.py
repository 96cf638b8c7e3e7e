"""HTML text made without components: for the long lists and tables of an island.

A Dash component for each of 600 cells takes longer to make than the statistics in it.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from services.names import straight


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: Any, **attributes: Any) -> Markup:
    """An element. Its texts are escaped, ``Markup`` is not; ``None`` is left out.

    Attributes are written with underscores: ``class_``, ``data_value``, ``aria_label``.

    >>> tag("p", "a < b", tag("b", "!", class_="x"), None, title=None)
    '<p>a &lt; b<b class="x">!</b></p>'
    """
    written = "".join(
        [
            f' {_written(key)}="{escape(str(value))}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


@cache
def _written(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def join(children: Any) -> Markup:
    """Elements and texts one after the other.

    >>> join(["a & b", tag("i", "c")])
    'a &amp; b<i>c</i>'
    """
    return Markup(
        "".join(
            [
                child if type(child) is Markup else escape(straight(str(child)))
                for child in children
                if child is not None
            ]
        )
    )
