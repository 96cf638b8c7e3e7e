"""The survival chart with its table of numbers at risk, as one Plotly figure.

The figure is a plain dict: Plotly's own classes would take longer to check it than we take to
compute it. Everything drawn comes from the page record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from components.theme import FONT, INKS, line_color, text_color, translucent
from services.format import level as level_words
from services.page_records import SurvivalPage
from services.records import Curve, FloatArray
from services.study import Arm
from services.view import format_number

Figure = dict[str, Any]

CHART_HEIGHT = 360
ROW_HEIGHT = 19
AXIS_HEIGHT = 58
TOP_MARGIN = 16
FEW_AT_RISK = 10
HOVER_POINTS = 181

# Plotly's own dashes leave gaps as long as a step.
DASHES = {"dash": "7px,3px", "dot": "2px,2px", "dashdot": "7px,2px,2px,2px"}

_SCALE_TITLES = {
    "survival": "{label}",
    "incidence": "Cumulative incidence (1 − survival)",
    "hazard": "Cumulative hazard",
    "log-log": "log(−log survival)",
}


def transform(scale: str) -> Callable[[FloatArray], FloatArray]:
    """How survival probabilities are drawn on a scale.

    "survival" as it is; "incidence" 1 - S; "hazard" -log S; "log-log" log(-log S). Values that
    have none (log of 0) are NaN: the line breaks there.
    """

    def hazard(s: FloatArray) -> FloatArray:
        safe = np.where(s > 0, s, np.nan)
        return np.asarray(np.abs(-np.log(safe)), dtype=float)

    def log_log(s: FloatArray) -> FloatArray:
        h = hazard(s)
        return np.asarray(np.log(np.where(h > 0, h, np.nan)), dtype=float)

    return {
        "survival": lambda s: s,
        "incidence": lambda s: 1 - s,
        "hazard": hazard,
        "log-log": log_log,
    }[scale]


def thin_from(curve: Curve) -> float:
    """The time from which fewer than 10 patients, or 10% of the arm, remain at risk.

    The rule of KMunicate (Morris 2019, doi 10.1136/bmjopen-2019-030215): what follows rests on
    too few to be read closely. The curve's end if that never happens.
    """
    few = curve.at_risk < max(FEW_AT_RISK, 0.1 * curve.n)
    return float(curve.time[int(np.argmax(few))]) if few.any() else float(curve.time[-1])


def survival_figure(page: SurvivalPage, scheme: str = "light", compact: bool = False) -> Figure:
    """The chart of a page that has a result.

    Parameters
    ----------
    scheme : "light" or "dark", for the neutral colours
    compact : only the numbers at risk under the chart, for narrow screens
    """
    assert page.result is not None
    ink, view = INKS[scheme], page.view
    curves = _in_display_order(page)
    draw = transform(view.scale)
    longest = view.xmax or max(float(c.time[-1]) for c, _ in curves)
    traces: list[dict[str, Any]] = []
    for curve, arm in curves:
        traces += _curve_traces(curve, arm, page, draw, scheme)
    rows, row_labels = _table_rows(page, curves, compact, scheme)
    traces += rows
    height = figure_height(page, compact)
    plot = height - TOP_MARGIN - AXIS_HEIGHT
    table_top = len(row_labels) * ROW_HEIGHT / plot
    chart_bottom = table_top + AXIS_HEIGHT / plot
    has_thin = any(thin_from(c) < min(float(c.time[-1]), longest) for c, _ in curves)
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": ink.axis,
        "tickcolor": ink.axis,
        "tickfont": {"color": ink.muted, "size": 12},
        "fixedrange": False,
    }
    low, high = _value_range(view.scale, curves, draw, longest)
    layout: dict[str, Any] = {
        "height": height,
        "margin": {
            "l": 92 if compact else 112,
            "r": 20 if compact else _label_margin(curves),
            "t": TOP_MARGIN,
            "b": 6,
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": ink.text, "size": 13},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": ink.surface,
            "bordercolor": ink.axis,
            "font": {"color": ink.text, "family": FONT, "size": 12},
        },
        "dragmode": "zoom",
        # A toggle keeps the zoom, a new time unit or scale does not.
        "uirevision": f"{page.study.sha256[:12]}:{view.endpoint}:{view.unit}:{view.scale}",
        "xaxis": axis
        | {
            "range": [-0.015 * longest, longest * 1.012],
            "tickvals": list(page.ticks),
            "ticktext": [format_number(t) for t in page.ticks],
            "showline": True,
            "ticks": "outside",
            "anchor": "y",
            "title": {
                "text": f"{view.unit.capitalize()} from start",
                "font": {"size": 13, "color": ink.muted},
                "standoff": 6,
            },
            "hoverformat": ".1f",
            "unifiedhovertitle": {"text": f"<b>%{{x:.1f}} {view.unit}</b>"},
        },
        "yaxis": axis
        | {
            "domain": [chart_bottom, 1],
            "range": [low, high],
            "showgrid": True,
            "gridcolor": ink.grid,
            "tickformat": ".0%" if view.scale in ("survival", "incidence") else "",
            "title": {
                "text": _wrapped(_SCALE_TITLES[view.scale].format(label=page.endpoint.label)),
                "font": {"size": 13, "color": ink.muted},
                "standoff": 8,
            },
        },
        "yaxis2": {
            "domain": [0, table_top],
            "range": [len(row_labels) - 0.5, -0.5],
            "tickvals": list(range(len(row_labels))),
            "ticktext": row_labels,
            "tickfont": {"size": 12, "color": ink.text},
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            # Room between a row's label and its first number.
            "ticks": "outside",
            "ticklen": 16,
            "tickcolor": "rgba(0,0,0,0)",
        },
        "annotations": _end_labels(curves, draw, (low, high), plot * (1 - chart_bottom), scheme)
        if not compact
        else _legend_labels(curves, scheme),
        "shapes": _guide_lines(page, curves, draw, ink.axis),
    }
    if has_thin:
        layout["annotations"].append(
            {
                "text": "Lighter: under 10 patients or 10% at risk"
                if compact
                else "Lighter line: fewer than 10 patients, or 10% of the arm, at risk",
                "xref": "paper",
                "x": 0,
                "xanchor": "left",
                "yref": "y domain",
                "y": 0 if view.scale == "survival" else 1,
                "yanchor": "bottom" if view.scale == "survival" else "top",
                "xshift": 8,
                "yshift": 4 if view.scale == "survival" else -4,
                "showarrow": False,
                "font": {"size": 11, "color": ink.muted},
            }
        )
    return {"data": traces, "layout": layout}


def figure_height(page: SurvivalPage, compact: bool) -> int:
    """Pixels: the chart plus one row per line of the table under it."""
    rows = len(page.at_risk) * (1 if compact else 4)
    return CHART_HEIGHT + AXIS_HEIGHT + TOP_MARGIN + rows * ROW_HEIGHT


def _in_display_order(page: SurvivalPage) -> list[tuple[Curve, Arm]]:
    assert page.result is not None
    by_name = {c.arm: c for c in page.result.curves}
    return [(by_name[a.name], a) for a in page.arms if a.name in by_name]


def _wrapped(text: str) -> str:
    """Break a long axis title in two, at the space nearest its middle."""
    if len(text) <= 34:
        return text
    spaces = [i for i, character in enumerate(text) if character == " "]
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2), default=0)
    return f"{text[:middle]}<br>{text[middle + 1 :]}" if middle else text


def _listed(values: Sequence[float] | np.ndarray) -> list[float | None]:
    return [None if v is None or not np.isfinite(v) else float(v) for v in values]


def _curve_traces(
    curve: Curve,
    arm: Arm,
    page: SurvivalPage,
    draw: Callable[[FloatArray], FloatArray],
    scheme: str,
) -> list[dict[str, Any]]:
    color = line_color(arm.color, scheme)
    time = curve.time
    steps = np.flatnonzero((curve.n_event > 0) | (np.arange(len(time)) == 0))
    steps = np.append(steps, len(time) - 1)  # the line runs on to the last time
    shared = {"legendgroup": arm.name, "hoverinfo": "skip", "mode": "lines", "name": arm.name}
    traces: list[dict[str, Any]] = []
    if "bands" not in page.view.hide:
        known = np.isfinite(curve.lower[steps]) & np.isfinite(curve.upper[steps])
        at = steps[known]
        edge = {"width": 0, "shape": "hv"}
        traces += [
            shared | {"x": _listed(time[at]), "y": _listed(draw(curve.lower[at])), "line": edge},
            shared
            | {
                "x": _listed(time[at]),
                "y": _listed(draw(curve.upper[at])),
                "line": edge,
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.16),
                "meta": "band",
            },
        ]
    thin = thin_from(curve)
    cut = int(np.searchsorted(time[steps], thin, side="right"))
    line = {"color": color, "width": 2.4, "shape": "hv", "dash": DASHES.get(arm.dash, arm.dash)}
    for part, opacity, meta in ((steps[:cut], 1.0, "curve"), (steps[cut:], 0.45, "thin")):
        if not len(part):
            continue
        x, y = time[part], draw(curve.survival[part])
        if meta == "thin" and cut:
            x = np.concatenate([[thin], x])
            y = np.concatenate([draw(curve.survival[steps[cut - 1 : cut]]), y])
        elif meta == "curve" and thin > time[part[-1]]:
            x, y = np.append(x, thin), np.append(y, y[-1])
        traces.append(
            shared
            | {"x": _listed(x), "y": _listed(y), "line": line, "opacity": opacity, "meta": meta}
        )
    censored = np.flatnonzero(curve.n_censor > 0)
    if "censors" not in page.view.hide and len(censored):
        traces.append(
            shared
            | {
                "x": _listed(time[censored]),
                "y": _listed(draw(curve.survival[censored])),
                "mode": "markers",
                "marker": {
                    "symbol": "line-ns-open",
                    "size": 8,
                    "color": color,
                    "line": {"width": 1.2},
                },
                "meta": "censored",
            }
        )
    traces.append(_hover_trace(curve, arm, page, draw, color))
    return traces


def _hover_trace(
    curve: Curve, arm: Arm, page: SurvivalPage, draw: Callable[[FloatArray], FloatArray], color: str
) -> dict[str, Any]:
    """Invisible points, the same times for every arm, so that one hover reads all of them."""
    end = max(float(c.time[-1]) for c, _ in _in_display_order(page))
    grid = np.linspace(0, end, HOVER_POINTS)
    grid = grid[grid <= float(curve.time[-1]) * (1 + 1e-9)]
    at = np.searchsorted(curve.time, grid * (1 + 1e-12), side="right") - 1
    before = np.searchsorted(curve.time, grid * (1 - 1e-12), side="left")
    gone = np.concatenate([[0], np.cumsum(curve.n_event + curve.n_censor)])[before]
    words = level_words(page.view.level)
    texts = [
        f"{100 * s:.1f}% ({words} CI {100 * lo:.1f} to {100 * hi:.1f}), {r} at risk"
        if np.isfinite(lo) and np.isfinite(hi)
        else f"{100 * s:.1f}%, {r} at risk"
        for s, lo, hi, r in zip(
            curve.survival[at], curve.lower[at], curve.upper[at], curve.n - gone, strict=True
        )
    ]
    return {
        "x": _listed(grid),
        "y": _listed(draw(curve.survival[at])),
        "customdata": texts,
        "mode": "lines",
        "line": {"width": 0, "color": color},
        "name": arm.name,
        "hovertemplate": "%{customdata}",
        "meta": "hover",
    }


def _table_rows(
    page: SurvivalPage, curves: Sequence[tuple[Curve, Arm]], compact: bool, scheme: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """Text traces of the table under the chart, and the labels of its rows."""
    ink = INKS[scheme]
    tables = {t.arm: t for t in page.at_risk}
    traces: list[dict[str, Any]] = []
    labels: list[str] = []
    for _, arm in curves:
        table = tables[arm.name]
        color = text_color(arm.color, scheme)
        lines = [("At risk", table.at_risk, ink.text)]
        if not compact:
            labels.append(f'<b><span style="color:{color}">{_short(arm.name)}</span></b>')
            lines += [
                ("Events", table.events, ink.muted),
                ("Censored", table.censored, ink.muted),
            ]
        for label, counts, shade in lines:
            if compact:
                label = f'<b><span style="color:{color}">{_short(arm.name, 11)}</span></b>'
            traces.append(
                {
                    "x": list(page.ticks),
                    "y": [len(labels)] * len(page.ticks),
                    "text": [str(v) for v in counts],
                    "mode": "text",
                    "textfont": {"size": 12, "color": shade},
                    "yaxis": "y2",
                    "hoverinfo": "skip",
                    "cliponaxis": False,
                    "showlegend": False,
                    "name": f"{arm.name}: {label}",
                    "meta": "table",
                }
            )
            labels.append(label)
    return traces, labels


def _short(name: str, most: int = 13) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _label_margin(curves: Sequence[tuple[Curve, Arm]]) -> int:
    longest = max(len(_short(a.name, 22)) for _, a in curves)
    return int(min(24 + 7.6 * longest, 190))


def _end_labels(
    curves: Sequence[tuple[Curve, Arm]],
    draw: Callable[[FloatArray], FloatArray],
    value_range: tuple[float, float],
    pixels: float,
    scheme: str,
) -> list[dict[str, Any]]:
    """Each arm's name at its curve's end, moved apart where they would overlap."""
    low, high = value_range
    spots: list[tuple[float, Curve, Arm]] = []
    for curve, arm in curves:
        drawn = draw(curve.survival)
        finite = drawn[np.isfinite(drawn)]
        spots.append((float(finite[-1]) if len(finite) else low, curve, arm))
    spots.sort(key=lambda spot: -spot[0])
    gap = 17 / max(pixels, 1) * (high - low)
    previous = high + gap
    result = []
    for value, curve, arm in spots:
        y = min(value, previous - gap)
        previous = y
        result.append(
            {
                "text": f"<b>{_short(arm.name, 22)}</b>",
                "x": float(curve.time[-1]),
                "y": y,
                "xanchor": "left",
                "xshift": 7,
                "showarrow": False,
                "font": {"color": text_color(arm.color, scheme), "size": 13},
            }
        )
    return result


def _legend_labels(curves: Sequence[tuple[Curve, Arm]], scheme: str) -> list[dict[str, Any]]:
    """On narrow screens the names stand in one line above the chart."""
    text = "   ".join(
        f'<b><span style="color:{text_color(a.color, scheme)}">{_short(a.name, 22)}</span></b>'
        for _, a in curves
    )
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1}
    return [{**place, "text": text, "yanchor": "bottom", "showarrow": False, "font": {"size": 12}}]


def _value_range(
    scale: str,
    curves: Sequence[tuple[Curve, Arm]],
    draw: Callable[[FloatArray], FloatArray],
    longest: float,
) -> tuple[float, float]:
    if scale == "survival":
        return 0.0, 1.02
    drawn = np.concatenate([draw(c.survival[c.time <= longest]) for c, _ in curves])
    edges = np.concatenate([draw(c.lower[c.time <= longest]) for c, _ in curves])
    finite = np.concatenate([drawn, edges])
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return 0.0, 1.0
    if scale == "log-log":
        return float(finite.min()) - 0.3, float(finite.max()) + 0.3
    top = float(finite.max()) * 1.05 or 0.1
    return -0.01 * top, min(top, 1.02) if scale == "incidence" else top


def _guide_lines(
    page: SurvivalPage,
    curves: Sequence[tuple[Curve, Arm]],
    draw: Callable[[FloatArray], FloatArray],
    color: str,
) -> list[dict[str, Any]]:
    """Dotted lines: to each median that is reached, and at each landmark."""
    line = {"color": color, "width": 1, "dash": "dot"}
    shapes: list[dict[str, Any]] = []
    half = float(draw(np.array([0.5]))[0])
    if "medians" not in page.view.hide:
        for curve, _ in curves:
            median = curve.median.estimate
            if median is None:
                continue
            shapes += [
                {"type": "line", "x0": 0, "x1": median, "y0": half, "y1": half, "line": line},
                {
                    "type": "line",
                    "x0": median,
                    "x1": median,
                    "y0": half,
                    "y1": 0,
                    "yref": "y",
                    "line": line,
                },
            ]
    if "landmarks" not in page.view.hide:
        shapes += [
            {
                "type": "line",
                "x0": t,
                "x1": t,
                "yref": "y domain",
                "y0": 0,
                "y1": 1,
                "line": {"color": color, "width": 1, "dash": "dash"},
                "opacity": 0.45,
                "layer": "below",
            }
            for t in page.view.at
        ]
    return shapes
