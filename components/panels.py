"""Small charts in a grid: where each stands, and the words above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.chart import NARROW_PIXELS, WIDE_PIXELS, annotation, plain
from services.text_width import LINE_HEIGHT, fold

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


Words = tuple[str, str, bool]  # text, color, bold


@dataclass(frozen=True)
class Grid:
    """All panels, the lines above each, the pixels of the figure without its margins, and of a
    panel's width."""

    panels: tuple[Panel, ...]
    heads: list[list[Words]]
    height: int
    width: float


def columns_of(count: int, compact: bool, across: int = 0) -> int:
    """Panels in a row: at most three, one on narrow screens; see ``grid``."""
    return 1 if compact else min(count, across or (2 if count in (2, 4) else 3))


def grid(
    words: Sequence[Sequence[Words]],
    compact: bool,
    panel: int,
    foot: int,
    margins: int,
    across: int = 0,
) -> Grid:
    """Panels in rows of at most three, one on narrow screens.

    Parameters
    ----------
    words : what stands above each panel
    panel, foot : pixels of a chart, and of what is below it
    margins : pixels left and right of all panels
    across : panels in a row on wide screens, where they belong together
    """
    count = len(words)
    columns = columns_of(count, compact, across)
    width = (1 - GAP * (columns - 1)) / columns
    pixels = width * ((NARROW_PIXELS if compact else WIDE_PIXELS) - margins)
    heads = [head_lines(said, pixels) for said in words]
    head = int(max(map(len, heads)) * _SIZE * LINE_HEIGHT) + 22
    height = -(-count // columns) * (head + panel + foot)
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
    return Grid(tuple(made), heads, height, pixels)


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
