"""Sections of a page that are folded on narrow screens and open on wide ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html


def folded(title: str, children: Sequence[Any], key: str, count: str = "") -> Any:
    """A heading that opens what stands under it; ``assets/fold.js`` opens it on wide screens.

    Parameters
    ----------
    key : remembers, in an island, whether the reader opened it
    count : what opening will show, read with the heading
    """
    told = html.Span(count, className="fold-count") if count else None
    return html.Details(
        html.Summary(html.H2(title), told),
        html.Div(list(children)),
        className="fold",
        data_key=f"fold-{key}",
    )
