"""Adverse events over time: first event as cumulative incidence, and prevalence by grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from components import chart
from components.at_risk import over_table, table_rows
from components.curve_names import End, curve_names
from components.panels import grid, head, place_axes
from components.safety.butterfly_figure import swatches
from components.safety.figure import UNGRADED_LABEL, shades
from components.theme import INKS, line_color, text_color, translucent
from services import format as fmt
from services.adverse_events.records import Prevalence, SafetyTime
from services.pages.safety.records import SafetyPage

if TYPE_CHECKING:
    from services.study.model import Arm

FROM_FIRST_DOSE = "first dose"
LEFT, RIGHT = 62, 16
PANEL_HEIGHT = 230


def first_figure(page: SafetyPage, time: SafetyTime, scheme: str, compact: bool) -> chart.Figure:
    """Share of each arm that has had a first event, with numbers at risk under it."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in time.incidences)]
    by_arm = {c.arm: c for c in time.incidences}
    longest = max(float(c.time[-1]) for c in time.incidences)
    left = 74 if compact else 92
    traces: list[dict[str, Any]] = []
    ends: list[End] = []
    top = 0.0
    for arm in arms:
        curve = by_arm[arm.name]
        event = curve.causes[0]
        color = line_color(arm.color, scheme)
        shared = {"x": chart.listed(curve.time), "mode": "lines", "name": chart.plain(arm.name)}
        low = np.where(np.isfinite(event.lower), event.lower, event.incidence)
        high = np.where(np.isfinite(event.upper), event.upper, event.incidence)
        texts = [f"{fmt.percent(v)}, {r} at risk" for v, r in zip(
            event.incidence, curve.at_risk, strict=True)]  # fmt: skip
        traces += [
            *chart.band(shared, low, high, color, shape="hv"),
            shared
            | {
                "y": chart.listed(event.incidence),
                "line": chart.step_line(arm, color),
                "customdata": texts,
                "hovertemplate": chart.hover_line(arm.name, color),
                "meta": "incidence",
            },
        ]
        top = max(top, float(high.max()))
        ends.append(End(float(curve.time[-1]), float(event.incidence[-1]), arm))
    top = min(max(top * 1.05, 0.05), 1.02)
    pixels = chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS
    names = curve_names(ends, arms, 0, top, chart.CHART_HEIGHT, scheme, compact, left, pixels)
    counts = [[str(v) for v in table.at_risk] for table in time.at_risk]
    numbered = chart.numbered_ticks(time.ticks, (0, longest), pixels - left - names.right, counts)
    rows, labels, heads = table_rows(
        time.at_risk, arms, time.ticks, True, scheme, left, numbered, pixels
    )
    traces += rows
    revision = f"{page.study.sha256[:12]}:first:{page.view.unit}"
    shares = {"range": [-0.01 * top, top], "tickformat": ".0%"}
    layout = over_table(
        labels,
        names,
        chart.time_axis(scheme, time.ticks, longest, page.view.unit, FROM_FIRST_DOSE, numbered),
        chart.axis(scheme, "Patients with a first event", grid=True) | shares,
        left,
        scheme,
        revision,
    )
    layout["annotations"] += heads
    return {"data": traces, "layout": layout}


def prevalence_figure(
    page: SafetyPage, time: SafetyTime, scheme: str, compact: bool
) -> chart.Figure:
    """Of those still watched, how many have an event going on: one panel per arm, by grade."""
    arms = [a for a in page.arms if any(p.arm == a.name for p in time.prevalence)]
    by_arm = {p.arm: p for p in time.prevalence}
    longest = max(float(p.time[-1]) for p in time.prevalence)
    top = max(float(np.nanmax(p.share.sum(axis=0), initial=0.0)) for p in time.prevalence)
    top = min(max(1.12 * top, 0.05), 1.0)
    words_of = [[(a.name, text_color(a.color, scheme), True)] for a in arms]
    pixels = chart.CHART_HEIGHT if len(arms) <= 3 and not compact else PANEL_HEIGHT
    made = grid(words_of, compact, pixels, chart.AXIS_HEIGHT, LEFT + RIGHT)
    levels = _levels_legend(page, time, arms, scheme, compact)
    layout = chart.base_layout(
        scheme, made.height + 30, LEFT, RIGHT, f"{page.study.sha256[:12]}:prevalence", 0
    )
    layout["margin"]["t"] = 30
    layout["annotations"] = [levels]
    numbered = chart.numbered_ticks(time.ticks, (0, longest), made.width)
    traces: list[dict[str, Any]] = []
    for arm, panel, words in zip(arms, made.panels, made.heads, strict=True):
        axis_of_time = chart.time_axis(
            scheme, time.ticks, longest, page.view.unit, FROM_FIRST_DOSE, numbered
        )
        title = "Of those under observation" if panel.column == 0 else ""
        shares = {"range": [0, top], "tickformat": ".0%"}
        place_axes(layout, panel, axis_of_time, chart.axis(scheme, title, grid=True) | shares)
        layout["annotations"].append(head(panel, words))
        traces += _stack(page, by_arm[arm.name], arm, panel.suffix, scheme)
    return {"data": traces, "layout": layout}


def _levels_legend(
    page: SafetyPage, time: SafetyTime, arms: Sequence[Arm], scheme: str, compact: bool
) -> dict[str, Any]:
    """The shades of the levels that occur, from mild to worst, in the colors of the arms."""
    labels = page.severity.labels if page.severity else ()
    seen = [any(p.counts[i].any() for p in time.prevalence) for i in range(len(labels))]
    parts = [
        f"{swatches(arms, shade, scheme)} {label}"
        for label, shade, there in zip(labels, shades(len(labels)), seen, strict=True)
        if there
    ]
    place = {"yanchor": "bottom", "yshift": 6, "xshift": 6 - LEFT}
    return chart.annotation(
        "   ".join(parts), 0, 1, 11 if compact else 12, INKS[scheme].text, **place
    )


def _stack(
    page: SafetyPage, found: Prevalence, arm: Arm, suffix: str, scheme: str
) -> list[dict[str, Any]]:
    """Areas from worst (at the bottom) to mild."""
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    labels = [*(page.severity.labels if page.severity else ()), UNGRADED_LABEL]
    opacity = [*shades(len(labels) - 1), 0.12]
    order = [*range(len(labels) - 2, -1, -1), len(labels) - 1]
    color = line_color(arm.color, scheme)
    shared = {
        "x": chart.listed(found.time),
        "mode": "lines",
        "line": {"width": 0.8, "color": color},
    }
    shared |= axes
    base = np.zeros(len(found.time))
    traces = [shared | {"y": chart.listed(base), "hoverinfo": "skip", "meta": "base"}]
    for level in order:
        if not np.nansum(found.share[level]):
            continue
        base = base + found.share[level]
        traces.append(
            shared
            | {
                "y": chart.listed(base),
                "fill": "tonexty",
                "fillcolor": translucent(color, opacity[level]),
                "name": labels[level],
                "customdata": [
                    f"{int(c)} of {int(w)} ({fmt.percent(float(s), 0)})"
                    if np.isfinite(s)
                    else f"{int(c)} of {int(w)}"
                    for c, w, s in zip(
                        found.counts[level], found.watched, found.share[level], strict=True
                    )
                ],
                "hovertemplate": chart.hover_line(
                    labels[level], translucent(color, opacity[level])
                ),
                "meta": "prevalence",
            }
        )
    return traces
