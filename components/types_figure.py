"""Types of event that compete: stacked cumulative incidence, one small chart per arm."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html

from components.chart import (
    AXIS_HEIGHT,
    CHART_HEIGHT,
    TOP_MARGIN,
    Figure,
    axis,
    base_layout,
    listed,
    plain,
    short,
    time_axis,
    time_end,
)
from components.shell import help_button
from components.survival_numbers import incidence
from components.theme import INKS, text_color, translucent
from services import format as fmt
from services.page_records import SurvivalPage, TypesOfEvent
from services.pages import names
from services.view import format_number

# Tol's muted hues: none is an arm's colour. Deaths are grey.
_COLORS = ("#882255", "#DDAA33", "#44AA99", "#332288", "#AA4499", "#117733")
_DEATH = "#7A828E"
_GAP = 0.05


def type_color(types: tuple[str, ...], name: str) -> str:
    """Colour of a type of event."""
    if name == "Death":
        return _DEATH
    living = [t for t in types if t != "Death"]
    return _COLORS[living.index(name) % len(_COLORS)]


def types_figure(page: SurvivalPage, found: TypesOfEvent, scheme: str, compact: bool) -> Figure:
    """One panel per arm with the same axes; on narrow screens below each other."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in found.incidences)]
    by_arm = {c.arm: c for c in found.incidences}
    panels = len(arms)
    longest = time_end(page)
    top = max(float((1 - c.event_free).max()) for c in found.incidences) * 1.12 or 0.1
    ink = INKS[scheme]
    rows = panels if compact else 1
    height = TOP_MARGIN + 34 + (CHART_HEIGHT if rows == 1 else 250 * rows) + AXIS_HEIGHT
    layout = base_layout(
        scheme,
        height,
        62,
        16,
        f"{page.study.sha256[:12]}:types:{page.view.endpoint}:{page.view.unit}:{page.view.xmax}",
    )
    layout["margin"]["t"] = TOP_MARGIN + 34
    layout["annotations"] = []
    traces: list[dict[str, Any]] = []
    columns = 1 if compact else panels
    width = (1 - _GAP * (columns - 1)) / columns
    for i, arm in enumerate(arms):
        suffix = "" if i == 0 else str(i + 1)
        left = 0.0 if compact else i * (width + _GAP)
        bottom = 1 - (i + 1) / rows + (0.09 if compact else 0.0) if compact else 0.0
        domain = [bottom, 1 - i / rows - (0.05 if compact else 0.0)] if compact else [0, 1]
        layout[f"xaxis{suffix}"] = time_axis(scheme, page.ticks, longest, page.view.unit) | {
            "domain": [left, left + width],
            "anchor": f"y{suffix}",
        }
        layout[f"yaxis{suffix}"] = axis(scheme, "Cumulative incidence" if i == 0 else "") | {
            "domain": domain,
            "range": [0, min(top, 1)],
            "tickformat": ".0%",
            "showgrid": True,
            "gridcolor": ink.grid,
            "anchor": f"x{suffix}",
            "showticklabels": compact or i == 0,
        }
        layout["annotations"].append(
            {
                "text": f"<b>{short(arm.name, 28)}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": left,
                "y": domain[1],
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": text_color(arm.color, scheme)},
            }
        )
        traces += _panel(by_arm[arm.name], found, suffix)
    layout["annotations"].append(_legend(found, ink.text))
    return {"data": traces, "layout": layout}


def _panel(curve: Any, found: TypesOfEvent, suffix: str) -> list[dict[str, Any]]:
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    base = np.zeros(len(curve.time))
    shared = {"x": listed(curve.time), "mode": "lines", **axes}
    traces = [
        shared | {"y": listed(base), "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    ]
    for cause in curve.causes:
        base = base + cause.incidence
        color = type_color(found.types, cause.cause)
        traces.append(
            shared
            | {
                "y": listed(base),
                "line": {"width": 1.2, "color": color, "shape": "hv"},
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.55),
                "name": plain(cause.cause),
                "customdata": [fmt.percent(v) for v in cause.incidence],
                "hovertemplate": "%{customdata}",
                "meta": "incidence",
            }
        )
    return traces


def _legend(found: TypesOfEvent, ink: str) -> dict[str, Any]:
    text = "     ".join(
        f'<span style="color:{type_color(found.types, t)}">■</span> {plain(t)}' for t in found.types
    )
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 1,
        "xanchor": "right",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 18,
        "showarrow": False,
        "font": {"size": 12, "color": ink},
    }


def types_panel(page: SurvivalPage, found: TypesOfEvent) -> list[Any]:
    """The table beside it: events and incidence at each landmark, with Gray's test."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in found.incidences)]
    by_arm = {c.arm: c for c in found.incidences}
    children: list[Any] = [
        html.H2(
            [
                "By type of event",
                help_button(
                    "Cumulative incidence counts the first event only: a patient who died first"
                    " cannot progress any more (Aalen-Johansen). p compares the arms for one type"
                    " of event (Gray's test).",
                    "Types of event",
                ),
            ]
        )
    ]
    for code, name in enumerate(found.types):
        test, reason = found.tests[code]
        rows = [
            _row("Events", [str(by_arm[a.name].causes[code].events) for a in arms]),
        ]
        for i, time in enumerate(page.view.at):
            marks = [by_arm[a.name].causes[code].landmarks[i] for a in arms]
            rows.append(
                _row(
                    f"By {names.time(format_number(time), page.view.unit)}",
                    [incidence(mark) for mark in marks],
                )
            )
        verdict = f"Gray's test {fmt.p_equals(test.p)}" if test else f"Gray's test: NE ({reason})"
        children.append(
            html.Section(
                [
                    html.H3(
                        [
                            html.Span(
                                "■ ",
                                style={"color": type_color(found.types, name)},
                                **{"aria-hidden": "true"},
                            ),
                            name,
                        ]
                    ),
                    html.Table(
                        [
                            html.Thead(
                                html.Tr(
                                    [html.Td(""), *(html.Th(a.name, scope="col") for a in arms)]
                                )
                            ),
                            html.Tbody(rows),
                        ],
                        className="numbers",
                    ),
                    html.P(verdict, className="table-note after") if len(arms) > 1 else None,
                ]
            )
        )
    return children


def _row(label: str, cells: list[Any]) -> Any:
    return html.Tr([html.Th(label, scope="row"), *(html.Td(cell) for cell in cells)])
