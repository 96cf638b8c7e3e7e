"""Charts of the evidence page, as plain dicts."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

from components.theme import FONT, INKS, line_color, text_color
from services.pages.evidence.records import FollowUpSeries

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
_TITLES = {"PFS": "PFS or TTP", "OS": "Overall survival"}
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0)


def follow_up_figure(
    series: Sequence[FollowUpSeries], scheme: str = "light", compact: bool = False
) -> dict[str, Any]:
    """Hazard ratios with their intervals by median follow-up, one panel per endpoint family."""
    ink = INKS[scheme]
    trials = list(dict.fromkeys(s.acronym for s in series))
    families = [f for f in _TITLES if any(s.family == f for s in series)]
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    for column, family in enumerate(families):
        suffix = "" if column == 0 else str(column + 1)
        x_domain, y_domain = _domains(column, len(families), compact)
        axis = {"linecolor": ink.axis, "tickcolor": ink.axis, "zeroline": False}
        axis |= {"tickfont": {"color": ink.muted, "size": 12}, "fixedrange": True}
        layout[f"xaxis{suffix}"] = axis | {
            "domain": x_domain,
            "anchor": f"y{suffix}",
            "range": [0, 168],
            "tickvals": list(range(0, 169, 24)),
            "showgrid": False,
            "showline": True,
            "ticks": "outside",
            "title": {
                "text": "Median follow-up, months",
                "font": {"size": 12, "color": ink.muted},
                "standoff": 6,
            },
        }
        layout[f"yaxis{suffix}"] = axis | {
            "domain": y_domain,
            "anchor": f"x{suffix}",
            "type": "log",
            "range": [-1.2, 0.56],
            "tickvals": list(_TICKS),
            "ticktext": [f"{t:g}" for t in _TICKS],
            "gridcolor": ink.grid,
            "title": {"text": "Hazard ratio", "font": {"size": 12, "color": ink.muted}},
        }
        annotations.append(
            {
                "text": f"<b>{_TITLES[family]}</b>",
                "xref": f"x{suffix} domain",
                "yref": f"y{suffix} domain",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": ink.text},
            }
        )
        for item in (s for s in series if s.family == family):
            index = trials.index(item.acronym)
            color = COLORS[index % len(COLORS)]
            data.append(_trace(item, suffix, color, SYMBOLS[index % len(SYMBOLS)], scheme))
            last = item.points[-1]
            annotations.append(
                {
                    "text": item.acronym,
                    "xref": f"x{suffix}",
                    "yref": f"y{suffix}",
                    "x": last.months,
                    "y": log10(last.upper or last.estimate),
                    "yshift": 3,
                    "xanchor": "center",
                    "yanchor": "bottom",
                    "showarrow": False,
                    "font": {"size": 12, "color": text_color(color, scheme)},
                }
            )
    shapes = [
        {
            "type": "line",
            "xref": f"x{'' if i == 0 else i + 1} domain",
            "yref": f"y{'' if i == 0 else i + 1}",
            "x0": 0,
            "x1": 1,
            "y0": 1,
            "y1": 1,
            "line": {"color": ink.axis, "width": 1},
        }
        for i in range(len(families))
    ]
    layout |= {
        "height": 330 if not compact else 600,
        "margin": {"l": 56, "r": 12, "t": 26, "b": 46},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": ink.text, "size": 12},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": ink.surface, "font": {"color": ink.text, "family": FONT}},
        "annotations": annotations,
        "shapes": shapes,
    }
    return {"data": data, "layout": layout}


def _trace(
    item: FollowUpSeries, suffix: str, color: str, symbol: str, scheme: str
) -> dict[str, Any]:
    points = item.points
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [p.months for p in points],
        "y": [p.estimate for p in points],
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "name": item.acronym,
        "line": {"color": line_color(color, scheme), "width": 1.5, "dash": "dot"},
        "marker": {"color": line_color(color, scheme), "size": 9, "symbol": symbol},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [(p.upper or p.estimate) - p.estimate for p in points],
            "arrayminus": [p.estimate - (p.lower or p.estimate) for p in points],
            "color": line_color(color, scheme),
            "thickness": 1.5,
            "width": 4,
        },
        "text": [p.cited.text for p in points],
        "hovertemplate": "%{text}<br>at %{x} months<extra>" + item.acronym + "</extra>",
    }


def _domains(column: int, count: int, compact: bool) -> tuple[list[float], list[float]]:
    """Panels side by side, or on top of each other on a narrow screen."""
    if count == 1:
        return [0.0, 1.0], [0.0, 1.0]
    if compact:
        return [0.0, 1.0], [0.58, 1.0] if column == 0 else [0.0, 0.42]
    return [0.0, 0.46] if column == 0 else [0.54, 1.0], [0.0, 1.0]
