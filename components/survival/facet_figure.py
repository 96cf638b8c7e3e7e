"""Small charts of the same curves within each level of a factor, with shared axes."""

from __future__ import annotations

from typing import Any

from components import chart, panels
from components.at_risk import ROW_HEIGHT, panel_rows
from components.survival.axes import first_event, log_time, value_axis, value_range
from components.survival.figure import curve_traces, tick_height
from components.theme import INKS, text_color
from services import format as fmt
from services.names import isolated
from services.pages.survival.records import Facet, SurvivalPage

PANEL_HEIGHT = 230
LEFT, RIGHT = 76, 16


def facet_figure(page: SurvivalPage, scheme: str, compact: bool) -> chart.Figure:
    """Panels in rows of at most three (one on narrow screens), numbers at risk under each."""
    facets = [item for item in chart.extras(page) if isinstance(item, Facet)]
    curves = [c for f in facets for c in f.result.curves]
    longest = chart.time_end(page)
    low, high = value_range(page.view.scale, curves, longest)
    tick = tick_height(low, high, PANEL_HEIGHT)
    words_of = [_words(page, facet, scheme) for facet in facets]
    rows = [ROW_HEIGHT * len(f.at_risk) for f in facets]
    foot = chart.AXIS_HEIGHT + max(rows) + 8
    made = panels.grid(words_of, compact, PANEL_HEIGHT, foot, LEFT + RIGHT)
    view = page.view
    revision = f"{page.study.sha256[:12]}:{view.endpoint}:{view.unit}:{view.scale}:{view.xmax}"
    layout = chart.base_layout(scheme, made.height, LEFT, RIGHT, f"{revision}:{view.facet}", 0)
    layout["margin"]["t"] = 0
    layout["annotations"] = []
    logarithmic = view.scale == "log-log"
    begin = min(first_event(c) for c in curves) * 0.8 if logarithmic else 0.0
    counts = [[str(v) for v in table.at_risk] for f in facets for table in f.at_risk]
    numbered = chart.numbered_ticks(page.ticks, (begin, longest), made.width, counts, logarithmic)
    by_name = {a.name: a for a in page.arms}
    traces: list[dict[str, Any]] = []
    for i, (facet, panel, words) in enumerate(zip(facets, made.panels, made.heads, strict=True)):
        time = chart.time_axis_of(page, scheme, numbered, origin=panel.lowest)
        time |= log_time(begin, longest) if logarithmic else {}
        endpoint = page.endpoint if panel.column == 0 else None
        panels.place_axes(layout, panel, time, value_axis(view.scale, endpoint, low, high, scheme))
        layout["annotations"].append(panels.head(panel, words))
        axes = {"xaxis": f"x{panel.suffix}", "yaxis": f"y{panel.suffix}"}
        for curve in facet.result.curves:
            traces += curve_traces(curve, by_name[curve.arm], page.view, scheme, tick, axes)
        table_y = len(facets) + i + 1
        numbers, layout[f"yaxis{table_y}"] = panel_rows(
            page,
            facet.at_risk,
            panel,
            table_y,
            made.height,
            scheme,
            LEFT,
            numbered,
            chart.AXIS_HEIGHT,
        )
        traces += numbers
    return {"data": traces, "layout": layout}


def _words(page: SurvivalPage, facet: Facet, scheme: str) -> list[panels.Words]:
    """The level of what, n, the effect within the level, and per arm its events."""
    muted = INKS[scheme].muted
    column = page.study.columns.get(page.view.facet)
    what = f"{isolated(column.label)}: {isolated(facet.label)}" if column else facet.label
    words: list[panels.Words] = [
        (what, INKS[scheme].text, True),
        (f"n = {facet.n:,}", muted, False),
    ]
    if len(facet.result.comparisons) == 1:
        ratio = facet.result.comparisons[0].hazard_ratio
        effect = f"HR {fmt.hazard_ratio(ratio)}" if ratio else "HR not estimable"
        if facet.few_events:
            effect += ", few events"
        words.append((effect, muted, False))
    by_name = {c.arm: c for c in facet.result.curves}
    return words + [
        (
            f"{isolated(a.name)} {by_name[a.name].events}/{by_name[a.name].n}",
            text_color(a.color, scheme),
            False,
        )
        for a in page.arms
        if a.name in by_name
    ]
