"""The page's forests for an image: published ratios with their intervals on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import log10
from typing import Any

from components.chart import (
    Figure,
    annotation,
    numbered_ticks,
    plain,
    rule,
    still_layout,
    still_time,
)
from components.published import NOT_FOUND, TICKS, axis_range
from components.theme import CHART_FONT, INKS
from services import names
from services.pages.evidence.records import ForestRow
from services.text_width import fold, text_width

AXIS = "Hazard ratio, log scale; below 1 favors the first treatment named"
# As the style sheet has them on the page.
MARKS = {
    "secondary": ("°", "not read in the paper itself"),
    "derived": ("*", "derived by arithmetic"),
}
_SIZE, _SMALL = 12, 11
_LINE, _GAP, _TOP, _FOOT, _EDGE = 16, 10, 8, 38, 10  # pixels


def forest_figure(rows: Sequence[ForestRow], width: int) -> Figure | None:
    """A line for each ratio: trial and comparison, the interval, the number; below the axis the
    rows without one, and why. ``None`` where no row has a ratio.

    Parameters
    ----------
    width : pixels of the whole
    """
    drawn = [row for row in rows if row.estimate is not None]
    if not drawn:
        return None
    ink = INKS["light"]
    values = [_value(row) for row in drawn]
    left = int(width * 0.4)
    right = int(max(text_width(value, _SIZE) for value in values)) + 2 * _EDGE
    names_of = [_named(row, left - 2 * _EDGE) for row in drawn]
    starts = [0, *accumulate(len(lines) * _LINE + _GAP for lines in names_of)]
    middles = [(a + b) / 2 for a, b in pairwise(starts)]
    title = fold(AXIS, width - left, _SIZE)
    under = _FOOT + _LINE * len(title)
    marked = {row.cited.verification for row in rows}
    told = [f"{mark}: {words}." for level, (mark, words) in MARKS.items() if level in marked]
    note = fold(" ".join([_without(rows), *told]), width - 2 * _EDGE, _SMALL)
    bottom = under + _LINE * len(note)
    place: dict[str, Any] = {"yref": "y", "align": "left"}
    annotations = [
        annotation("<br>".join(note), 0, 0, _SMALL, ink.muted, yanchor="top", yshift=-under,
                   xshift=_EDGE - left, align="left")
    ]  # fmt: skip
    for lines, value, y in zip(names_of, values, middles, strict=True):
        annotations += [
            annotation("<br>".join(lines), 0, y, _SIZE, ink.text, xshift=_EDGE - left, **place),
            annotation(plain(value), 1, y, _SIZE, ink.text, xshift=8, **place),
        ]
    ends = axis_range(drawn)
    ticks = [tick for tick in TICKS if ends[0] <= tick <= ends[1]]
    numbered = numbered_ticks(ticks, ends, width - left - right, logarithmic=True)
    margin = {"l": left, "r": right, "t": _TOP, "b": bottom}
    layout = still_layout("light", starts[-1] + _TOP + bottom, margin)
    layout["font"]["family"] = CHART_FONT
    layout |= {
        "width": width,
        "annotations": [part for part in annotations if part["text"]],
        "shapes": [
            rule((1, 1), (0, 1), ink.axis, xref="x", yref="paper"),
            *(rule((0, 1), (y, y), ink.grid, xref="paper", yref="y") for y in starts[1:-1]),
        ],
        "xaxis": still_time(
            "light",
            "<br>".join(title),
            type="log",
            range=[log10(ends[0]), log10(ends[1])],
            tickvals=ticks,
            ticktext=[f"{tick:g}" if i in numbered else "" for i, tick in enumerate(ticks)],
            tickangle=0,
        ),
        "yaxis": {"range": [starts[-1], 0], "visible": False, "fixedrange": True},
    }
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, y in zip(drawn, middles, strict=True):
        if row.lower is not None and row.upper is not None:
            xs += [row.lower, row.upper, None]
            ys += [y, y, None]
    line = {"mode": "lines", "line": {"color": ink.text, "width": 1.8}, "meta": "interval"}
    square = {"symbol": "square", "size": 9, "color": ink.text}
    dots = {"x": [row.estimate for row in drawn], "y": middles, "meta": "ratio"}
    return {
        "data": [line | {"x": xs, "y": ys}, dots | {"mode": "markers", "marker": square}],
        "layout": layout,
    }


def _value(row: ForestRow) -> str:
    measure = "" if row.measure == "HR" else f"{row.measure} "
    return f"{measure}{row.cited.text}{MARKS.get(row.cited.verification, ('',))[0]}"


def _named(row: ForestRow, room: float) -> list[str]:
    """Lines of whose ratio it is."""
    small = "; ".join(filter(None, (names.capital(row.comparison), row.endpoint, row.beside)))
    who = ", ".join(filter(None, (row.acronym, row.report)))
    lines = [f"<b>{plain(line)}</b>" for line in fold(who, room, _SIZE, bold=True)]
    told = [fold(text, room, _SMALL) for text in (small, row.also) if text]
    return lines + [_small(line) for text in told for line in text]


def _without(rows: Sequence[ForestRow]) -> str:
    """The rows that have no place on the axis, by the reason; what else was found of them."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.estimate is None:
            other = f" ({_value(row)})" if row.cited.text != NOT_FOUND else ""
            found.setdefault(row.reason.rstrip("."), []).append(f"{row.acronym}{other}")
    return " ".join(f"{names.capital(why)}: {'; '.join(who)}." for why, who in found.items())


def _small(line: str) -> str:
    return f'<span style="font-size:{_SMALL}px;color:{INKS["light"].muted}">{plain(line)}</span>'
