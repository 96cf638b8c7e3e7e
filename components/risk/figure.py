"""The chart of the untreated course, as a plain dict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.chart import annotation, still_axis, still_layout, still_time
from components.theme import INKS, line_color, text_color
from services.pages.risk.records import RiskPage

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")


def course_figure(
    page: RiskPage, scheme: str = "light", compact: bool = False, colors: Sequence[str] = COLORS
) -> dict[str, Any]:
    """Percent progressed by years: the yearly shares added up, and the published points."""
    ink = INKS[scheme]
    main = colors[0]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [p.years for p in page.course],
            "y": [p.percent for p in page.course],
            "line": {"color": line_color(main, scheme), "width": 2, "dash": "6px,3px"},
            "hovertemplate": "%{y:.0f}% by %{x:.0f} years<extra>sum of yearly rates</extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [p.years for p, _ in page.cumulative],
            "y": [p.percent for p, _ in page.cumulative],
            "marker": {"color": line_color(main, scheme), "size": 11, "symbol": "circle"},
            "hovertemplate": "%{y}% by %{x} years<extra>all patients, published</extra>",
        },
    ]
    annotations = [_label("Sum of yearly rates", 5.4, 50, main, scheme, "after")]
    annotations += [
        _label(f"All: {number.text}", p.years, p.percent, main, scheme, "before")
        for p, number in page.cumulative
    ]
    for group, color in zip(page.groups, colors[1:], strict=False):
        for years, percent, number in group.risks:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [years],
                    "y": [percent],
                    "marker": {"color": line_color(color, scheme), "size": 10, "symbol": "diamond"},
                    "hovertemplate": f"{number.text} by {years:g} years<extra>{group.name}</extra>",
                }
            )
            # The dashed line runs at 70% there: a label is on the side away from it.
            side = "over" if percent > 70 else "under"
            annotations.append(
                _label(f"{group.name}: {number.text}", years, percent, color, scheme, side)
            )
    margin = {"l": 54, "r": 10, "t": 12, "b": 44}
    layout = still_layout(scheme, 300 if compact else 330, margin) | {
        "xaxis": still_time(
            scheme, "Years from diagnosis", range=[0, 20.2], tickvals=[0, 5, 10, 15, 20]
        ),
        "yaxis": still_axis(
            scheme, "Progressed", range=[0, 100], ticksuffix="%", gridcolor=ink.grid
        ),
        "annotations": annotations,
    }
    return {"data": data, "layout": layout}


# Where words stand beside their point: anchors, and how far aside in pixels.
_PLACES: dict[str, dict[str, Any]] = {
    "after": {"xanchor": "left", "yanchor": "top", "xshift": 9, "yshift": -2},
    "before": {"xanchor": "right", "yanchor": "middle", "xshift": -9},
    "over": {"xanchor": "left", "yanchor": "bottom", "xshift": -20, "yshift": 6},
    "under": {"xanchor": "left", "yanchor": "top", "xshift": -20, "yshift": -6},
}


def _label(text: str, x: float, y: float, color: str, scheme: str, side: str) -> dict[str, Any]:
    """Words beside a point, where no line is."""
    place = {"xref": None, "yref": None, "bgcolor": INKS[scheme].surface, **_PLACES[side]}
    return annotation(text, x, y, 12, text_color(color, scheme), **place)
