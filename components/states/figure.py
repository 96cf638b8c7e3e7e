"""Where patients are over time: stacked areas per arm, or a line per arm and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from components import chart
from components.at_risk import ROW_HEIGHT, table_axis
from components.curve_names import Sample, legend
from components.panels import Grid, Panel, Words, columns_of, grid, head, place_axes
from components.theme import INKS, line_color, state_look, text_color, translucent
from services import format as fmt
from services.names import isolated
from services.pages.states.records import StatesOf, StatesPage
from services.statistics.states.records import StateCurves, StatesAt
from services.text_width import text_width

if TYPE_CHECKING:
    from services.study.model import Arm

LEFT, RIGHT = 118, 16
PANEL_HEIGHT, _LOWEST = 250, 110  # usual, and with which it can be read
_LABEL = 12  # size of a name inside an area


@dataclass(frozen=True)
class _Part:
    """One small chart: what stands over it, and the lines of numbers under it."""

    words: list[Words]
    rows: list[tuple[str, str, tuple[int, ...]]]  # label, color, a number per tick


def states_figure(
    page: StatesPage, scheme: str, compact: bool, stacked: bool = False, more: int = 0
) -> chart.Figure:
    """The chart that the view asks for, or an empty one where there is nothing to draw.

    Parameters
    ----------
    stacked : the arms stand one under the other though the screen is not as narrow as a phone
    more : pixels by which it is to be higher than usual; below 0: less high
    """
    if page.reason is not None or page.whole is None:
        return chart.EMPTY_FIGURE
    if page.view.stateplot == "lines":
        return _lines(page, scheme, compact, more)
    return _areas(page, scheme, compact, stacked, more)


def _end(page: StatesPage) -> float:
    return page.view.xmax or page.last_time


# --- stacked areas --------------------------------------------------------------------------------


def _areas(page: StatesPage, scheme: str, compact: bool, stacked: bool, more: int) -> chart.Figure:
    """A panel per arm (and level), the same axes, free of the event at the bottom."""
    panels = [(group, *pair) for group in page.groups for pair in _in_order(page, group)]
    across = 1 if stacked else len(page.arms) if 1 < len(page.arms) < 4 else 0
    arms = {arm.name: arm for arm in page.arms}
    parts = []
    for group, curve, marks in panels:
        arm = arms[curve.arm]
        words = _level_words(page, group, scheme)
        words.append(
            (f"{isolated(arm.name)} (n = {curve.n:,})", text_color(arm.color, scheme), True)
        )
        rows = []
        for i, state in enumerate(page.states):
            color = text_color(state_look(i, len(page.states))[0], scheme)
            rows.append((_short(state), color, tuple(m.at_risk[i] for m in marks)))
        parts.append(_Part(words, rows))
    names = [
        Sample(state, state_look(i, len(page.states))[0]) for i, state in enumerate(page.states)
    ]
    figure, made = _frame(page, parts, names, scheme, compact, across, more, area=True)
    for (_, curve, _), panel in zip(panels, made.panels, strict=True):
        figure["data"] += _stacked(page, curve, panel, scheme)
        figure["layout"]["annotations"] += _inside(page, curve, panel, scheme, made)
    return figure


def _stacked(
    page: StatesPage, curve: StateCurves, panel: Panel, scheme: str
) -> list[dict[str, Any]]:
    axes = {"xaxis": f"x{panel.suffix}", "yaxis": f"y{panel.suffix}"}
    time, shares = _held(curve)
    base = np.zeros(len(time))
    shared = {"x": chart.listed(time), "mode": "lines", **axes}
    edge = {"line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    traces: list[dict[str, Any]] = [shared | edge | {"y": chart.listed(base)}]
    for i, state in enumerate(page.states):
        base = base + shares[:, i]
        color, pattern = state_look(i, len(page.states))
        color = line_color(color, scheme)
        traces.append(
            shared
            | {
                "y": chart.listed(np.minimum(base, 1.0)),
                "line": {"width": 1.2, "color": color, "shape": "hv"},
                "fill": "tonexty",
                "fillcolor": translucent(color, 0.45),
                "fillpattern": {
                    "shape": pattern,
                    "fgcolor": translucent(color, 0.9),
                    "bgcolor": translucent(color, 0.3),
                    "size": 7,
                    "solidity": 0.2,
                },
                "name": chart.plain(state),
                "customdata": [fmt.percent(float(v)) for v in shares[:, i]],
                "hovertemplate": chart.hover_line(state, color),
                "meta": "probability",
            }
        )
        if not pattern:
            del traces[-1]["fillpattern"]
    return traces


def _held(curve: StateCurves) -> tuple[Any, Any]:
    """Times and probabilities: a curve of one time ends there."""
    if len(curve.time) > 1:
        return curve.time, curve.probability
    return np.repeat(curve.time, 2), np.repeat(curve.probability, 2, axis=0)


def _inside(
    page: StatesPage, curve: StateCurves, panel: Panel, scheme: str, of: Grid
) -> list[dict[str, Any]]:
    """The name of each state where its area is high enough for it."""
    end = _end(page)
    tall = (panel.y[1] - panel.y[0]) * of.height
    made = []
    grid_of = np.linspace(0, min(end, float(curve.time[-1])), 60)
    at = np.searchsorted(curve.time, grid_of, side="right") - 1
    top = np.cumsum(curve.probability, axis=1)
    for i, state in enumerate(page.states):
        words = _short(state)
        half = text_width(words, _LABEL, bold=True) / 2 + 4
        reach = max(int(np.ceil(half / of.width * end / max(grid_of[-1], 1e-9) * 59)), 1)
        if 2 * reach + 1 > 60:
            continue
        high, low = top[at, i], top[at, i] - curve.probability[at, i]
        best, place = 0.0, None
        for j in range(reach, 60 - reach):
            window = slice(j - reach, j + reach + 1)
            room = float(high[window].min() - low[window].max())
            if room > best + 0.01:
                best = room
                place = (float(grid_of[j]), float((high[window].min() + low[window].max()) / 2))
        if place is None or best * tall < _LABEL + 5:
            continue
        where: dict[str, Any] = {"xref": f"x{panel.suffix}", "yref": f"y{panel.suffix}"}
        where |= {"xanchor": "center", "yanchor": "middle"}
        text = f"<b>{chart.plain(words)}</b>"
        surface = translucent(INKS[scheme].surface, 0.75)
        made.append(
            chart.annotation(
                text, *place, _LABEL, INKS[scheme].text, **where, bgcolor=surface, borderpad=1
            )
        )
    return made


# --- lines ----------------------------------------------------------------------------------------


def _lines(page: StatesPage, scheme: str, compact: bool, more: int) -> chart.Figure:
    """A panel per state (and level), every arm on its axes, with intervals."""
    arms = {arm.name: arm for arm in page.arms}
    several = len(page.states)
    parts, drawn = [], []
    for group in page.groups:
        for i, state in enumerate(page.states):
            words = _level_words(page, group, scheme)
            words.append((state, text_color(state_look(i, several)[0], scheme), True))
            rows = []
            for curve, marks in _in_order(page, group):
                color = text_color(arms[curve.arm].color, scheme)
                whole = text_width(curve.arm, 12) < LEFT - 20
                label = chart.short(curve.arm, len(curve.arm) if whole else 14)
                rows.append((label, color, tuple(m.at_risk[i] for m in marks)))
            parts.append(_Part(words, rows))
            drawn.append((group, i))
    names = [arms[c.arm] for c, _ in _in_order(page, page.groups[0])]
    figure, made = _frame(page, parts, names, scheme, compact, 2, more, area=False)
    for (group, i), panel in zip(drawn, made.panels, strict=True):
        axes = {"xaxis": f"x{panel.suffix}", "yaxis": f"y{panel.suffix}"}
        for curve in group.curves:
            figure["data"] += _line(curve, i, arms[curve.arm], scheme, axes)
    return figure


def _line(
    curve: StateCurves, state: int, arm: Arm, scheme: str, axes: dict[str, str]
) -> list[dict[str, Any]]:
    color = line_color(arm.color, scheme)
    time, shares = _held(curve)
    shared = {"x": chart.listed(time), **axes}
    lower, upper = (np.resize(v[:, state], len(time)) for v in (curve.lower, curve.upper))
    known = ~np.isnan(lower)
    # Nobody is there yet: the band begins at 0.
    lower, upper = (np.where(known, v, shares[:, state]) for v in (lower, upper))
    said = [
        f"{fmt.percent(float(v))} ({fmt.share_interval(float(a), float(b))})"
        if k
        else fmt.percent(float(v))
        for v, a, b, k in zip(shares[:, state], lower, upper, known, strict=True)
    ]
    return [
        *chart.band(shared, lower, upper, color, shape="hv"),
        shared
        | {
            "y": chart.listed(shares[:, state]),
            "mode": "lines",
            "line": {
                "width": 2.2,
                "color": color,
                "shape": "hv",
                "dash": chart.DASHES.get(arm.dash, arm.dash),
            },
            "name": chart.plain(arm.name),
            "customdata": said,
            "hovertemplate": chart.hover_line(arm.name, color),
            "meta": "probability",
        },
    ]


# --- what both share ------------------------------------------------------------------------------


def _in_order(page: StatesPage, group: StatesOf) -> list[tuple[StateCurves, tuple[StatesAt, ...]]]:
    """The arms as on every page, experimental ones first, with what is known at each tick."""
    found = {c.arm: (c, m) for c, m in zip(group.curves, group.marks, strict=True)}
    return [found[arm.name] for arm in page.arms if arm.name in found]


def _level_words(page: StatesPage, group: StatesOf, scheme: str) -> list[Words]:
    """The level whose patients a panel is of."""
    if not page.facets:
        return []
    column = page.study.columns.get(page.view.facet)
    label = isolated(group.label)
    what = f"{isolated(column.label)}: {label}" if column else label
    return [(what, INKS[scheme].text, True)]


def _short(state: str) -> str:
    """A state beside a line of numbers and inside its area."""
    return (
        state.partition(",")[0]
        .replace("Free of progression", "Free")
        .replace("First-line treatment", "On treatment")
    )


def _frame(
    page: StatesPage,
    parts: Sequence[_Part],
    names: Sequence[Any],
    scheme: str,
    compact: bool,
    across: int,
    more: int,
    *,
    area: bool,
) -> tuple[chart.Figure, Grid]:
    """Axes, heads, key and numbers of all panels; what is drawn in them comes after."""
    end = _end(page)
    foot = chart.AXIS_HEIGHT + ROW_HEIGHT * max(len(p.rows) for p in parts) + 12
    rows = -(-len(parts) // columns_of(len(parts), compact, across))
    panel_height = max(PANEL_HEIGHT + more // rows, _LOWEST)
    made = grid([p.words for p in parts], compact, panel_height, foot, LEFT + RIGHT, across)
    pixels = (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 20
    key = legend(names, scheme, pixels, LEFT, area=area)
    view = page.view
    revision = (
        f"{page.study.sha256[:12]}:states:{view.unit}:{view.xmax}:{view.facet}:{view.stateplot}"
    )
    layout = chart.base_layout(scheme, made.height + key.top, LEFT, RIGHT, revision, 0)
    layout["margin"]["t"] = key.top
    layout |= {"annotations": key.annotations, "shapes": key.shapes}
    counts = [[f"{n:,}" for n in numbers] for p in parts for _, _, numbers in p.rows]
    numbered = chart.numbered_ticks(page.ticks, (0, end), made.width, counts)
    origin = page.study.metadata.time_origin or "start of observation"
    traces: list[dict[str, Any]] = []
    for i, (part, panel) in enumerate(zip(parts, made.panels, strict=True)):
        title = "Probability in state" if panel.column == 0 else ""
        time = chart.time_axis(
            scheme, page.ticks, end, view.unit, origin if panel.lowest else "", numbered
        )
        value = chart.axis(scheme, title, grid=True) | {"range": [0, 1.0], "tickformat": ".0%"}
        place_axes(layout, panel, time, value)
        layout["annotations"].append(head(panel, made.heads[i]))
        under = len(parts) + i + 1
        numbers, axis = _numbers(page, part, panel, under, made.height, scheme, numbered)
        layout[f"yaxis{under}"] = axis
        traces += numbers
    return {"data": traces, "layout": layout}, made


def _numbers(
    page: StatesPage,
    part: _Part,
    panel: Panel,
    axis: int,
    height: int,
    scheme: str,
    numbered: Sequence[int],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Patients under observation in each state (or arm), under the ticks."""
    top = panel.y[0] - chart.AXIS_HEIGHT / height
    labels = [label if panel.column == 0 else "" for label, _, _ in part.rows]
    traces = [
        {
            "x": [page.ticks[i] for i in numbered],
            "y": [line] * len(numbered),
            "text": [f"{numbers[i]:,}" for i in numbered],
            "mode": "text",
            "textfont": {"size": 12, "color": color},
            "xaxis": f"x{panel.suffix}",
            "yaxis": f"y{axis}",
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
            "name": f"{label}: patients",
            "meta": "table",
        }
        for line, (label, color, numbers) in enumerate(part.rows)
    ]
    place = {
        "domain": [max(top - ROW_HEIGHT * len(part.rows) / height, 0.0), top],
        "anchor": f"x{panel.suffix}",
    }
    return traces, table_axis(labels, top, scheme) | place
