"""The chart of the untreated course, as a plain dict."""

from __future__ import annotations

from typing import Any

from components.theme import FONT, INKS, line_color, text_color
from services.pages.risk.records import RiskPage

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")


def course_figure(page: RiskPage, scheme: str = "light", compact: bool = False) -> dict[str, Any]:
    """Percent progressed by years: the yearly shares added up, and the published points."""
    ink = INKS[scheme]
    main = COLORS[0]
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
    annotations = [_label("Sum of yearly rates", 5.4, 50, main, scheme, "top")]
    annotations += [
        _label(f"All: {number.text}", p.years, p.percent, main, scheme, "middle", compact)
        for p, number in page.cumulative
    ]
    for group, color in zip(page.groups, COLORS[1:], strict=False):
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
            # Two labels less than 5 points apart would lie on each other.
            side = "bottom" if percent > 70 else "top" if percent > 60 else "middle"
            annotations.append(
                _label(f"{group.name}: {number.text}", years, percent, color, scheme, side, compact)
            )
    axis = {"linecolor": ink.axis, "tickcolor": ink.axis, "zeroline": False, "fixedrange": True}
    axis |= {"tickfont": {"color": ink.muted, "size": 12}}
    layout = {
        "height": 300 if compact else 330,
        "margin": {"l": 54, "r": 10, "t": 12, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": ink.text, "size": 12},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": ink.surface, "font": {"color": ink.text, "family": FONT}},
        "xaxis": axis
        | {
            "range": [0, 20.2],
            "tickvals": [0, 5, 10, 15, 20],
            "showgrid": False,
            "showline": True,
            "ticks": "outside",
            "title": {
                "text": "Years from diagnosis",
                "font": {"size": 12, "color": ink.muted},
                "standoff": 6,
            },
        },
        "yaxis": axis
        | {
            "range": [0, 100],
            "ticksuffix": "%",
            "gridcolor": ink.grid,
            "title": {"text": "Progressed", "font": {"size": 12, "color": ink.muted}},
        },
        "annotations": annotations,
    }
    return {"data": data, "layout": layout}


def _label(
    text: str, x: float, y: float, color: str, scheme: str, side: str, before: bool = False
) -> dict[str, Any]:
    """Words beside a point: after it, or before it where there is no room to the right."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": "right" if before else "left",
        "yanchor": side,
        "xshift": -9 if before else 9,
        "yshift": {"top": -2, "bottom": 2}.get(side, 0),
        "showarrow": False,
        "font": {"size": 12, "color": text_color(color, scheme)},
        "bgcolor": INKS[scheme].surface,
    }
