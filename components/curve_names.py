"""The names of curves: at their ends where they fit, in a legend above the chart where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from components.chart import DASHES, annotation, plain, rule
from components.theme import line_color, text_color
from services.text_width import LINE_HEIGHT, fold, text_width

if TYPE_CHECKING:
    from services.study.model import Arm

SIZE = 13
LEGEND_SIZE = 12
MOST_PIXELS = 170  # of a line of a name beside the chart
MOST_LINES = 3
FARTHEST = 56  # pixels from its curve's end at which a name is still read as that curve's
_LEGEND_ROW = 19
_SAMPLE = 26  # pixels of the piece of line before a name
_GAP = 18
# From the figure's upper left corner.
_IN_PIXELS: dict[str, Any] = {"xref": "paper", "yref": "paper", "xanchor": 0, "yanchor": 1}
_IN_PIXELS |= {"xsizemode": "pixel", "ysizemode": "pixel"}


class Sample(NamedTuple):
    """What a legend names that is no arm."""

    name: str
    color: str
    dash: str = "solid"


@dataclass(frozen=True)
class End:
    """Where a curve ends in its axes' units: what is drawn of it, not beyond the axis."""

    x: float
    y: float
    arm: Arm


@dataclass(frozen=True)
class CurveNames:
    """What the names add to a figure: its annotations and shapes, and the margins they take."""

    annotations: list[dict[str, Any]]
    shapes: list[dict[str, Any]]
    right: int
    top: int


def curve_names(
    ends: Sequence[End],
    arms: Sequence[Arm],
    low: float,
    high: float,
    pixels: float,
    scheme: str,
    compact: bool,
    left: int,
    width: int,
) -> CurveNames:
    """Names at the curves' ends, moved apart inside the chart; above it if they do not fit.

    Parameters
    ----------
    ends : of the curves that are drawn
    arms : all that a legend names
    low, high : range of the value axis, which takes ``pixels``
    compact : narrow screens have a legend
    left : the figure's left margin in pixels; the legend begins at its edge
    width : pixels the whole figure has at least
    """
    found = None if compact else _at_ends(ends, low, high, pixels, scheme)
    if found is None or found.right > width / 3:
        return legend(arms, scheme, width - 20, left)
    return found


def _at_ends(
    ends: Sequence[End], low: float, high: float, pixels: float, scheme: str
) -> CurveNames | None:
    ends = sorted(ends, key=lambda end: -end.y)
    folded = [fold(end.arm.name, MOST_PIXELS, SIZE, bold=True) for end in ends]
    if any(len(lines) > MOST_LINES for lines in folded):
        return None
    heights = [len(lines) * SIZE * LINE_HEIGHT + 1 for lines in folded]
    scale = pixels / (high - low)
    wanted = [(high - end.y) * scale for end in ends]
    placed = spread(wanted, heights, pixels)
    if placed is None or any(abs(a - b) > FARTHEST for a, b in zip(wanted, placed, strict=True)):
        return None
    annotations = [
        annotation(
            "<br>".join(f"<b>{plain(line)}</b>" for line in lines),
            end.x,
            high - y / scale,
            SIZE,
            text_color(end.arm.color, scheme),
            **{"xref": None, "yref": None, "yanchor": "middle", "align": "left", "xshift": 7},
        )
        for end, lines, y in zip(ends, folded, placed, strict=True)
    ]
    widest = max((text_width(t, SIZE, bold=True) for lines in folded for t in lines), default=0)
    return CurveNames(annotations, [], int(widest) + 20, 0)


def spread(wanted: Sequence[float], heights: Sequence[float], pixels: float) -> list[float] | None:
    """Middles of blocks that do not overlap, as near as they can be to where they should stand.

    Least squares in the given order (pool adjacent violators), kept inside 0 and ``pixels``;
    ``None`` if they do not fit.

    >>> spread([10, 11, 90], [10, 10, 10], 100), spread([99, 99], [10, 10], 100)
    ([5.5, 15.5, 90.0], [85.0, 95.0])
    """
    if sum(heights) > pixels:
        return None
    before = [sum(heights[:i]) + heights[i] / 2 for i in range(len(heights))]
    pools: list[tuple[float, int]] = []  # mean of what is wanted of a pool's start, its blocks
    for want, offset in zip(wanted, before, strict=True):
        mean, count = want - offset, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    room = pixels - sum(heights)
    starts = [min(max(mean, 0.0), room) for mean, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(starts, before, strict=True)]


def legend(
    arms: Sequence[Arm | Sample],
    scheme: str,
    width: int,
    left: int,
    area: bool = False,
    symbols: Sequence[str] = (),
) -> CurveNames:
    """A piece of each arm's line and its whole name, in rows above the chart.

    Parameters
    ----------
    width : pixels a row may take
    left : the figure's left margin in pixels; the rows begin near its edge
    area : samples of areas instead of lines
    symbols : marks of the arms, written instead of a sample of their lines
    """
    inset = 6 - left
    sample = 16 if symbols else _SAMPLE
    room = width - sample
    entries = [(arm, fold(arm.name, room, LEGEND_SIZE, bold=True)) for arm in arms]
    x, row, rows_of_line = 0.0, 0, 1
    places = []
    for _arm, lines in entries:
        wide = sample + max(text_width(t, LEGEND_SIZE, bold=True) for t in lines)
        if x and x + wide > width:
            row, x, rows_of_line = row + rows_of_line, 0.0, 1
        places.append((x, row))
        rows_of_line = max(rows_of_line, len(lines))
        x += wide + _GAP
    total = (row + rows_of_line) * _LEGEND_ROW
    annotations, shapes = [], []
    marks = symbols or [""] * len(arms)
    for (arm, lines), (at, line), mark in zip(entries, places, marks, strict=True):
        down = total - line * _LEGEND_ROW
        if not mark:
            dash = "solid" if area else DASHES.get(arm.dash, arm.dash)
            middle = down - _LEGEND_ROW / 2
            shapes.append(
                rule(
                    (inset + at, inset + at + _SAMPLE - 6),
                    (middle, middle),
                    line_color(arm.color, scheme),
                    10 if area else 2.4,
                    line={"dash": dash},
                    **_IN_PIXELS,
                )
            )
        words = "<br>".join(f"<b>{plain(t)}</b>" for t in lines)
        place = {"xshift": inset + at + (0 if mark else sample - 1), "yanchor": "top"}
        place |= {"yshift": down, "align": "left"}
        said = f"<b>{mark} </b>{words}" if mark else words
        color = text_color(arm.color, scheme)
        annotations.append(annotation(said, 0, 1, LEGEND_SIZE, color, **place))
    return CurveNames(annotations, shapes, 20, total + 4)


def lifted(part: dict[str, Any], pixels: int) -> dict[str, Any]:
    """A legend's annotation or shape so much higher; names at curves stay at them."""
    if part.get("yref") != "paper" or not pixels:
        return part
    if "yshift" in part:
        return part | {"yshift": part["yshift"] + pixels}
    return part | {"y0": part["y0"] + pixels, "y1": part["y1"] + pixels}
