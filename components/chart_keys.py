"""A chart by the keyboard: arrows walk what hovering shows, and it is read out."""

from __future__ import annotations

from typing import Any

from components import html


def chart_keys(name: str, graph: str, how: str, label: str) -> Any:
    """Where the keyboard finds a chart, which is hidden from screen readers.

    ``assets/chart_keys.js`` does the walking; a picture's own table says the same numbers.

    Parameters
    ----------
    name : of the place; "survival" gives the ids "survival-keys" and "survival-key-row"
    graph : id of the ``dcc.Graph``
    how : what the keys do, seen when the keyboard comes to it
    label : what is walked
    """
    return html.Div(
        how,
        html.Span(id=f"{name}-key-row", className="visually-hidden", role="status"),
        id=f"{name}-keys",
        className="chart-keys",
        tabIndex="0",
        role="group",
        aria_label=label,
        data_keys=graph,
    )


TIMES = "Times by keyboard: arrow keys move by one, Page Down by ten, Escape exits."
POINTS = "Points by keyboard: arrow keys move by one, Page Down by ten, Escape exits."
