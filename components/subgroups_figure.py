"""The forest: a table and its log axis as one Plotly figure, so that an image has both.

Three areas share the rows: texts on the left, estimates in the middle, texts on the right. The
middle axis is linear in log10 of the hazard ratio. ``layout.meta`` says what each row asks for when
it is clicked: "row:SEX:F" or "fold:SEX".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components.chart import Figure, base_layout, plain, short
from components.subgroups_lines import (
    Line,
    arm_text,
    difference_text,
    hover_text,
    lines,
    marks_text,
    ratio_text,
)
from components.theme import INKS, text_color, translucent
from services import format as fmt
from services.pages import direction, names
from services.study import Arm
from services.subgroups_records import SubgroupsPage
from services.view import format_number

if TYPE_CHECKING:
    from services.subgroups import Group, Row

ROW_HEIGHT = 24
HEAD_ROWS = 2.2
AXIS_HEIGHT = 64
TOP = 4
# From fine to coarse; the first that has room is taken.
_TICKS = (
    (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    (0.01, 0.1, 1.0, 10.0, 100.0),
)
_FLOOR, _CEILING = 0.01, 100.0
# Where the areas begin and end, as shares of the width; narrow screens have no counts.
_WIDE = (0.0, 0.455, 0.635, 1.0)
_COMPACT = (0.0, 0.37, 0.66, 1.0)
# Beside the curves of an open row there is no room for the difference.
_BESIDE = (0.0, 0.53, 0.79, 1.0)


def forest_height(page: SubgroupsPage) -> int:
    """Pixels."""
    return int((len(lines(page)) + HEAD_ROWS) * ROW_HEIGHT + AXIS_HEIGHT + TOP)


def limits(rows: Sequence[Row]) -> tuple[float, float]:
    """Ends of the axis: every estimate and no difference are inside, far limits are not.

    An interval may run on to four times the outermost estimate; beyond, an arrow stands for it.
    """
    ratios = [row.hazard_ratio for row in rows if row.hazard_ratio is not None]
    if not ratios:
        return 0.1, 10.0
    least = min(1.0, *(r.estimate for r in ratios))
    most = max(1.0, *(r.estimate for r in ratios))
    low = max(min(1.0, *(r.lower for r in ratios)), least / 4, _FLOOR)
    high = min(max(1.0, *(r.upper for r in ratios)), most * 4, _CEILING)
    low, high = min(low, 0.8), max(high, 1.25)
    pad = (high / low) ** 0.05
    return low / pad, high * pad


def forest_figure(page: SubgroupsPage, scheme: str = "light", compact: bool = False) -> Figure:
    """The forest of a page that has one.

    Parameters
    ----------
    scheme : "light" or "dark"
    compact : without the counts, for narrow screens
    """
    assert page.forest is not None and page.pair is not None
    made = lines(page)
    low, high = limits([line.row for line in made if line.row is not None])
    ends = (math.log10(low), math.log10(high))
    beside = page.row is not None
    left, start, stop, right = _COMPACT if compact else _BESIDE if beside else _WIDE
    bottom = len(made) - 0.5
    ink = INKS[scheme]
    hidden: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "fixedrange": True,
        "range": [0, 1],
        "anchor": "y",
    }
    revision = f"{page.study.sha256[:12]}:{page.view.endpoint}"
    layout = base_layout(scheme, forest_height(page), 6, 6, revision, AXIS_HEIGHT) | {
        "hovermode": False,
        "dragmode": False,
        "meta": _rows_meta(page, made),
        "xaxis": _ratio_axis(ends, compact or beside, scheme) | {"domain": [start, stop]},
        "xaxis2": hidden | {"domain": [left, start - 0.005]},
        "xaxis3": hidden | {"domain": [stop + 0.005, right]},
        "yaxis": {
            "range": [bottom, -0.5 - HEAD_ROWS],
            "showgrid": False,
            "zeroline": False,
            "showticklabels": False,
            "fixedrange": True,
        },
        "shapes": _shapes(page, made, bottom, ends, scheme, compact or beside),
        "annotations": _directions(page, scheme, compact),
    }
    layout["margin"]["t"] = TOP
    traces = [
        *_texts(page, made, compact, scheme),
        *_estimates(made, ends, scheme),
    ]
    if not compact:
        traces.append(_reasons(made, ends, ink.muted))
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
    bottom: float,
    ends: tuple[float, float],
    scheme: str,
    few_ticks: bool,
) -> list[dict[str, Any]]:
    """The overall estimate as a line with its interval as a band; the open row; a rule."""
    assert page.forest is not None
    ink = INKS[scheme]
    across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
    shapes: list[dict[str, Any]] = [
        {
            **across,
            "type": "line",
            "y0": -0.5,
            "y1": -0.5,
            "line": {"color": ink.axis, "width": 1},
        }
    ]
    shapes += [
        {
            **across,
            "type": "line",
            "y0": line.y - 0.5,
            "y1": line.y - 0.5,
            "line": {"color": ink.grid, "width": 1},
        }
        for line in made
        if line.kind == "heading"
    ]
    if page.row is not None:
        wanted = f"row:{page.row.variable}:{page.row.level}"
        shapes += [
            {
                **across,
                "type": "rect",
                "y0": line.y - 0.5,
                "y1": line.y + 0.5,
                "line": {"width": 0},
                "fillcolor": translucent(text_color("#0072B2", scheme), 0.16),
            }
            for line in made
            if line.target == wanted
        ]
    column = {"xref": "x", "yref": "y", "y0": -0.5, "y1": bottom, "layer": "below"}
    shapes += [
        {**column, "type": "line", "x0": x, "x1": x, "line": {"color": ink.grid, "width": 1}}
        for x in _ratio_axis(ends, few_ticks, scheme)["tickvals"]
    ]
    ratio = page.forest.overall.hazard_ratio
    if ratio is not None:
        x0, x1 = (max(ends[0], min(ends[1], math.log10(v))) for v in (ratio.lower, ratio.upper))
        middle = math.log10(ratio.estimate)
        shapes += [
            {
                **column,
                "type": "rect",
                "x0": x0,
                "x1": x1,
                "line": {"width": 0},
                "fillcolor": translucent(ink.axis, 0.16),
            },
            {
                **column,
                "type": "line",
                "x0": middle,
                "x1": middle,
                "line": {"color": ink.muted, "width": 1, "dash": "dot"},
            },
        ]
    return shapes


def _directions(page: SubgroupsPage, scheme: str, compact: bool) -> list[dict[str, Any]]:
    """Which side is whose, under the axis, either side of no difference."""
    assert page.pair is not None
    reference, arm = page.pair
    most = 12 if compact else 22
    low, high = direction.sides(page.endpoint.good, short(arm, most), short(reference, most))
    place = {"xref": "x", "x": 0, "yref": "paper", "y": 0, "yanchor": "top", "showarrow": False}
    color = INKS[scheme].muted
    title = "Hazard ratio" if compact else "Hazard ratio, log scale"
    return [
        {
            **place,
            "text": f"← {low}",
            "xanchor": "right",
            "xshift": -6,
            "yshift": -20,
            "font": {"size": 11, "color": color},
        },
        {
            **place,
            "text": f"{high} →",
            "xanchor": "left",
            "xshift": 6,
            "yshift": -20,
            "font": {"size": 11, "color": color},
        },
        {
            **place,
            "xref": "x domain",
            "x": 0.5,
            "text": title,
            "yshift": -38,
            "font": {"size": 12, "color": color},
        },
    ]


def _rows_meta(page: SubgroupsPage, made: Sequence[Line]) -> dict[str, Any]:
    """Where the rows lie and what each says and asks for, for ``assets/forest.js``.

    Plotly's own hover would need an invisible shape in each row of each area.
    """
    return {
        "top": TOP,
        "head": HEAD_ROWS,
        "row": ROW_HEIGHT,
        "rows": [[line.target, hover_text(page, line)] for line in made],
    }


def _texts(
    page: SubgroupsPage, made: Sequence[Line], compact: bool, scheme: str
) -> list[dict[str, Any]]:
    """Each column of text is one trace; its heading stands on the line above."""
    assert page.pair is not None
    ink = INKS[scheme]
    size = 12
    head = -0.5 - HEAD_ROWS / 2
    reference, arm = page.pair
    by_name = {a.name: a for a in page.arms}

    def shade(line: Line) -> str:
        estimable = line.row is None or line.row.hazard_ratio is not None
        return ink.text if estimable else ink.muted

    def column(
        x: float, axis: str, title: str, texts: Sequence[str], position: str
    ) -> dict[str, Any]:
        # An empty text takes as long to place as another.
        cells = [(line.y, text, shade(line)) for line, text in zip(made, texts, strict=True)]
        ys, words, shades = zip(
            (head, title, ink.text), *(cell for cell in cells if cell[1]), strict=True
        )
        return {
            "x": [x] * len(words),
            "y": list(ys),
            "text": list(words),
            "mode": "text",
            "textposition": position,
            "textfont": {"size": size, "color": list(shades)},
            "xaxis": axis,
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
            "meta": "text",
        }

    labels = [_label(page, line, compact, ink.muted) for line in made]
    interval = f"HR ({fmt.level(page.view.level)} CI)"
    ratios = [
        _interaction(line.group, compact)
        if line.row is None and line.group
        else ""
        if line.row is None
        else ratio_text(line.row)
        for line in made
    ]
    if compact:
        return [
            column(0, "x2", "<b>Subgroup</b>", labels, "middle right"),
            column(0, "x3", f"<b>{interval}</b>", ratios, "middle right"),
        ]
    what = "median" if page.view.per_arm == "median" else f"at {format_number(page.time)}"

    def arm_column(x: float, name: str) -> dict[str, Any]:
        own: Arm = by_name[name]
        title = f'<b><span style="color:{text_color(own.color, scheme)}">{short(name, 14)}</span>'
        title += f'</b><br><span style="font-size:9px">events/n · {what}</span>'
        texts = [arm_text(page, line.row, name) if line.row is not None else "" for line in made]
        return column(x, "x2", title, texts, "middle center")

    unit = page.view.unit
    changes = [difference_text(line.row) if line.row is not None else "" for line in made]
    when = f"at {names.time(format_number(page.time), unit)}, % points"
    columns = [
        column(0, "x2", "<b>Subgroup</b>", labels, "middle right"),
        arm_column(0.585, arm),
        arm_column(0.86, reference),
        column(0, "x3", f"<b>{interval}</b>", ratios, "middle right"),
    ]
    if page.row is None:
        columns.append(column(0.46, "x3", f"<b>Difference</b><br>{when}", changes, "middle right"))
    return columns


def _label(page: SubgroupsPage, line: Line, compact: bool, muted: str) -> str:
    if line.kind == "overall":
        return f"<b>{plain(line.label)}</b>"
    if line.group is not None and line.row is None:
        folded = "▸" if line.group.variable in page.view.fold else "▾"
        most = 20 if compact else 44
        text = f"{folded} <b>{short(line.label, most)}</b>"
        marks = "" if compact else marks_text(page, line.group)
        room = 74 - len(line.label)
        return (
            f'{text}  <span style="font-size:10px;color:{muted}">{short(marks, room)}</span>'
            if marks
            else text
        )
    return f"   {short(line.label, 17 if compact else 25)}"


def _interaction(group: Group, compact: bool) -> str:
    test = group.interaction
    if test is None:
        return (
            "not tested" if compact else f"not tested: {short(group.interaction_reason or '', 30)}"
        )
    if group.caution is not None:
        return "too few events" if compact else "too few events to test"
    return f"{'int. ' if compact else 'interaction '}{fmt.p_equals(test.p)}"


def _estimates(
    made: Sequence[Line], ends: tuple[float, float], scheme: str
) -> list[dict[str, Any]]:
    """Intervals, arrows where they leave the axis, boxes by information, the overall diamond."""
    ink = INKS[scheme]
    whiskers_x: list[float | None] = []
    whiskers_y: list[float | None] = []
    arrows: list[tuple[float, int, str]] = []
    boxes: list[tuple[float, int, float]] = []
    diamond: dict[str, Any] | None = None
    for line in made:
        ratio = line.row.hazard_ratio if line.row is not None else None
        if ratio is None:
            continue
        low, middle, high = (math.log10(max(v, 1e-12)) for v in _three(ratio))
        start, stop = max(low, ends[0]), min(high, ends[1])
        if line.kind == "overall":
            diamond = {
                "x": [start, middle, stop, middle, start],
                "y": [line.y, line.y - 0.3, line.y, line.y + 0.3, line.y],
                "mode": "lines",
                "fill": "toself",
                "fillcolor": ink.text,
                "line": {"width": 1, "color": ink.text},
                "hoverinfo": "skip",
                "showlegend": False,
                "meta": "overall",
            }
            continue
        whiskers_x += [start, stop, None]
        whiskers_y += [line.y, line.y, None]
        if low < ends[0]:
            arrows.append((ends[0], line.y, "triangle-left"))
        if high > ends[1]:
            arrows.append((ends[1], line.y, "triangle-right"))
        boxes.append((middle, line.y, 1 / ratio.log_se**2))
    most = max((weight for _, _, weight in boxes), default=1.0)
    shared = {"hoverinfo": "skip", "showlegend": False}
    return [
        {
            **shared,
            "x": whiskers_x,
            "y": whiskers_y,
            "mode": "lines",
            "line": {"color": ink.text, "width": 1.4},
            "meta": "interval",
        },
        {
            **shared,
            "x": [x for x, _, _ in boxes],
            "y": [y for _, y, _ in boxes],
            "mode": "markers",
            "marker": {
                "symbol": "square",
                # Area by information, the inverse of the variance of log HR.
                "size": [max(4.0, 15 * math.sqrt(weight / most)) for _, _, weight in boxes],
                "color": ink.text,
                "opacity": 1,
            },
            "meta": "box",
        },
        {
            **shared,
            "x": [x for x, _, _ in arrows],
            "y": [y for _, y, _ in arrows],
            "mode": "markers",
            "marker": {"symbol": [s for _, _, s in arrows], "size": 8, "color": ink.text},
            "cliponaxis": False,
            "meta": "arrow",
        },
        *([diamond] if diamond else []),
    ]


def _three(ratio: Any) -> tuple[float, float, float]:
    return ratio.lower, ratio.estimate, ratio.upper


def _why(row: Row) -> str:
    return short(row.reason or "", 32) if any(row.n.values()) else "no patients"


def _reasons(made: Sequence[Line], ends: tuple[float, float], color: str) -> dict[str, Any]:
    """Why a row has no estimate, where its box would be."""
    told = [line for line in made if line.row is not None and line.row.hazard_ratio is None]
    middle = sum(ends) / 2
    return {
        "x": [middle] * len(told),
        "y": [line.y for line in told],
        "text": [f"<i>{_why(line.row)}</i>" for line in told if line.row],
        "mode": "text",
        "textfont": {"size": 10, "color": color},
        "cliponaxis": False,  # a tablet's column is hardly wider than the words
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": "reason",
    }
