"""Curves by level of two risk models: one chart each on the page, both in one image."""

from __future__ import annotations

from typing import Any

from components.chart import (
    CHART_HEIGHT,
    TOP_MARGIN,
    Figure,
    base_layout,
    end_labels,
    plain,
    time_axis,
)
from components.survival_figure import curve_traces, survival_figure, tick_height, value_axis
from components.theme import INKS, text_color
from services.risk_models_records import ModelSide, RiskModelsPage

EMPTY_FIGURE: Figure = {"data": [], "layout": {"height": 10}}
_TITLE = 26


def side_figure(page: RiskModelsPage, index: int, scheme: str, compact: bool) -> Figure:
    """The curves of one model, with the numbers at risk under them."""
    if index >= len(page.sides) or page.sides[index].curves.result is None:
        return EMPTY_FIGURE
    return survival_figure(page.sides[index].curves, scheme, compact)


def both_figure(page: RiskModelsPage, scheme: str = "light") -> Figure:
    """Both models beside each other on the same axes, for an image."""
    sides = [side for side in page.sides if side.curves.result is not None]
    if not sides:
        return EMPTY_FIGURE
    longest = max(_longest(side) for side in sides)
    layout = base_layout(scheme, CHART_HEIGHT + TOP_MARGIN + 58, 64, 140, page.study.sha256[:12])
    layout["margin"]["t"] = TOP_MARGIN + _TITLE
    tick = tick_height(0.0, 1.02, CHART_HEIGHT)
    traces: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for i, side in enumerate(sides):
        suffix = "" if i == 0 else str(i + 1)
        curves, chart = side.curves, {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        by_name = {a.name: a for a in curves.arms}
        assert curves.result is not None
        spots = []
        for curve in curves.result.curves:
            arm = by_name[curve.arm]
            traces += curve_traces(curve, arm, curves.view, scheme, tick, chart)
            end = float(curve.survival[-1])
            spots.append((float(curve.time[-1]), end, arm.name, text_color(arm.color, scheme)))
        marks = max((s.curves.ticks for s in sides), key=len)
        domain = [0.0, 0.39] if i == 0 else [0.61, 1.0]
        layout[f"xaxis{suffix}"] = time_axis(scheme, marks, longest, page.view.unit) | {
            "domain": domain,
            "anchor": f"y{suffix}",
        }
        layout[f"yaxis{suffix}"] = value_axis(
            curves.view.scale, page.endpoint, 0.0, 1.02, scheme
        ) | {"anchor": f"x{suffix}"}
        for label in end_labels(spots, 0.0, 1.02, CHART_HEIGHT):
            annotations.append(label | {"xref": f"x{suffix}", "yref": f"y{suffix}"})
        annotations.append(
            {
                "text": f"<b>{plain(side.info.title)}</b>",
                "xref": f"x{suffix} domain",
                "x": 0,
                "xanchor": "left",
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": 4,
                "showarrow": False,
                "font": {"size": 13, "color": INKS[scheme].text},
            }
        )
    layout["annotations"] = annotations
    return {"data": traces, "layout": layout}


def _longest(side: ModelSide) -> float:
    assert side.curves.result is not None
    return max(float(c.time[-1]) for c in side.curves.result.curves)
