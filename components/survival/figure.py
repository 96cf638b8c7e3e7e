"""The survival chart with its table of numbers at risk, as one Plotly figure.

The figure is a plain dict: Plotly's own classes would take longer to check it than we take to
compute it. Everything drawn comes from the page record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from components.at_risk import HEADING_INSET, ROW_HEIGHT, table_axis, table_rows
from components.chart import (
    AXIS_HEIGHT,
    CHART_HEIGHT,
    DASHES,
    NARROW_PIXELS,
    TOP_MARGIN,
    WIDE_PIXELS,
    Figure,
    axis,
    base_layout,
    hover_line,
    listed,
    note,
    numbered_ticks,
    plain,
    time_axis,
    time_end,
    time_origin,
)
from components.curve_names import End, curve_names
from components.text_width import fold
from components.theme import INKS, line_color, translucent
from services.format import level as level_words
from services.format import percent, share_interval
from services.page_records import SurvivalPage
from services.pages import names
from services.records import Curve, FloatArray
from services.study import Arm, Endpoint
from services.view import View

FEW_AT_RISK = 10
HOVER_POINTS = 121
TICK_PIXELS = 9  # height of a censored patient's tick

_LIGHTER = "Lighter line: fewer than 10 patients, or 10% of the arm, at risk"


SCALE_TITLES = {
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

    What follows rests on too few to be read closely. The curve's end if that never happens.
    """
    few = curve.at_risk < max(FEW_AT_RISK, 0.1 * curve.n)
    # At risk at a time are those since the time before it.
    first = max(int(np.argmax(few)) - 1, 0)
    return float(curve.time[first]) if few.any() else float(curve.time[-1])


def survival_figure(
    page: SurvivalPage, scheme: str = "light", compact: bool = False, pixels: int = 0
) -> Figure:
    """The chart of a page that has a result.

    Parameters
    ----------
    scheme : "light" or "dark", for the neutral colours
    compact : only the numbers at risk under the chart, for narrow screens
    pixels : the least width it is shown in, if it is not that of a page's only chart
    """
    pixels = pixels or (NARROW_PIXELS if compact else WIDE_PIXELS)
    view = page.view
    curves = in_display_order(page)
    arms = [arm for _, arm in curves]
    draw = transform(view.scale)
    longest = time_end(page)
    ends = max(float(c.time[-1]) for c, _ in curves)
    low, high = value_range(view.scale, [c for c, _ in curves], longest)
    logarithmic = view.scale == "log-log"
    if logarithmic:  # its axis has no 0, nor an end before the first event
        longest = longest or 1.0
    left = 74 if compact else 92
    names = curve_names(
        [_end(c, a, draw, low, high, longest) for c, a in curves],
        arms, low, high, CHART_HEIGHT, scheme, compact, left, pixels,
    )  # fmt: skip
    traces: list[dict[str, Any]] = []
    for curve, arm in curves:
        traces += curve_traces(curve, arm, page.view, scheme, tick_height(low, high, CHART_HEIGHT))
    # The hover names them from the upper curve to the lower; where there are bands Plotly turns
    # the order of the traces around.
    turned = any(trace.get("fill") for trace in traces)
    for curve, arm in sorted(curves, key=lambda pair: _last(pair[0], draw), reverse=not turned):
        traces.append(_hover_trace(curve, arm, page, draw, ends, line_color(arm.color, scheme)))
    begin = min(longest, *(first_event(c) for c, _ in curves)) * 0.8 if logarithmic else 0.0
    room = pixels - left - names.right
    counts = [
        [str(v) for v in row]
        for t in page.at_risk
        for row in ([t.at_risk] if compact else [t.at_risk, t.events, t.censored])
    ]
    numbered = numbered_ticks(page.ticks, (begin, longest), room, counts, logarithmic)
    rows, labels, heads = table_rows(
        page.at_risk, arms, page.ticks, compact, scheme, left, numbered, pixels
    )
    traces += rows
    thin = any(thin_from(c) < min(float(c.time[-1]), longest) for c, _ in curves)
    room = pixels - HEADING_INSET
    remark = fold(_LIGHTER, min(room, 240) if compact else room, 11) if thin else []
    labels += [""] * len(remark)
    top = TOP_MARGIN + names.top
    height = CHART_HEIGHT + AXIS_HEIGHT + top + len(labels) * ROW_HEIGHT
    plot = height - top
    table_top = len(labels) * ROW_HEIGHT / plot
    chart_bottom = table_top + AXIS_HEIGHT / plot
    # A toggle keeps the zoom, a new endpoint, time unit or scale does not.
    revision = f"{page.study.sha256[:12]}:{view.endpoint}:{view.unit}:{view.scale}:{view.xmax}"
    layout = base_layout(scheme, height, left, names.right, revision, bottom=0) | {
        "xaxis": time_axis(scheme, page.ticks, longest, view.unit, time_origin(page), numbered)
        | (log_time(begin, longest) if logarithmic else {}),
        "yaxis": value_axis(view.scale, page.endpoint, low, high, scheme)
        | {"domain": [chart_bottom, 1]},
        "yaxis2": table_axis(labels, table_top, scheme),
        "annotations": [
            _on_log_time(a) if logarithmic and "xref" not in a else a for a in names.annotations
        ],
        "shapes": names.shapes + _guide_lines(page, curves, draw, low, begin, INKS[scheme].axis),
    }
    layout["margin"]["t"] = top
    layout["annotations"] += heads
    if thin:
        layout["annotations"].append(
            {
                **note("<br>".join(remark), scheme),
                "align": "left",
                "yref": "y2",
                "y": len(labels) - (len(remark) + 1) / 2,
                "yanchor": "middle",
                "xshift": HEADING_INSET - left,
                "yshift": 0,
            }
        )
    return {"data": traces, "layout": layout}


def first_event(curve: Curve) -> float:
    """The curve's first time of an event above 0, else half of its last time."""
    times = curve.time[(curve.n_event > 0) & (curve.time > 0)]
    return float(times[0]) if len(times) else float(curve.time[-1]) / 2 or 1.0


def log_time(begin: float, end: float) -> dict[str, Any]:
    """A logarithmic time axis, by convention that of log(-log survival)."""
    return {"type": "log", "range": [float(np.log10(begin)), float(np.log10(end * 1.02))]}


def _on_log_time(annotation: dict[str, Any]) -> dict[str, Any]:
    return annotation | {"x": float(np.log10(max(annotation["x"], 1e-12)))}


def value_axis(
    scale: str, endpoint: Endpoint | None, low: float, high: float, scheme: str
) -> dict[str, Any]:
    """The axis of survival, or of what it is drawn as."""
    title = ""
    if endpoint is not None:
        # "Time to ..." is no share of patients: then the axis says what they are.
        named = "survival" in endpoint.label.lower()
        label = plain(endpoint.label if named else names.capital(endpoint.short))
        title = SCALE_TITLES[scale].format(label=label)
        if endpoint.competing:
            title += f", {names.if_nothing_else(endpoint.competing)}"
    return axis(scheme, title) | {
        "range": [low, high],
        "showgrid": True,
        "gridcolor": INKS[scheme].grid,
        "tickformat": ".0%" if scale in ("survival", "incidence") else "",
    }


def in_display_order(page: SurvivalPage) -> list[tuple[Curve, Arm]]:
    """The curves there are, with their arms, as legends and tables have them."""
    assert page.result is not None
    by_name = {c.arm: c for c in page.result.curves}
    return [(by_name[a.name], a) for a in page.arms if a.name in by_name]


def _end(
    curve: Curve,
    arm: Arm,
    draw: Callable[[FloatArray], FloatArray],
    low: float,
    high: float,
    longest: float,
) -> End:
    """Where the drawn part of a curve ends."""
    shown = held(draw(curve.survival[curve.time <= longest * (1 + 1e-9)]))
    value = float(shown[-1]) if len(shown) and np.isfinite(shown[-1]) else low
    return End(min(float(curve.time[-1]), longest), min(max(value, low), high), arm)


def _last(curve: Curve, draw: Callable[[FloatArray], FloatArray]) -> float:
    value = float(held(draw(curve.survival))[-1])
    return value if np.isfinite(value) else -np.inf


def held(drawn: FloatArray) -> FloatArray:
    """Values that have none after the last that has one (log of 0) as that one.

    >>> held(np.array([np.nan, 1.0, np.nan]))
    array([nan,  1.,  1.])
    """
    finite = np.flatnonzero(np.isfinite(drawn))
    result = drawn.copy()
    if len(finite):
        result[finite[-1] :] = drawn[finite[-1]]
    return result


def tick_height(low: float, high: float, pixels: float) -> float:
    """Height of a censored patient's tick in units of an axis from low to high."""
    return TICK_PIXELS / pixels * (high - low)


def curve_traces(
    curve: Curve,
    arm: Arm,
    view: View,
    scheme: str,
    tick: float,
    axes: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """One arm's line, interval band and censor ticks.

    Parameters
    ----------
    tick : height of a censored patient's tick, as ``tick_height`` gives it
    axes : "xaxis" and "yaxis" of the traces, for small charts
    """
    draw = transform(view.scale)
    color = line_color(arm.color, scheme)
    time = curve.time
    steps = np.flatnonzero((curve.n_event > 0) | (np.arange(len(time)) == 0))
    steps = np.append(steps, len(time) - 1)  # the line runs on to the last time
    name = plain(arm.name)
    shared = {"legendgroup": name, "hoverinfo": "skip", "mode": "lines", "name": name}
    shared |= dict(axes or {})
    traces: list[dict[str, Any]] = []
    if "bands" not in view.hide:
        known = np.isfinite(curve.lower[steps]) & np.isfinite(curve.upper[steps])
        # Limits hold until the next step, also until the one to 0, which has none of its own.
        until = np.flatnonzero(known)[-1:] + 1
        at = np.append(steps[known], steps[until[until < len(steps)]])
        edge = {"width": 0, "shape": "hv"}
        traces += [
            shared
            | {"x": listed(time[at]), "y": listed(held(draw(curve.lower[at]))), "line": edge},
            shared
            | {
                "x": listed(time[at]),
                "y": listed(held(draw(curve.upper[at]))),
                "line": edge,
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.16),
                "meta": "band",
            },
        ]
    line_of = held(draw(curve.survival[steps]))
    thin = thin_from(curve)
    cut = int(np.searchsorted(time[steps], thin, side="right"))
    line = {"color": color, "width": 2.4, "shape": "hv", "dash": DASHES.get(arm.dash, arm.dash)}
    for part, opacity, meta in ((steps[:cut], 1.0, "curve"), (steps[cut:], 0.45, "thin")):
        if not len(part):
            continue
        x, y = time[part], line_of[np.isin(steps, part)]
        if meta == "thin" and cut:
            x = np.concatenate([[thin], x])
            y = np.concatenate([line_of[cut - 1 : cut], y])
        elif meta == "curve" and thin > time[part[-1]]:
            x, y = np.append(x, thin), np.append(y, y[-1])
        traces.append(
            shared
            | {"x": listed(x), "y": listed(y), "line": line, "opacity": opacity, "meta": meta}
        )
    censored = np.flatnonzero(curve.n_censor > 0)
    if "censors" not in view.hide and len(censored):
        # One line with gaps: a marker for each patient would take a third of the drawing time.
        x, y = time[censored], draw(curve.survival[censored])
        gap = np.full(len(x), np.nan)
        traces.append(
            shared
            | {
                "x": listed(np.column_stack([x, x, gap]).ravel()),
                "y": listed(np.column_stack([y - tick / 2, y + tick / 2, gap]).ravel()),
                "line": {"color": color, "width": 1.2},
                "meta": "censored",
            }
        )
    return traces


def _hover_trace(
    curve: Curve,
    arm: Arm,
    page: SurvivalPage,
    draw: Callable[[FloatArray], FloatArray],
    end: float,
    color: str,
) -> dict[str, Any]:
    """Invisible points, the same times for every arm, so that one hover reads all of them."""
    grid = np.linspace(0, end, HOVER_POINTS)
    grid = grid[grid <= float(curve.time[-1]) * (1 + 1e-9)]
    at = np.searchsorted(curve.time, grid * (1 + 1e-12), side="right") - 1
    before = np.searchsorted(curve.time, grid * (1 - 1e-12), side="left")
    gone = np.concatenate([[0], np.cumsum(curve.n_event + curve.n_censor)])[before]
    words = level_words(page.view.level)
    texts = [
        f"{percent(s)} ({words} CI {share_interval(lo, hi)}), {r} at risk"
        if np.isfinite(lo) and np.isfinite(hi)
        else f"{percent(s)}, {r} at risk"
        for s, lo, hi, r in zip(
            curve.survival[at], curve.lower[at], curve.upper[at], curve.n - gone, strict=True
        )
    ]
    return {
        "x": listed(grid),
        "y": listed(draw(curve.survival[at])),
        "customdata": texts,
        "mode": "lines",
        "line": {"width": 0, "color": color},
        "name": plain(arm.name),
        "hovertemplate": hover_line(arm.name, color),
        "meta": "hover",
    }


def value_range(scale: str, curves: Sequence[Curve], longest: float) -> tuple[float, float]:
    """Lower and upper end of the value axis up to the time ``longest``."""
    if scale == "survival":
        return 0.0, 1.02
    draw = transform(scale)
    seen = [
        np.concatenate([c.survival[c.time <= longest], c.lower[c.time <= longest]]) for c in curves
    ]
    drawn = draw(np.concatenate(seen))
    finite = drawn[np.isfinite(drawn)]
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
    low: float,
    begin: float,
    color: str,
) -> list[dict[str, Any]]:
    """Dotted lines: to each median that is reached, and at each landmark.

    Parameters
    ----------
    low : lower end of the value axis
    begin : where a line to a median begins on the time axis
    """
    line = {"color": color, "width": 1, "dash": "dot"}
    shapes: list[dict[str, Any]] = []
    half = float(draw(np.array([0.5]))[0])
    if "medians" not in page.view.hide:
        for curve, _ in curves:
            median = curve.median.estimate
            if median is None:
                continue
            shapes += [
                {"type": "line", "x0": begin, "x1": median, "y0": half, "y1": half, "line": line},
                {
                    "type": "line",
                    "x0": median,
                    "x1": median,
                    "y0": half,
                    "y1": min(low, 0.0),
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
            if t >= begin
        ]
    return shapes
