"""The model of states as a small diagram: a box each, and on every arrow how many went that way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import chart
from components.theme import INKS, line_color, state_look
from services.text_width import fold

HEIGHT = 236
_BOX = {False: (62, 23), True: (44, 23)}  # half of a box's width and height in pixels, and narrow
_MARGIN = 10
_EDGE = 1.5  # a box's line stands half outside it, and what is outside the chart is cut off

Moves = Mapping[tuple[int, int], Sequence[tuple[str, int]]]  # (from, to) -> (color, number) an arm


def diagram(states: Sequence[str], moves: Moves, scheme: str, compact: bool) -> chart.Figure:
    """Living states in a row, death under them.

    Parameters
    ----------
    states : their names, three or four; the last is death
    moves : how many went each way, per arm in its color; those that nobody went are drawn lighter
    """
    ink = INKS[scheme]
    pixels = (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 2 * _MARGIN
    half, tall = _BOX[compact]
    living = len(states) - 1
    places = [
        ((half + _EDGE) / pixels + (1 - 2 * (half + _EDGE) / pixels) * i / (living - 1), 0.62)
        for i in range(living)
    ]
    places.append((0.5, 0.12))
    layout = chart.base_layout(scheme, HEIGHT, _MARGIN, _MARGIN, "diagram", bottom=4)
    layout["margin"]["t"] = 4
    hidden = {"visible": False, "range": [0, 1], "fixedrange": True}
    layout |= {"xaxis": dict(hidden), "yaxis": dict(hidden), "hovermode": False, "dragmode": False}
    layout["shapes"], layout["annotations"] = [], []
    high = HEIGHT - 8
    for i, (name, (x, y)) in enumerate(zip(states, places, strict=True)):
        color = line_color(state_look(i, len(states))[0], scheme)
        # As wide as its share of the chart, so that arrows meet it on any screen.
        box: dict[str, Any] = {"type": "rect", "xref": "x", "yref": "y"}
        box |= {"x0": x - half / pixels, "x1": x + half / pixels}
        box |= {"y0": y - tall / high, "y1": y + tall / high}
        box |= {"line": {"color": color, "width": 2}, "fillcolor": ink.surface, "layer": "below"}
        layout["shapes"].append(box)
        lines = fold(name, 2 * half - 6, 12, bold=True)
        layout["annotations"].append(
            _words("<br>".join(f"<b>{chart.plain(t)}</b>" for t in lines), x, y, ink.text)
        )
    for (a, b), told in moves.items():
        color = ink.axis if any(n for _, n in told) else ink.grid
        start, end = places[a], places[b]
        if b - a > 1 and b < living:  # over the state between them
            arc, label = _over(start, end, tall, high)
            layout["shapes"].append(arc | {"line": {"color": color, "width": 1.5}})
            tip = (end[0], end[1] + (tall + 12) / high)
            layout["annotations"].append(_arrow(tip, (end[0], end[1] + tall / high), color))
        else:
            first, last = _edges(start, end, half, tall, pixels, high, b == living)
            layout["annotations"].append(_arrow(first, last, color))
            share = 0.5 if b < living else 0.42
            # Where boxes stand close, the number stands over the gap, clear of their lines.
            over = tall + 12 if compact else 11
            lift = over / high if b < living else 0.0
            x, y = (p + share * (q - p) for p, q in zip(first, last, strict=True))
            label = (x, y + lift)
        numbers = " · ".join(f'<span style="color:{c}">{n:,}</span>' for c, n in told)
        layout["annotations"].append(
            _words(f"<b>{numbers}</b>", label[0], label[1], ink.text, ink.surface)
        )
    # A chart without a trace is taken for an empty one.
    point = {
        "x": [0.5],
        "y": [0.5],
        "mode": "markers",
        "marker": {"opacity": 0},
        "hoverinfo": "skip",
    }
    return {"data": [point], "layout": layout}


def _words(text: str, x: float, y: float, color: str, behind: str | None = None) -> dict[str, Any]:
    place = {"xref": "x", "yref": "y", "xanchor": "center", "yanchor": "middle", "bgcolor": behind}
    return chart.annotation(text, x, y, 12, color, **place)


def _arrow(start: tuple[float, float], end: tuple[float, float], color: str) -> dict[str, Any]:
    return {
        "text": "",
        "x": end[0],
        "y": end[1],
        "ax": start[0],
        "ay": start[1],
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "showarrow": True,
        "arrowhead": 2,
        "arrowsize": 1.1,
        "arrowwidth": 1.5,
        "arrowcolor": color,
    }


def _edges(
    start: tuple[float, float],
    end: tuple[float, float],
    half: float,
    tall: float,
    pixels: float,
    high: float,
    down: bool,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow leaves one box and meets the other."""
    if not down:
        gap = (half + 3) / pixels
        return (start[0] + gap, start[1]), (end[0] - gap, end[1])
    aside = (start[0] - end[0]) * 0.5
    reach = min(abs(aside), half * 0.8 / pixels) * (1 if aside > 0 else -1)
    return (start[0], start[1] - tall / high), (end[0] + reach, end[1] + tall / high)


def _over(
    start: tuple[float, float], end: tuple[float, float], tall: float, high: float
) -> tuple[dict[str, Any], tuple[float, float]]:
    """A path over the boxes, and where its number stands."""
    low = start[1] + tall / high
    top = low + 44 / high
    near = end[1] + (tall + 10) / high
    path = f"M {start[0]},{low} C {start[0]},{top} {end[0]},{top} {end[0]},{near}"
    return {"type": "path", "path": path, "xref": "x", "yref": "y"}, (
        (start[0] + end[0]) / 2,
        low + 0.78 * (top - low),
    )
