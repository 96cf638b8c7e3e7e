"""Small charts of the same curves within each level of a factor, with shared axes."""

from __future__ import annotations

from typing import Any

from components.chart import (
    AXIS_HEIGHT,
    Figure,
    base_layout,
    extras,
    plain,
    short,
    time_axis,
    time_end,
)
from components.survival_figure import curve_traces, tick_height, value_axis, value_range
from components.theme import INKS, text_color
from services import format as fmt
from services.page_records import Facet, SurvivalPage

PANEL_HEIGHT = 230
_GAP = 0.04


def facet_figure(page: SurvivalPage, scheme: str, compact: bool) -> Figure:
    """Panels in rows of at most three (one on narrow screens)."""
    facets = [item for item in extras(page) if isinstance(item, Facet)]
    columns = 1 if compact else min(len(facets), 2 if len(facets) in (2, 4) else 3)
    rows = -(-len(facets) // columns)
    curves = [c for f in facets for c in f.result.curves]
    longest = time_end(page)
    low, high = value_range(page.view.scale, curves, longest)
    tick = tick_height(low, high, PANEL_HEIGHT)
    head, foot = 48 + 17 * len(page.arms), AXIS_HEIGHT
    height = rows * (PANEL_HEIGHT + head + foot)
    view = page.view
    revision = f"{page.study.sha256[:12]}:{view.endpoint}:{view.unit}:{view.scale}:{view.xmax}"
    layout = base_layout(scheme, height, 76, 16, f"{revision}:{view.facet}", 0)
    layout["margin"]["t"] = 0
    layout["annotations"] = []
    plot = height - layout["margin"]["b"]
    width = (1 - _GAP * (columns - 1)) / columns
    colors = {a.name: text_color(a.color, scheme) for a in page.arms}
    traces: list[dict[str, Any]] = []
    for i, facet in enumerate(facets):
        row, column = divmod(i, columns)
        suffix = "" if i == 0 else str(i + 1)
        left = column * (width + _GAP)
        top = 1 - (row * (PANEL_HEIGHT + head + foot) + head) / plot
        bottom = top - PANEL_HEIGHT / plot
        last_row = i + columns >= len(facets)
        layout[f"xaxis{suffix}"] = time_axis(
            scheme,
            page.ticks,
            longest,
            page.view.unit,
            "{unit} from start" if last_row else "",
        ) | {"domain": [left, left + width], "anchor": f"y{suffix}"}
        endpoint = page.endpoint if column == 0 else None
        layout[f"yaxis{suffix}"] = value_axis(page.view.scale, endpoint, low, high, scheme) | {
            "domain": [bottom, top],
            "anchor": f"x{suffix}",
            "showticklabels": column == 0,
        }
        layout["annotations"] += _head(facet, colors, left, top, INKS[scheme].muted)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        for curve in facet.result.curves:
            arm = next(a for a in page.arms if a.name == curve.arm)
            traces += curve_traces(curve, arm, page.view, scheme, tick, axes)
    return {"data": traces, "layout": layout}


def _head(
    facet: Facet, colors: dict[str, str], left: float, top: float, muted: str
) -> list[dict[str, Any]]:
    """Level, n, and per arm its events; then the effect within the level."""
    lines = [f"<b>{plain(facet.label)}</b> (n = {facet.n})"]
    if len(facet.result.comparisons) == 1:
        comparison = facet.result.comparisons[0]
        ratio = comparison.hazard_ratio
        lines.append(f"HR {fmt.hazard_ratio(ratio)}" if ratio else "HR not estimable")
    lines += [
        f'<span style="color:{colors[c.arm]}">{short(c.arm, 20)} {c.events}/{c.n}</span>'
        for c in facet.result.curves
    ]
    place = {
        "xref": "paper",
        "yref": "paper",
        "x": left,
        "xanchor": "left",
        "yanchor": "bottom",
        "y": top,
        "showarrow": False,
        "align": "left",
    }
    text = "<br>".join(lines)
    return [{**place, "text": text, "yshift": 4, "font": {"size": 12, "color": muted}}]
