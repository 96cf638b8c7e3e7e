"""Small charts in a grid: where each stands, and the words above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.chart import NARROW_PIXELS, WIDE_PIXELS, annotation, plain
from components.text_width import LINE_HEIGHT, fold

GAP = 0.04  # between columns, as a share of the width
_SIZE = 12


@dataclass(frozen=True)
class Panel:
    """One small chart: the suffix of its axes ("", "2", ...) and its place in the figure."""

    suffix: str
    x: tuple[float, float]
    y: tuple[float, float]
    column: int
    lowest: bool  # none stands below it


@dataclass(frozen=True)
class Grid:
    """All panels, the pixels of the figure without its margins, and of a panel's width."""

    panels: tuple[Panel, ...]
    height: int
    width: float


def grid(count: int, compact: bool, panel: int, head: int, foot: int, margins: int) -> Grid:
    """Panels in rows of at most three, one on narrow screens.

    Parameters
    ----------
    panel, head, foot : pixels of a chart, of the words above it and of what is below it
    margins : pixels left and right of all panels
    """
    columns = 1 if compact else min(count, 2 if count in (2, 4) else 3)
    rows = -(-count // columns)
    height = rows * (head + panel + foot)
    width = (1 - GAP * (columns - 1)) / columns
    made = []
    for i in range(count):
        row, column = divmod(i, columns)
        top = 1 - (row * (head + panel + foot) + head) / height
        made.append(
            Panel(
                "" if i == 0 else str(i + 1),
                (column * (width + GAP), column * (width + GAP) + width),
                (max(top - panel / height, 0.0), top),
                column,
                i + columns >= count,
            )
        )
    pixels = (NARROW_PIXELS if compact else WIDE_PIXELS) - margins
    return Grid(tuple(made), height, pixels * width)


def grid_width(count: int, compact: bool, margins: int) -> float:
    """Pixels of a panel's width, before its head is known."""
    return grid(count, compact, 1, 0, 0, margins).width


Words = tuple[str, str, bool]  # text, color, bold


def head_lines(words: Sequence[Words], pixels: float) -> list[Words]:
    """Words above a panel in lines that fit it.

    >>> head_lines([("Isatuximab subcutaneous", "#000000", True)], 90)
    [('Isatuximab', '#000000', True), ('subcutaneous', '#000000', True)]
    """
    return [
        (line, color, bold)
        for text, color, bold in words
        for line in fold(text, pixels - 4, _SIZE, bold)
    ]


def head_height(lines: int) -> int:
    """Pixels of so many lines and the room above and below them."""
    return int(lines * _SIZE * LINE_HEIGHT) + 22


def head(panel: Panel, lines: Sequence[Words]) -> dict[str, Any]:
    """The annotation that stands on a panel's upper edge."""
    text = "<br>".join(
        f'<span style="color:{color}">{f"<b>{plain(t)}</b>" if bold else plain(t)}</span>'
        for t, color, bold in lines
    )
    place = {"yanchor": "bottom", "yshift": 4, "align": "left", "font": {"size": _SIZE}}
    return annotation(text, panel.x[0], panel.y[1], _SIZE, "", **place)


def place_axes(
    layout: dict[str, Any], panel: Panel, time: dict[str, Any], value: dict[str, Any]
) -> None:
    """Put a panel's axes where it stands; the leftmost of a row alone has numbers beside it."""
    x, y = {"domain": panel.x}, {"domain": panel.y, "showticklabels": panel.column == 0}
    layout[f"xaxis{panel.suffix}"] = time | x | {"anchor": f"y{panel.suffix}"}
    layout[f"yaxis{panel.suffix}"] = value | y | {"anchor": f"x{panel.suffix}"}
