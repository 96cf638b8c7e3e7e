"""The table under a chart: at risk, events and censored at each tick, as part of the figure.

It is drawn on an axis of its own that shares the time axis, so that every number stands exactly
under its tick, in an exported image too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import chart
from components.curve_names import CurveNames
from components.panels import Panel
from components.theme import INKS, text_color
from services.pages.survival.records import SurvivalPage
from services.statistics.results import AtRisk
from services.text_width import fold

if TYPE_CHECKING:
    from services.study.model import Arm

ROW_HEIGHT = 19
MANY_ARMS = 6  # from more on, the table has one line an arm: it would be longer than the chart


HEADING_INSET = 6  # pixels from the figure's left edge
_SIZE = 12
_LABELS = {"risk": "At risk", "events": "Events", "censored": "Censored"}
ROWS = tuple(_LABELS)


def table_rows(
    tables: Sequence[AtRisk],
    arms: Sequence[Arm],
    ticks: Sequence[float],
    compact: bool,
    scheme: str,
    left: int,
    numbered: Sequence[int] | None = None,
    pixels: int = 0,
    shown: Sequence[str] | None = None,
) -> tuple[list[dict[str, Any]], list[str], list[dict[str, Any]]]:
    """Text traces on ``y2``, the label of each line, and the arms' names as annotations.

    Parameters
    ----------
    compact : only the numbers at risk, for narrow screens and many arms
    left : the figure's left margin in pixels; the names begin at its edge
    numbered : indices of the ticks that have numbers under them; all when ``None``
    pixels : the least width of the figure
    shown : the lines there are, of ``ROWS``
    """
    shown = (ROWS[:1] if compact else ROWS) if shown is None else shown
    ink = INKS[scheme]
    room = (pixels or (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS)) - 2 * HEADING_INSET
    told = range(len(ticks)) if numbered is None else numbered
    by_arm = {t.arm: t for t in tables}
    traces: list[dict[str, Any]] = []
    labels: list[str] = []
    names: list[dict[str, Any]] = []
    for arm in arms if _in_order(shown) else ():
        table = by_arm[arm.name]
        for part in fold(arm.name, room, _SIZE, bold=True):
            names.append(_heading(part, arm, len(labels), left, scheme))
            labels.append("")
        for row, counts in zip(_in_order(shown), counted(table, shown), strict=True):
            label = _LABELS[row]
            shade = ink.text if row == "risk" else ink.muted
            traces.append(
                {
                    "x": [ticks[i] for i in told],
                    "y": [len(labels)] * len(told),
                    "text": [f"{counts[i]:,}" for i in told],
                    "mode": "text",
                    "textfont": {"size": _SIZE, "color": shade},
                    "yaxis": "y2",
                    "hoverinfo": "skip",
                    "cliponaxis": False,
                    "showlegend": False,
                    "name": f"{arm.name}: {label}",
                    "meta": "table",
                }
            )
            labels.append(label)
    return traces, labels, names


def _in_order(shown: Sequence[str]) -> list[str]:
    return [row for row in ROWS if row in shown]


def counted(table: AtRisk, shown: Sequence[str]) -> list[Sequence[int]]:
    """The numbers of each line that is shown, in their order."""
    lines = {"risk": table.at_risk, "events": table.events, "censored": table.censored}
    return [lines[row] for row in _in_order(shown)]


def _heading(part: str, arm: Arm, line: int, left: int, scheme: str) -> dict[str, Any]:
    place = {"yref": "y2", "xshift": HEADING_INSET - left}
    return chart.annotation(
        f"<b>{chart.plain(part)}</b>", 0, line, _SIZE, text_color(arm.color, scheme), **place
    )


def panel_rows(
    page: SurvivalPage,
    tables: Sequence[AtRisk],
    panel: Panel,
    axis: int,
    height: int,
    scheme: str,
    left: int,
    numbered: Sequence[int] | None,
    pixels: int,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Numbers at risk under a small chart, in the arms' colors: text traces and their axis.

    Parameters
    ----------
    axis : number of the axis the numbers stand on
    height : of the figure without its margins; pixels : from the chart to the numbers
    """
    top = panel.y[0] - pixels / height
    there = {t.arm for t in tables}
    shown = [arm for arm in page.arms if arm.name in there]
    texts, _, _ = table_rows(tables, shown, page.ticks, True, scheme, left, numbered)
    traces = [
        text
        | {"xaxis": f"x{panel.suffix}", "yaxis": f"y{axis}"}
        | {"y": [row] * len(text["x"])}
        | {"textfont": {"size": _SIZE, "color": text_color(arm.color, scheme)}}
        for row, (text, arm) in enumerate(zip(texts, shown, strict=True))
    ]
    labels = ["At risk" if row == 0 and panel.column == 0 else "" for row in range(len(shown))]
    return traces, table_axis(labels, top, scheme) | {
        "domain": [max(top - ROW_HEIGHT * len(shown) / height, 0.0), top],
        "anchor": f"x{panel.suffix}",
    }


def table_axis(labels: Sequence[str], top: float, scheme: str) -> dict[str, Any]:
    """The axis ``yaxis2`` that the table's lines stand on; ``top`` is the end of its domain."""
    return {
        "domain": [0, top],
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "tickfont": {"size": 12, "color": INKS[scheme].text},
        **chart.UNMEASURED,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        # Room between a line's label and its first number.
        "ticks": "outside",
        "ticklen": 16,
        "tickcolor": "rgba(0,0,0,0)",
    }


def over_table(
    labels: Sequence[str],
    names: CurveNames,
    time: dict[str, Any],
    value: dict[str, Any],
    left: int,
    scheme: str,
    revision: str,
    height: int = chart.CHART_HEIGHT,
) -> dict[str, Any]:
    """Layout of a chart that stands over its table, as high as both.

    Parameters
    ----------
    labels : of the table's lines; names : of the curves; time, value : the chart's axes
    left : the margin in pixels; revision : as of ``base_layout``
    height : of the chart alone, pixels
    """
    top = chart.TOP_MARGIN + names.top
    labels = labels or [""]  # an axis needs some room
    plot = height + chart.AXIS_HEIGHT + len(labels) * ROW_HEIGHT
    table_top = len(labels) * ROW_HEIGHT / plot
    layout = chart.base_layout(scheme, plot + top, left, names.right, revision, bottom=0)
    layout["margin"]["t"] = top
    return layout | {
        "xaxis": time,
        "yaxis": value | {"domain": [table_top + chart.AXIS_HEIGHT / plot, 1]},
        "yaxis2": table_axis(labels, table_top, scheme),
        "annotations": list(names.annotations),
        "shapes": list(names.shapes),
    }
