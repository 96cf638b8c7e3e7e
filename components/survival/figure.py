"""The survival chart with its table of numbers at risk, as one Plotly figure.

The figure is a plain dict: Plotly's own classes would take longer to check it than we take to
compute it. Everything drawn comes from the page record.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from components import chart
from components.at_risk import (
    HEADING_INSET,
    MANY_ARMS,
    ROWS,
    counted,
    over_table,
    table_rows,
)
from components.curve_names import End, curve_names
from components.studio.figure import USUAL, Canvas
from components.survival.adjusted import adjusted_lines
from components.survival.axes import (
    first_event,
    guide_lines,
    log_time,
    on_log_time,
    transform,
    value_axis,
    value_range,
)
from components.theme import INKS, line_color
from services.arrays import FloatArray
from services.format import level as level_words
from services.format import p_equals, percent, ratio_interval, share_interval
from services.format import ratio as ratio_words
from services.pages.survival.records import SurvivalPage
from services.statistics.results import Curve
from services.text_width import fold

if TYPE_CHECKING:
    from services.study.model import Arm
    from services.views.study import View

FEW_AT_RISK = 10
HOVER_POINTS = 121
TICK_PIXELS = 9  # height of a censored patient's tick

_LIGHTER = "Lighter line: fewer than 10 patients, or 10% of the {}, at risk"
_DOTTED = "Dotted: adjusted curves (everyone’s factors); numbers at risk are not weighted"


def thin_from(curve: Curve) -> float:
    """The time from which fewer than 10 patients, or 10% of the arm, remain at risk.

    What follows rests on too few to be read closely. The curve's end if that never happens.
    """
    few = curve.at_risk < max(FEW_AT_RISK, 0.1 * curve.n)
    # At risk at a time are those since the time before it.
    first = max(int(np.argmax(few)) - 1, 0)
    return float(curve.time[first]) if few.any() else float(curve.time[-1])


def survival_figure(
    page: SurvivalPage,
    scheme: str = "light",
    compact: bool = False,
    pixels: int = 0,
    canvas: Canvas = USUAL,
) -> chart.Figure:
    """The chart of a page that has a result.

    Parameters
    ----------
    scheme : "light" or "dark", for the neutral colors
    compact : only the numbers at risk under the chart, for narrow screens
    pixels : the least width it is shown in, if it is not that of a page's only chart
    canvas : what the file of an image asks of it
    """
    pixels = pixels or (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS)
    view = page.view
    curves = in_display_order(page)
    arms = [arm for _, arm in curves]
    draw = transform(view.scale)
    longest = chart.time_end(page)
    ends = max(float(c.time[-1]) for c, _ in curves)
    low, high = value_range(view.scale, [c for c, _ in curves], longest, canvas.range)
    logarithmic = view.scale == "log-log"
    if logarithmic:  # its axis has no 0, nor an end before the first event
        longest = longest or 1.0
    left = 74 if compact else 92
    names = curve_names(
        [_end(c, a, draw, low, high, longest) for c, a in curves],
        arms, low, high, canvas.height, scheme, compact, left, pixels,
    )  # fmt: skip
    traces: list[dict[str, Any]] = []
    for curve, arm in curves:
        traces += curve_traces(curve, arm, page.view, scheme, tick_height(low, high, canvas.height))
    traces += adjusted_lines(page, scheme, draw)
    # The hover names them from the upper curve to the lower; where there are bands Plotly turns
    # the order of the traces around.
    turned = any(trace.get("fill") for trace in traces)
    for curve, arm in sorted(curves, key=lambda pair: _last(pair[0], draw), reverse=not turned):
        traces.append(_hover_trace(curve, arm, page, draw, ends, line_color(arm.color, scheme)))
    begin = min(longest, *(first_event(c) for c, _ in curves)) * 0.8 if logarithmic else 0.0
    room = pixels - left - names.right
    short = compact or len(arms) > MANY_ARMS
    shown = canvas.rows or (ROWS[:1] if short else ROWS)
    counts = [[str(v) for v in row] for t in page.at_risk for row in counted(t, shown)]
    numbered = chart.numbered_ticks(page.ticks, (begin, longest), room, counts, logarithmic)
    rows, labels, heads = table_rows(
        page.at_risk, arms, page.ticks, short, scheme, left, numbered, pixels, shown
    )
    traces += rows
    thin = any(thin_from(c) < min(float(c.time[-1]), longest) for c, _ in curves)
    room = pixels - HEADING_INSET
    told = [_LIGHTER.format(page.side)] if thin else []
    told += [_DOTTED] if page.adjustment and page.adjustment.curves else []
    wide = min(room, 240) if compact else room
    remark = [line for text in told for line in fold(text, wide, 11)]
    labels += [""] * len(remark)
    # A toggle keeps the zoom, a new endpoint, time unit or scale does not.
    revision = f"{page.study.sha256[:12]}:{view.endpoint}:{view.unit}:{view.scale}:{view.xmax}"
    time = chart.time_axis_of(page, scheme, numbered)
    time |= log_time(begin, longest) if logarithmic else {}
    value = value_axis(view.scale, page.endpoint, low, high, scheme, canvas.fraction)
    layout = over_table(labels, names, time, value, left, scheme, revision, canvas.height)
    layout["annotations"] = [
        on_log_time(a) if logarithmic and "xref" not in a else a for a in names.annotations
    ] + heads
    layout["shapes"] += guide_lines(page, curves, draw, low, begin, INKS[scheme].axis)
    if canvas.inside and page.made_up is None:
        across = pixels - left - names.right
        layout["annotations"].append(compared(page, canvas.inside, scheme, across))
    if remark:
        layout["annotations"].append(
            {
                **chart.note("<br>".join(remark), scheme),
                "align": "left",
                "yref": "y2",
                "y": len(labels) - (len(remark) + 1) / 2,
                "yanchor": "middle",
                "xshift": HEADING_INSET - left,
                "yshift": 0,
            }
        )
    return {"data": traces, "layout": layout}


def compared(
    page: SurvivalPage, inside: Collection[str], scheme: str, pixels: float
) -> dict[str, Any]:
    """Hazard ratio ("hr") and p of the log-rank test ("p") as words where curves leave room."""
    assert page.result is not None
    words = level_words(page.view.level)
    kinds = {"unstratified": "Log-rank", "stratified": "Stratified log-rank"}
    lines: list[str] = []
    for item in page.result.comparisons:
        ratio, test = item.lead_hazard_ratio, item.lead_log_rank
        name = "Cause-specific hazard ratio" if page.endpoint.competing else "Hazard ratio"
        limits = f" ({words} CI {ratio_interval(ratio.lower, ratio.upper)})" if ratio else ""
        said = {
            "hr": f"{name} {ratio_words(ratio.estimate if ratio else None)}{limits}",
            "p": f"{kinds[item.leading]} {p_equals(test.p if test else None)}",
        }
        asked = [said[part] for part in said if part in inside]
        many = len(page.result.comparisons) > 1
        lines += [f"{item.arm} versus {item.reference}:"] if many else []
        lines += asked
    lines = [chart.plain(part) for line in lines for part in fold(line, pixels - 16, 11)]
    top = page.view.scale != "survival"
    return chart.note("<br>".join(lines), scheme, bottom=not top) | {"align": "left"}


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
    name = chart.plain(arm.name)
    shared = {"legendgroup": name, "hoverinfo": "skip", "mode": "lines", "name": name}
    shared |= dict(axes or {})
    traces: list[dict[str, Any]] = []
    if "bands" not in view.hide:
        known = np.isfinite(curve.lower[steps]) & np.isfinite(curve.upper[steps])
        # Limits hold until the next step, also until the one to 0, which has none of its own.
        until = np.flatnonzero(known)[-1:] + 1
        at = np.append(steps[known], steps[until[until < len(steps)]])
        lower, upper = (held(draw(side[at])) for side in (curve.lower, curve.upper))
        traces += chart.band(
            shared | {"x": chart.listed(time[at])}, lower, upper, color, shape="hv"
        )
    line_of = held(draw(curve.survival[steps]))
    thin = thin_from(curve)
    cut = int(np.searchsorted(time[steps], thin, side="right"))
    line = chart.step_line(arm, color)
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
            | {"x": chart.listed(x), "y": chart.listed(y)}
            | {"line": line, "opacity": opacity, "meta": meta}
        )
    censored = np.flatnonzero(curve.n_censor > 0)
    if "censors" not in view.hide and len(censored):
        # One line with gaps: a marker for each patient would take a third of the drawing time.
        x, y = time[censored], draw(curve.survival[censored])
        gap = np.full(len(x), np.nan)
        traces.append(
            shared
            | {
                "x": chart.listed(np.column_stack([x, x, gap]).ravel()),
                "y": chart.listed(np.column_stack([y - tick / 2, y + tick / 2, gap]).ravel()),
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
    met = np.unique(at)
    values = (side[met].tolist() for side in (curve.survival, curve.lower, curve.upper))
    steps = {
        step: f"{percent(s)} ({words} CI {share_interval(lo, hi)})"
        if math.isfinite(lo) and math.isfinite(hi)
        else percent(s)
        for step, s, lo, hi in zip(met.tolist(), *values, strict=True)
    }
    left = (curve.n - gone).tolist()
    texts = [f"{steps[s]}, {r} at risk" for s, r in zip(at.tolist(), left, strict=True)]
    return {
        "x": chart.listed(grid),
        "y": chart.listed(draw(curve.survival[at])),
        "customdata": texts,
        "mode": "lines",
        "line": {"width": 0, "color": color},
        "name": chart.plain(arm.name),
        "hovertemplate": chart.hover_line(arm.name, color),
        "meta": "hover",
    }
