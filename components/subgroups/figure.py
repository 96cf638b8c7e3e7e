"""The forest: a table and its log axis as one Plotly figure, so that an image has both.

Texts stand left and right of the estimates, each column so many pixels from the axis. The axis is
linear in log10 of the hazard ratio; a row's place is in pixels. ``layout.meta`` says where each row
lies and what it asks for when it is clicked: "row:SEX:F" or "fold:SEX".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from components.chart import UNMEASURED, Figure, area, base_layout, joined, plain, rule
from components.subgroups.columns import Columns, column_axes, column_texts, columns
from components.subgroups.lines import Line, drawn_ratio, hover_text, lines
from components.subgroups.texts import Texts
from components.theme import INKS, text_color, translucent
from services.numbers import format_number
from services.pages.subgroups.records import SubgroupsPage
from services.text_width import fold

TOP = 4
# From fine to coarse; the first that has room is taken.
_TICKS = (
    (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    (0.01, 0.1, 1.0, 10.0, 100.0),
)
_FLOOR, _CEILING = 0.01, 100.0
_QUIET = {"hoverinfo": "skip", "showlegend": False}


def limits(ratios: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Ends of the axis: every estimate and no difference are inside, far limits are not.

    An interval may run on to four times the outermost estimate; beyond, an arrow stands for it.

    Parameters
    ----------
    ratios : lower limit, estimate and upper limit of each
    """
    if not ratios:
        return 0.1, 10.0
    least = min(1.0, *(estimate for _, estimate, _ in ratios))
    most = max(1.0, *(estimate for _, estimate, _ in ratios))
    low = max(min(1.0, *(lower for lower, _, _ in ratios)), least / 4, _FLOOR)
    high = min(max(1.0, *(upper for _, _, upper in ratios)), most * 4, _CEILING)
    low, high = min(low, 0.8), max(high, 1.25)
    pad = (high / low) ** 0.05
    return low / pad, high * pad


def _ratios(made: Sequence[Line]) -> list[tuple[float, float, float]]:
    return [drawn for line in made if (drawn := drawn_ratio(line)) is not None]


def on_one_axis(a: SubgroupsPage, b: SubgroupsPage) -> list[SubgroupsPage]:
    """Two pages whose forests stand beside each other: the axis of each holds both."""
    shown = [tuple(_ratios(lines(page))) for page in (a, b)]
    return [replace(a, beside=shown[1]), replace(b, beside=shown[0])]


def forest_figure(
    page: SubgroupsPage,
    scheme: str = "light",
    compact: bool = False,
    more: int = 0,
    width: int = 0,
    live: bool = False,
) -> Figure:
    """The forest of a page that has one.

    Parameters
    ----------
    scheme : "light" or "dark"
    compact : without the counts, for narrow screens
    more : pixels by which it is to be higher than usual; below 0: rows are set closer
    width : pixels of it, where they are known
    live : it is for a page, whose scripts draw the columns and the rules between rows
        (``layout.meta.texts``, ``layout.meta.rules``)
    """
    assert page.forest is not None and page.pair is not None
    made = lines(page)
    low, high = limits([*_ratios(made), *page.beside])
    ends = (math.log10(low), math.log10(high))
    found = columns(page, made, scheme, compact, more, width)
    left, right = found.margins()
    height = found.tops[-1]
    zero = -ends[0] / (ends[1] - ends[0])
    sides, foot = _directions(page, scheme, left, right, height, zero)
    meta = _rows_meta(page, made, found, foot)
    axes: dict[str, Any] = {}
    holders: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    rules = _rules(made, found, scheme)
    few = found.axis < 170
    shapes = _shapes(page, made, found, ends, scheme, few)
    if live:
        texts = [*column_texts(found, scheme), *sides]
        meta["texts"] = [text.record for text in texts]
        meta["rules"] = rules
    else:
        axes, holders, heads = column_axes(found, height, scheme)
        words = [*heads, *(text.annotation for text in sides)]
        shapes = [*_across(found, rules), *shapes]
    revision = f"{page.study.sha256[:12]}:{page.view.endpoint}"
    layout = base_layout(scheme, TOP + height + foot, left, right, revision, foot) | {
        "hovermode": False,
        "dragmode": False,
        "meta": meta,
        "xaxis": _ratio_axis(ends, few, scheme),
        "yaxis": {
            "range": [height, 0],
            "showgrid": False,
            "zeroline": False,
            "showticklabels": False,
            "fixedrange": True,
        },
        **axes,
        "shapes": joined(shapes) if live else shapes,
        "annotations": words,
    }
    layout["margin"]["t"] = TOP
    traces = [*holders, *_estimates(made, found.middles, ends, scheme)]
    traces += _ticks(page, made, found.middles, ends, scheme)
    return {"data": traces, "layout": layout}


def _ratio_axis(ends: tuple[float, float], few: bool, scheme: str) -> dict[str, Any]:
    ink = INKS[scheme]
    most = 4 if few else 6
    inside: list[float] = []
    for ticks in _TICKS:
        inside = [t for t in ticks if ends[0] <= math.log10(t) <= ends[1]]
        if len(inside) <= most:
            break
    return {
        "range": list(ends),
        "tickvals": [math.log10(t) for t in inside],
        "ticktext": [format_number(t) for t in inside],
        "tickfont": {"size": 11, "color": ink.muted},
        **UNMEASURED,
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": ink.axis,
        "ticks": "outside",
        "tickcolor": ink.axis,
        "fixedrange": True,
    }


def _shapes(
    page: SubgroupsPage,
    made: Sequence[Line],
    found: Columns,
    ends: tuple[float, float],
    scheme: str,
    few_ticks: bool,
) -> list[dict[str, Any]]:
    """A strong line at no effect, a light one and a band at the overall estimate; the open row."""
    assert page.forest is not None
    ink = INKS[scheme]
    shapes: list[dict[str, Any]] = []
    tops = zip(made, found.tops, found.tops[1:], strict=False)
    opened = f"row:{page.row.variable}:{page.row.level}" if page.row is not None else None
    spans = [(top, end) for line, top, end in tops if opened and line.target == opened]
    blue = translucent(text_color("#0072B2", scheme), 0.16)
    for ends_of_part, place in _parts(found):
        shapes += [area(ends_of_part, span, blue, **place) for span in spans]
    rows = (found.head, found.tops[-1])
    column: dict[str, Any] = {"xref": "x", "yref": "y", "layer": "below"}
    ticks = _ratio_axis(ends, few_ticks, scheme)["tickvals"]
    shapes += [rule((x, x), rows, ink.grid, **column) for x in ticks if x != 0]
    ratio = page.forest.overall.hazard_ratio
    if ratio is not None:
        x0, x1 = (max(ends[0], min(ends[1], math.log10(v))) for v in (ratio.lower, ratio.upper))
        middle = math.log10(ratio.estimate)
        shapes += [
            area((x0, x1), rows, translucent(ink.axis, 0.12), **column),
            rule((middle, middle), rows, ink.axis, line={"dash": "dot"}, **column),
        ]
    return [*shapes, rule((0, 0), rows, ink.text, 1.6, **column)]


def _rules(made: Sequence[Line], found: Columns, scheme: str) -> list[tuple[str, Sequence[float]]]:
    """The lines under the heads and above each variable: of each color, the pixels down."""
    ink = INKS[scheme]
    starts = [top for line, top in zip(made, found.tops, strict=False) if line.kind == "heading"]
    return [(ink.axis, [found.head]), (ink.grid, starts)]


def _across(
    found: Columns, rules: Sequence[tuple[str, Sequence[float]]]
) -> Iterator[dict[str, Any]]:
    """The rules as shapes."""
    for ends, place in _parts(found):
        yield from (rule(ends, (y, y), color, **place) for color, ys in rules for y in ys)


def _parts(found: Columns) -> list[tuple[tuple[float, float], dict[str, Any]]]:
    """From edge to edge of the figure, whatever its width: left of the plot, in it, right of it."""
    left, right = found.margins()
    across: dict[str, Any] = {"xref": "paper", "yref": "y", "layer": "below"}
    pixels = across | {"xsizemode": "pixel"}
    return [
        ((-left, 0), pixels | {"xanchor": 0}),
        ((0, 1), across),
        ((0, right), pixels | {"xanchor": 1}),
    ]


def _directions(
    page: SubgroupsPage, scheme: str, left: int, right: int, height: int, zero: float
) -> tuple[list[Texts], int]:
    """Which side is whose, under the axis, either side of no difference; and the pixels below.

    Parameters
    ----------
    left, right : pixels beside the axis, over which long names run
    height : pixels of the plot; zero : share of its width that lies left of no difference
    """
    assert page.pair is not None
    reference, arm = page.pair
    low, high = page.endpoint.sides(arm, reference)
    color = INKS[scheme].muted
    said = [fold(f"← {low}", left, 11), fold(f"{high} →", right, 11)]
    lines = max(map(len, said))
    made = [
        Texts(zero, at, anchor, 11, color, [(height, "<br>".join(map(plain, words)))], 20)
        for words, anchor, at in zip(said, ("right", "left"), (-6, 6), strict=True)
    ]
    under = 24 + 14 * lines
    title = [(height, "Hazard ratio, log scale")]
    return [*made, Texts(0.5, 0, "center", 12, color, title, under)], under + 24


def _rows_meta(
    page: SubgroupsPage, made: Sequence[Line], found: Columns, foot: int
) -> dict[str, Any]:
    """Where the rows lie and what each says and asks for, for ``assets/forest.js``.

    Plotly's own hover would need an invisible shape in each row of each area. ``repeated`` is for
    a report that goes on over pages: pixels of the heads and of the axis, and where to cut.
    """
    starts = [top for line, top in zip(made, found.tops, strict=False) if line.kind == "heading"]
    return {
        "repeated": {"head": TOP + found.head, "foot": foot, "cuts": [TOP + top for top in starts]},
        "edges": [TOP + top for top in found.tops],
        "rows": [[line.target, hover_text(page, line)] for line in made],
    }


def _estimates(
    made: Sequence[Line], middles: Sequence[float], ends: tuple[float, float], scheme: str
) -> list[dict[str, Any]]:
    """Intervals, arrows where they leave the axis, boxes by information, the overall diamond;
    open diamonds of what was published."""
    ink = INKS[scheme]
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    arrows: list[tuple[float, float, str]] = []
    boxes: list[tuple[float, float, float]] = []
    published: list[tuple[float, float]] = []
    diamond: dict[str, Any] | None = None
    closest = min((b - a for a, b in pairwise(middles)), default=24.0)
    largest = min(15.0, closest - 3)
    for line, y in zip(made, middles, strict=True):
        drawn = drawn_ratio(line)
        if drawn is None:
            continue
        low, middle, high = (math.log10(max(v, 1e-12)) for v in drawn)
        start, stop = max(low, ends[0]), min(high, ends[1])
        if line.kind == "overall":
            diamond = {
                "x": [start, middle, stop, middle, start],
                "y": [y, y - largest / 2, y, y + largest / 2, y],
                "mode": "lines",
                "fill": "toself",
                "fillcolor": ink.text,
                "line": {"width": 1, "color": ink.text},
                "meta": "overall",
                **_QUIET,
            }
            continue
        whiskers_x += [start, stop, None]
        whiskers_y += [y, y, None]
        if low < ends[0]:
            arrows.append((ends[0], y, "triangle-left"))
        if high > ends[1]:
            arrows.append((ends[1], y, "triangle-right"))
        if line.published is not None:
            published.append((middle, y))
        elif line.row is not None and line.row.hazard_ratio is not None:
            boxes.append((middle, y, 1 / line.row.hazard_ratio.log_se**2))
    most = max((weight for _, _, weight in boxes), default=1.0)
    # Area by information, the inverse of the variance of log HR.
    sizes = [max(4.0, largest * math.sqrt(weight / most)) for _, _, weight in boxes]
    box = {"symbol": "square", "size": sizes, "color": ink.text, "opacity": 1}
    open_diamond = {"symbol": "diamond", "size": 11, "color": ink.surface}
    open_diamond["line"] = {"color": ink.text, "width": 1.8}
    arrow = {"symbol": [s for _, _, s in arrows], "size": 8, "color": ink.text}
    whisker = {"color": ink.text, "width": 1.4}
    return [
        {**_QUIET, "x": whiskers_x, "y": whiskers_y, "mode": "lines", "line": whisker}
        | {"meta": "interval"},
        _marks(boxes, box, "box"),
        *([_marks(published, open_diamond, "published")] if published else []),
        *([_marks(arrows, arrow, "arrow") | {"cliponaxis": False}] if arrows else []),
        *([diamond] if diamond else []),
    ]


def _ticks(
    page: SubgroupsPage,
    made: Sequence[Line],
    middles: Sequence[float],
    ends: tuple[float, float],
    scheme: str,
) -> list[dict[str, Any]]:
    """A gray tick at each shrunken effect; nothing where none were asked for."""
    points = []
    for line, y in zip(made, middles, strict=True):
        found = page.shrunken.get(line.target.removeprefix("row:"))
        if line.kind == "level" and found is not None:
            points.append((min(max(math.log10(found.estimate), ends[0]), ends[1]), y))
    marker = {"symbol": "line-ns", "size": 15, "color": INKS[scheme].muted}
    marker["line"] = {"color": INKS[scheme].muted, "width": 2.4}
    return [_marks(points, marker, "shrunken")] if points else []


def _marks(points: Sequence[tuple[Any, ...]], marker: dict[str, Any], meta: str) -> dict[str, Any]:
    """Marks at points, (x, y, ...) each."""
    at = {"x": [point[0] for point in points], "y": [point[1] for point in points]}
    return {**_QUIET, **at, "mode": "markers", "marker": marker, "meta": meta}
