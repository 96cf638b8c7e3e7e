"""Charts of the evidence page, as plain dicts."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

from components.chart import annotation, rule, still_axis, still_layout, still_time
from components.theme import INKS, line_color, text_color
from services.pages.evidence.records import FollowUpSeries

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
_TITLES = {"PFS": "PFS or TTP", "OS": "Overall survival"}
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0)


def follow_up_figure(
    series: Sequence[FollowUpSeries],
    scheme: str = "light",
    compact: bool = False,
    colors: Sequence[str] = COLORS,
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
        layout[f"xaxis{suffix}"] = still_time(
            scheme,
            "Median follow-up, months",
            domain=x_domain,
            anchor=f"y{suffix}",
            range=[0, 168],
            tickvals=list(range(0, 169, 24)),
        )
        layout[f"yaxis{suffix}"] = still_axis(
            scheme,
            "Hazard ratio",
            domain=y_domain,
            anchor=f"x{suffix}",
            type="log",
            range=[-1.2, 0.56],
            tickvals=list(_TICKS),
            ticktext=[f"{t:g}" for t in _TICKS],
            gridcolor=ink.grid,
        )
        place = {"xref": f"x{suffix} domain", "yref": f"y{suffix} domain", "yanchor": "bottom"}
        title = f"<b>{_TITLES[family]}</b>"
        annotations.append(annotation(title, 0, 1, 13, ink.text, **place))
        for item in (s for s in series if s.family == family):
            index = trials.index(item.acronym)
            color = colors[index % len(colors)]
            data.append(_trace(item, suffix, color, SYMBOLS[index % len(SYMBOLS)], scheme))
            last = item.points[-1]
            place_of_name: dict[str, Any] = {
                "xref": f"x{suffix}",
                "yref": f"y{suffix}",
                "yshift": 3,
            }
            place_of_name |= {"xanchor": "center", "yanchor": "bottom"}
            top = log10(last.upper or last.estimate)
            ink_of_name = text_color(color, scheme)
            annotations.append(
                annotation(item.acronym, last.months, top, 12, ink_of_name, **place_of_name)
            )
    numbers = ["" if i == 0 else str(i + 1) for i in range(len(families))]
    shapes = [rule((0, 1), (1, 1), ink.axis, xref=f"x{n} domain", yref=f"y{n}") for n in numbers]
    margin = {"l": 56, "r": 12, "t": 26, "b": 46}
    layout |= still_layout(scheme, 600 if compact else 330, margin)
    layout |= {"annotations": annotations, "shapes": shapes}
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
