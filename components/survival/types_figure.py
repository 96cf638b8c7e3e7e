"""Types of event that compete: stacked cumulative incidence, one small chart per arm."""

from __future__ import annotations

from typing import Any

import numpy as np

from components import chart, html
from components.at_risk import ROW_HEIGHT, panel_rows
from components.curve_names import Sample, legend
from components.panels import grid, head, place_axes
from components.parts import row, table
from components.shell import help_button
from components.survival.numbers import incidence
from components.survival.robustness import ratio_cell
from components.theme import line_color, text_color, translucent
from services import format as fmt
from services import names
from services.pages.survival.records import SIMULATED, SurvivalPage, TypesOfEvent

# Tol's muted hues: none is an arm's color. Deaths are gray.
_COLORS = ("#882255", "#DDAA33", "#44AA99", "#332288", "#AA4499", "#117733")
_DEATH = "#7A828E"
LEFT, RIGHT = 76, 16
PANEL_HEIGHT = 230


def type_color(types: tuple[str, ...], name: str) -> str:
    """Color of a type of event."""
    if name == "Death":
        return _DEATH
    living = [t for t in types if t != "Death"]
    return _COLORS[living.index(name) % len(_COLORS)]


def types_figure(
    page: SurvivalPage, found: TypesOfEvent, scheme: str, compact: bool
) -> chart.Figure:
    """One panel per arm with the same axes; on narrow screens below each other."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in found.incidences)]
    by_arm = {c.arm: c for c in found.incidences}
    longest = chart.time_end(page)
    top = max(float((1 - c.event_free).max()) for c in found.incidences) * 1.12 or 0.1
    words_of = [[(a.name, text_color(a.color, scheme), True)] for a in arms]
    pixels = chart.CHART_HEIGHT if len(arms) <= 3 and not compact else PANEL_HEIGHT
    made = grid(words_of, compact, pixels, chart.AXIS_HEIGHT + ROW_HEIGHT + 8, LEFT + RIGHT)
    key = legend(
        [Sample(t, type_color(found.types, t)) for t in found.types],
        scheme,
        (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 20,
        LEFT,
        area=True,
    )
    layout = chart.base_layout(
        scheme,
        made.height + key.top,
        LEFT,
        RIGHT,
        f"{page.study.sha256[:12]}:types:{page.view.endpoint}:{page.view.unit}:{page.view.xmax}",
        0,
    )
    layout["margin"]["t"] = key.top
    layout |= {"annotations": key.annotations, "shapes": key.shapes}
    counts = [[str(v) for v in table.at_risk] for table in page.at_risk]
    numbered = chart.numbered_ticks(page.ticks, (0, longest), made.width, counts)
    traces: list[dict[str, Any]] = []
    for i, (arm, panel, words) in enumerate(zip(arms, made.panels, made.heads, strict=True)):
        time = chart.time_axis_of(page, scheme, numbered)
        title = "Cumulative incidence" if panel.column == 0 else ""
        shares = {"range": [0, min(top, 1)], "tickformat": ".0%"}
        place_axes(layout, panel, time, chart.axis(scheme, title, grid=True) | shares)
        layout["annotations"].append(head(panel, words))
        traces += _panel(by_arm[arm.name], found, panel.suffix, scheme)
        tables = [t for t in page.at_risk if t.arm == arm.name]
        table_y = len(arms) + i + 1
        numbers, layout[f"yaxis{table_y}"] = panel_rows(
            page, tables, panel, table_y, made.height, scheme, LEFT, numbered, chart.AXIS_HEIGHT
        )
        traces += numbers
    return {"data": traces, "layout": layout}


def _panel(curve: Any, found: TypesOfEvent, suffix: str, scheme: str) -> list[dict[str, Any]]:
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    base = np.zeros(len(curve.time))
    shared = {"x": chart.listed(curve.time), "mode": "lines", **axes}
    traces = [
        shared | {"y": chart.listed(base), "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    ]
    for cause in curve.causes:
        base = base + cause.incidence
        color = line_color(type_color(found.types, cause.cause), scheme)
        traces.append(
            shared
            | {
                "y": chart.listed(base),
                "line": {"width": 1.2, "color": color, "shape": "hv"},
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.55),
                "name": chart.plain(cause.cause),
                "customdata": [fmt.percent(v) for v in cause.incidence],
                "hovertemplate": chart.hover_line(cause.cause, color),
                "meta": "incidence",
            }
        )
    return traces


def _on_either(color: str) -> str:
    """A color for the style sheet, which knows whether the page is light or dark."""
    return f"light-dark({color}, {line_color(color, 'dark')})"


def types_panel(page: SurvivalPage, found: TypesOfEvent) -> list[Any]:
    """The table beside it: events and incidence at each landmark, with Gray's test."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in found.incidences)]
    by_arm = {c.arm: c for c in found.incidences}
    children: list[Any] = [
        html.H2(
            "By type of event",
            help_button(
                "Cumulative incidence counts the first event only: a patient who dies first can "
                "no longer progress (Aalen-Johansen). p compares the arms for one type"
                " of event (Gray's test).",
                "Types of event",
            ),
        )
    ]
    for code, name in enumerate(found.types):
        test, reason = found.tests[code]
        causes = [by_arm[a.name].causes[code] for a in arms]
        rows = [row("Events", *(str(cause.events) for cause in causes))]
        for i, time in enumerate(page.view.at):
            when = f"By {names.time(time, page.view.unit)}"
            rows.append(row(when, *(incidence(cause.landmarks[i]) for cause in causes)))
        verdict = f"Gray's test {fmt.p_equals(test.p)}" if test else f"Gray's test: NE ({reason})"
        children.append(
            html.Section(
                html.H3(
                    html.Span(
                        "■ ",
                        style={"color": _on_either(type_color(found.types, name))},
                        aria_hidden="true",
                    ),
                    name,
                ),
                table(["", *(a.name for a in arms)], rows),
                html.P(verdict, className="table-note after") if len(arms) > 1 else None,
                _ratios(page, found, name),
                className="type-of-event",
            )
        )
    if found.said:
        made_up = f" {SIMULATED}" if page.study.kind == "simulated" else ""
        children.append(html.P(f"{found.said}{made_up}", className="table-note after"))
    return children


def _ratios(page: SurvivalPage, found: TypesOfEvent, name: str) -> Any:
    """Both hazard ratios of a type, a row per arm that is compared."""
    shown = [r for r in found.ratios if r.cause == name]
    if not shown:
        return None
    level = fmt.level(page.view.level)
    rows = [
        row(
            names.versus([r.arm], r.reference),
            ratio_cell(r.cause_specific, r.cause_specific_reason),
            ratio_cell(r.subdistribution, r.subdistribution_reason),
        )
        for r in shown
    ]
    heads = [f"Hazard ratio ({level} CI)", "Cause-specific", "Fine-Gray"]
    return table(heads, rows, "numbers comparison")
