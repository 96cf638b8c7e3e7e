"""Adverse events over time: first event as cumulative incidence, and prevalence by grade."""

from __future__ import annotations

from typing import Any

import numpy as np

from components.at_risk import ROW_HEIGHT, table_axis, table_rows
from components.chart import (
    AXIS_HEIGHT,
    CHART_HEIGHT,
    DASHES,
    TOP_MARGIN,
    Figure,
    axis,
    base_layout,
    end_labels,
    label_margin,
    legend_line,
    listed,
    plain,
    short,
    time_axis,
)
from components.safety_figure import UNGRADED_LABEL, shades
from components.theme import INKS, line_color, text_color, translucent
from services import format as fmt
from services.safety_records import Prevalence, SafetyPage, SafetyTime
from services.study import Arm

FROM_FIRST_DOSE = "{unit} from first dose"
_GAP = 0.05


def first_figure(page: SafetyPage, time: SafetyTime, scheme: str, compact: bool) -> Figure:
    """Share of each arm that has had a first event, with numbers at risk under it."""
    arms = [a for a in page.arms if any(c.arm == a.name for c in time.incidences)]
    by_arm = {c.arm: c for c in time.incidences}
    longest = max(float(c.time[-1]) for c in time.incidences)
    left = 74 if compact else 92
    traces: list[dict[str, Any]] = []
    spots = []
    top = 0.0
    for arm in arms:
        curve = by_arm[arm.name]
        event = curve.causes[0]
        color = line_color(arm.color, scheme)
        shared = {"x": listed(curve.time), "mode": "lines", "name": plain(arm.name)}
        edge = {"width": 0, "shape": "hv"}
        low = np.where(np.isfinite(event.lower), event.lower, event.incidence)
        high = np.where(np.isfinite(event.upper), event.upper, event.incidence)
        texts = [f"{fmt.percent(v)}, {r} at risk" for v, r in zip(
            event.incidence, curve.at_risk, strict=True)]  # fmt: skip
        traces += [
            shared | {"y": listed(low), "line": edge, "hoverinfo": "skip"},
            shared
            | {
                "y": listed(high),
                "line": edge,
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.16),
                "hoverinfo": "skip",
                "meta": "band",
            },
            shared
            | {
                "y": listed(event.incidence),
                "line": {
                    "color": color,
                    "width": 2.4,
                    "shape": "hv",
                    "dash": DASHES.get(arm.dash, arm.dash),
                },
                "customdata": texts,
                "hovertemplate": "%{customdata}",
                "meta": "incidence",
            },
        ]
        top = max(top, float(high.max()))
        spots.append(
            (
                float(curve.time[-1]),
                float(event.incidence[-1]),
                arm.name,
                text_color(arm.color, scheme),
            )
        )
    rows, labels, names = table_rows(time.at_risk, arms, time.ticks, True, scheme, left)
    traces += rows
    height = CHART_HEIGHT + AXIS_HEIGHT + TOP_MARGIN + len(labels) * ROW_HEIGHT
    plot = height - TOP_MARGIN - AXIS_HEIGHT
    table_top = len(labels) * ROW_HEIGHT / plot
    bottom = table_top + AXIS_HEIGHT / plot
    top = min(max(top * 1.05, 0.05), 1.02)
    right = 20 if compact else label_margin([a.name for a in arms])
    revision = f"{page.study.sha256[:12]}:first:{page.view.unit}"
    layout = base_layout(scheme, height, left, right, revision, bottom=0) | {
        "xaxis": time_axis(scheme, time.ticks, longest, page.view.unit, FROM_FIRST_DOSE),
        "yaxis": axis(scheme, "Patients with a first event")
        | {
            "range": [-0.01 * top, top],
            "tickformat": ".0%",
            "showgrid": True,
            "gridcolor": INKS[scheme].grid,
            "domain": [bottom, 1],
        },
        "yaxis2": table_axis(labels, table_top, scheme),
        "annotations": legend_line(arms, scheme)
        if compact
        else end_labels(spots, 0, top, plot * (1 - bottom)),
    }
    layout["annotations"] += names
    return {"data": traces, "layout": layout}


def prevalence_figure(page: SafetyPage, time: SafetyTime, scheme: str, compact: bool) -> Figure:
    """Of those still watched, how many have an event going on: one panel per arm, by grade."""
    arms = [a for a in page.arms if any(p.arm == a.name for p in time.prevalence)]
    by_arm = {p.arm: p for p in time.prevalence}
    longest = max(float(p.time[-1]) for p in time.prevalence)
    top = max(float(np.nanmax(p.share.sum(axis=0), initial=0.0)) for p in time.prevalence)
    top = min(max(1.12 * top, 0.05), 1.0)
    rows, columns = (len(arms), 1) if compact else (1, len(arms))
    height = TOP_MARGIN + 34 + (CHART_HEIGHT if rows == 1 else 250 * rows) + AXIS_HEIGHT
    layout = base_layout(scheme, height, 62, 16, f"{page.study.sha256[:12]}:prevalence")
    layout["margin"]["t"] = TOP_MARGIN + 34
    layout["annotations"] = []
    width = (1 - _GAP * (columns - 1)) / columns
    traces: list[dict[str, Any]] = []
    for i, arm in enumerate(arms):
        suffix = "" if i == 0 else str(i + 1)
        left = 0.0 if compact else i * (width + _GAP)
        low = 1 - (i + 1) / rows + 0.09 if compact else 0.0
        high = 1 - i / rows - 0.05 if compact else 1.0
        layout[f"xaxis{suffix}"] = time_axis(
            scheme, time.ticks, longest, page.view.unit, FROM_FIRST_DOSE
        ) | {"domain": [left, left + width], "anchor": f"y{suffix}"}
        layout[f"yaxis{suffix}"] = axis(scheme, "Of those watched" if i == 0 else "") | {
            "domain": [low, high],
            "range": [0, top],
            "tickformat": ".0%",
            "showgrid": True,
            "gridcolor": INKS[scheme].grid,
            "anchor": f"x{suffix}",
            "showticklabels": compact or i == 0,
        }
        layout["annotations"].append(
            {
                "text": f"<b>{short(arm.name, 28)}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": left,
                "y": high,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": text_color(arm.color, scheme)},
            }
        )
        traces += _stack(page, by_arm[arm.name], arm, suffix, scheme)
    layout["annotations"].append(_levels_legend(page, time, scheme))
    return {"data": traces, "layout": layout}


def _levels_legend(page: SafetyPage, time: SafetyTime, scheme: str) -> dict[str, Any]:
    """The shades of the levels that occur, from mild to worst, in neutral ink."""
    ink = INKS[scheme].text
    labels = page.severity.labels if page.severity else ()
    seen = [any(p.counts[i].any() for p in time.prevalence) for i in range(len(labels))]
    parts = [
        f'<span style="color:{translucent(ink, shade)}">■</span> {label}'
        for label, shade, there in zip(labels, shades(len(labels)), seen, strict=True)
        if there
    ]
    return {
        "text": "   ".join(parts),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 22,
        "showarrow": False,
        "font": {"size": 12, "color": ink},
    }


def _stack(
    page: SafetyPage, found: Prevalence, arm: Arm, suffix: str, scheme: str
) -> list[dict[str, Any]]:
    """Areas from worst (at the bottom) to mild."""
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    labels = [*(page.severity.labels if page.severity else ()), UNGRADED_LABEL]
    opacity = [*shades(len(labels) - 1), 0.12]
    order = [*range(len(labels) - 2, -1, -1), len(labels) - 1]
    color = line_color(arm.color, scheme)
    shared = {"x": listed(found.time), "mode": "lines", "line": {"width": 0.8, "color": color}}
    shared |= axes
    base = np.zeros(len(found.time))
    traces = [shared | {"y": listed(base), "hoverinfo": "skip", "meta": "base"}]
    for level in order:
        if not np.nansum(found.share[level]):
            continue
        base = base + found.share[level]
        traces.append(
            shared
            | {
                "y": listed(base),
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
                "hovertemplate": "%{customdata}",
                "meta": "prevalence",
            }
        )
    return traces
