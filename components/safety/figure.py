"""Charts of adverse events: percentages beside differences, and the butterfly by grade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import chart
from components.curve_names import legend, lifted
from components.theme import INKS, line_color
from services import format as fmt
from services.adverse_events.records import EventRow
from services.names import isolated
from services.pages.safety.records import SafetyPage
from services.statistics.results import Estimate
from services.text_width import fold, text_width

if TYPE_CHECKING:
    from services.study.model import Arm

ROWS, ROWS_COMPACT = 20, 12
BUTTERFLY_ROWS = 15
ROW, ROW_OF_TWO, ROW_COMPACT = 25, 31, 40
_TERM = 11  # size of a term, in one line or two
SYMBOLS = (("circle", "●"), ("diamond", "◆"), ("square", "■"), ("triangle-up", "▲"), ("x", "✕"))
EFFECT_SHORT = {"difference": "Difference, points", "ratio": "Risk ratio", "odds": "Odds ratio"}
EFFECT_TITLES = {
    "difference": "Difference, percentage points",
    "ratio": "Risk ratio",
    "odds": "Odds ratio",
}
UNGRADED_LABEL = "No grade"
_TOP = 34
LEGEND = 22
_BOTTOM = 48
# From mild to worst, whatever the number of levels.
_SHADES = (0.22, 0.42, 0.62, 0.82, 1.0)


def symbol(index: int) -> tuple[str, str]:
    """Plotly's symbol of an arm and the same as a character."""
    return SYMBOLS[index % len(SYMBOLS)]


def shades(count: int) -> tuple[float, ...]:
    """Opacity of each level of severity, from mild to worst.

    >>> shades(3)
    (0.22, 0.62, 1.0)
    """
    if count < 2:
        return (1.0,) * count
    return tuple(_SHADES[round(i * 4 / (count - 1))] for i in range(count))


def dot_figure(page: SafetyPage, scheme: str, compact: bool) -> chart.Figure:
    """Percent of each arm with each term, and beside it the difference with its interval."""
    rows = page.leading[: ROWS_COMPACT if compact else ROWS]
    layout = row_layout(page, rows, scheme, compact, f"dots:{page.view.effect}")
    split = 0.56 if page.pair else 1.0
    top = max((c.percent or 0.0 for row in rows for c in row.arms.values()), default=0.0)
    layout["xaxis"] = chart.axis(scheme, "Patients, %", grid=True) | {
        "fixedrange": True,
        "domain": [0, split],
        "range": [-0.02 * max(top, 5.0), max(top, 5.0) * 1.06],
    }
    traces = [_dots(page, rows, i, arm, scheme) for i, arm in enumerate(page.arms)]
    traces.insert(0, _spans(rows, scheme))
    above = 0
    if page.pair:
        traces += _effects(page, rows, scheme, layout, split + 0.05, compact)
        above = 15 * (layout["annotations"][-1]["text"].count("<br>") + 1)
    names = legend(
        page.arms,
        scheme,
        (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 20,
        layout["margin"]["l"],
        symbols=[symbol(i)[1] for i in range(len(page.arms))],
    )
    # Above what the effects say, unless both fit a line.
    layout["annotations"] += [lifted(a, above) for a in names.annotations]
    more = names.top + above - _TOP + 12
    layout["margin"]["t"] += more
    layout["height"] += more
    return {"data": traces, "layout": layout}


def row_layout(
    page: SafetyPage, rows: Sequence[EventRow], scheme: str, compact: bool, name: str
) -> dict[str, Any]:
    """One line per term; on narrow screens its name stands above the line."""
    ink = INKS[scheme]
    terms = ["<br>".join(map(chart.plain, _two_lines(row.label))) for row in rows]
    wide = ROW_OF_TWO if any("<br>" in t for t in terms) else ROW
    height = _TOP + _BOTTOM + max(len(rows), 1) * (ROW_COMPACT if compact else wide)
    widest = max((text_width(t, _TERM) for row in rows for t in _two_lines(row.label)), default=0)
    left = 14 if compact else int(18 + widest)
    layout = chart.base_layout(
        scheme, height, left, 18, f"{page.study.sha256[:12]}:{name}", _BOTTOM
    )
    layout["margin"]["t"] = _TOP
    layout["hovermode"] = "closest"
    layout["dragmode"] = False
    places = list(range(len(rows)))
    layout["yaxis"] = {
        "range": [len(rows) - 0.45, -0.75 if compact else -0.55],
        "tickvals": [] if compact else places,
        "ticktext": [] if compact else terms,
        "tickfont": {"size": _TERM, "color": ink.text},
        **chart.UNMEASURED,
        "showgrid": not compact,
        "gridcolor": ink.grid,
        "zeroline": False,
        "fixedrange": True,
    }
    firsts = [fold(row.label, chart.NARROW_PIXELS - 24, 12)[:1] for row in rows if compact]
    layout["annotations"] = [
        chart.annotation(chart.plain(" ".join(line)), 0, i - 0.42, 12, ink.text, yref=None)
        for i, line in enumerate(firsts)
    ]
    return layout


def _two_lines(label: str) -> list[str]:
    """A term in one line or two; what is longer ends in an ellipsis, and is whole in the hover."""
    lines = fold(label, 190, _TERM)
    return lines if len(lines) < 3 else [lines[0], f"{lines[1]}…"]


def _spans(rows: Sequence[EventRow], scheme: str) -> dict[str, Any]:
    """A thin line from the arm with the lowest percentage to that with the highest."""
    x: list[float | None] = []
    y: list[float | None] = []
    for i, row in enumerate(rows):
        shares = [c.percent for c in row.arms.values() if c.percent is not None]
        if len(shares) > 1:
            x += [min(shares), max(shares), None]
            y += [i, i, None]
    line = {"color": INKS[scheme].axis, "width": 1.5}
    return {"x": x, "y": y, "mode": "lines", "line": line, "hoverinfo": "skip", "meta": "span"}


def _percent(percent: float | None) -> str:
    return fmt.share(None if percent is None else percent / 100)


def _dots(
    page: SafetyPage, rows: Sequence[EventRow], index: int, arm: Arm, scheme: str
) -> dict[str, Any]:
    counts = [row.arms[arm.name] for row in rows]
    return {
        "x": [c.percent for c in counts],
        "y": list(range(len(rows))),
        "mode": "markers",
        "marker": {
            "symbol": symbol(index)[0],
            "size": 10,
            "color": line_color(arm.color, scheme),
        },
        "name": chart.plain(arm.name),
        "customdata": [
            [chart.plain(row.label), c.subjects, page.n[arm.name], _percent(c.percent), c.events]
            for row, c in zip(rows, counts, strict=True)
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} of %{customdata[2]}"
        f" (%{{customdata[3]}}%) on {chart.plain(arm.name)},"
        " %{customdata[4]} events<extra></extra>",
        "meta": "percent",
    }


def _scaled(page: SafetyPage, value: float | None) -> float | None:
    factor = 100 if page.view.effect == "difference" else 1
    return None if value is None else factor * value


def _effects(
    page: SafetyPage,
    rows: Sequence[EventRow],
    scheme: str,
    layout: dict[str, Any],
    start: float,
    compact: bool,
) -> list[dict[str, Any]]:
    assert page.pair is not None
    ink = INKS[scheme]
    ratio = page.view.effect != "difference"
    known = [(i, row.effect) for i, row in enumerate(rows) if row.effect is not None]
    limits = [
        v
        for _, e in known
        for v in (_scaled(page, e.lower), _scaled(page, e.estimate), _scaled(page, e.upper))
        if v is not None and (v > 0 or not ratio)
    ]
    if ratio:
        low = min([*limits, 0.5]) / 1.15
        high = max([*limits, 2.0]) * 1.15
        # A limit of 30 times tells a reader no more than "very wide".
        low, high = max(low, 0.02), min(high, 50.0)
    else:
        low, high = min([*limits, 0.0]) - 3, max([*limits, 0.0]) + 3
    xs: list[float | None] = []
    ys: list[float | None] = []
    for i, effect in known:
        left, right = _scaled(page, effect.lower), _scaled(page, effect.upper)
        if left is None and right is None:
            continue
        # A limit that does not exist runs on to the edge.
        xs += [_inside(left, low, high, low), _inside(right, low, high, high), None]
        ys += [i, i, None]
    shown = [(i, e, _scaled(page, e.estimate)) for i, e in known]
    shown = [(i, e, v) for i, e, v in shown if v is not None and (v > 0 or not ratio)]
    shared = {"xaxis": "x2", "yaxis": "y"}
    none = 1.0 if ratio else 0.0
    title = (EFFECT_SHORT if compact else EFFECT_TITLES)[page.view.effect]
    place = {"fixedrange": True, "domain": [start, 1], "anchor": "y"}
    layout["xaxis2"] = chart.axis(scheme, title, grid=True) | place
    if ratio:
        ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
        layout["xaxis2"] |= {
            "type": "log",
            "range": [math.log10(low), math.log10(high)],
            "tickvals": [t for t in ticks if low <= t <= high],
            "ticktext": [f"{t:g}" for t in ticks if low <= t <= high],
        }
    else:
        layout["xaxis2"]["range"] = [low, high]
    layout["shapes"] = [chart.rule((none, none), (0, 1), ink.text, xref="x2", yref="paper")]
    more = fold(f"More on {isolated(page.pair[0])} →", 130 if compact else 190, 11)
    said = "<br>".join(map(chart.plain, more))
    place = {"align": "right", "xanchor": "right", "yanchor": "bottom", "yshift": 4}
    layout["annotations"].append(chart.annotation(said, 1, 1, 11, ink.muted, **place))
    return [
        shared
        | {
            "x": xs,
            "y": ys,
            "mode": "lines",
            "line": {"color": ink.text, "width": 1.8},
            "hoverinfo": "skip",
            "meta": "interval",
        },
        shared
        | {
            "x": [v for _, _, v in shown],
            "y": [i for i, _, _ in shown],
            "mode": "markers",
            "marker": {"symbol": "square", "size": 7, "color": ink.text},
            "customdata": [[chart.plain(rows[i].label), effect_text(page, e)] for i, e, _ in shown],
            "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            "meta": "effect",
        },
    ]


def _inside(value: float | None, low: float, high: float, otherwise: float) -> float:
    return otherwise if value is None else min(max(value, low), high)


def effect_text(page: SafetyPage, effect: Estimate) -> str:
    """ "+11.1 (+6.1 to +19.3)" points, or a ratio; "NE" where there is none."""
    if page.view.effect == "difference":
        if effect.estimate is None or effect.lower is None or effect.upper is None:
            return fmt.NOT_ESTIMABLE
        limits = fmt.points_interval(effect.lower, effect.upper)
        return f"{fmt.points(effect.estimate)} ({limits})"
    return f"{fmt.ratio(effect.estimate)} ({fmt.ratio_interval(effect.lower, effect.upper)})"
