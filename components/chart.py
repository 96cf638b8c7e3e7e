"""What every time chart shares: neutral layout, axes, names at the curves' ends."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from components.theme import CHART_FONT, FONT, INKS, translucent
from services.arrays import FloatArray
from services.names import isolated
from services.numbers import format_number
from services.pages.survival.records import SurvivalPage
from services.text_width import text_width

if TYPE_CHECKING:
    from services.study.model import Arm

Figure = dict[str, Any]
EMPTY_PIXELS = 10  # of the place of a chart that draws nothing
EMPTY_FIGURE: Figure = {"data": [], "layout": {"height": EMPTY_PIXELS}}

CHART_HEIGHT = 360
AXIS_HEIGHT = 58
TOP_MARGIN = 16
# The narrowest charts: of a phone, and of a window that is no longer narrow (700 px).
NARROW_PIXELS, WIDE_PIXELS = 320, 635
TICK_SIZE = 12
TITLE_LETTERS = 34  # in one line

# Plotly's own dashes leave gaps as long as a step.
DASHES = {"dash": "7px,3px", "dot": "2px,2px", "dashdot": "7px,2px,2px,2px"}


def base_layout(
    scheme: str, height: int, left: int, right: int, revision: str, bottom: int = AXIS_HEIGHT
) -> dict[str, Any]:
    """Layout without axes.

    Parameters
    ----------
    scheme : "light" or "dark"
    height, left, right, bottom : pixels
    revision : a toggle that leaves it as it is keeps the reader's zoom
    """
    ink = INKS[scheme]
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": TOP_MARGIN, "b": bottom},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": CHART_FONT, "color": ink.text, "size": 13},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": ink.surface,
            "bordercolor": ink.axis,
            "font": {"color": ink.text, "family": CHART_FONT, "size": 12},
        },
        "dragmode": "zoom",
        "uirevision": revision,
    }


# There is room for all labels: Plotly would lay out the page to measure each.
UNMEASURED = {"ticklabeloverflow": "allow"}


def axis(scheme: str, title: str = "", grid: bool = False) -> dict[str, Any]:
    """An axis in neutral ink; ``grid`` draws the lines that values are read off."""
    ink = INKS[scheme]
    lines = {"showgrid": True, "gridcolor": ink.grid} if grid else {"showgrid": False}
    return {
        **lines,
        "zeroline": False,
        "linecolor": ink.axis,
        "tickcolor": ink.axis,
        "tickfont": {"color": ink.muted, "size": 12},
        **UNMEASURED,
        "title": {"text": wrapped(title), "font": {"size": 13, "color": ink.muted}, "standoff": 8},
    }


def still_layout(scheme: str, height: int, margin: Mapping[str, int]) -> dict[str, Any]:
    """Layout without axes of a figure that cannot be zoomed, in the page's own font."""
    ink = INKS[scheme]
    return {
        "height": height,
        "margin": dict(margin),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": ink.text, "size": 12},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": ink.surface, "font": {"color": ink.text, "family": FONT}},
    }


def still_axis(scheme: str, title: str, **more: Any) -> dict[str, Any]:
    """An axis of such a figure; ``more`` are further properties of it."""
    ink = INKS[scheme]
    return {
        "linecolor": ink.axis,
        "tickcolor": ink.axis,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": ink.muted, "size": 12},
        **UNMEASURED,
        "title": {"text": title, "font": {"size": 12, "color": ink.muted}},
        **more,
    }


def still_time(scheme: str, title: str, **more: Any) -> dict[str, Any]:
    """The time axis of such a figure."""
    made = still_axis(scheme, title, showgrid=False, showline=True, ticks="outside", **more)
    made["title"]["standoff"] = 6
    return made


def annotation(
    text: str, x: float, y: float, size: float, color: str, **more: Any
) -> dict[str, Any]:
    """Words in a figure, from a point to the right; places are shares of the plot.

    Parameters
    ----------
    more : other properties of Plotly's annotation; ``None`` takes one away
    """
    made = {"text": text, "x": x, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper"}
    made |= {"showarrow": False, "font": {"size": size, "color": color}} | more
    return {name: value for name, value in made.items() if value is not None}


def rule(
    x: tuple[float, float], y: tuple[float, float], color: str, width: float = 1, **more: Any
) -> dict[str, Any]:
    """A straight line from (x[0], y[0]) to (x[1], y[1]); ``more`` are properties of the shape."""
    line = {"color": color, "width": width} | more.pop("line", {})
    ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    return {"type": "line", **ends, "line": line, **more}


def joined(shapes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same shapes, all straight lines of one look as one: Plotly takes long over each.

    >>> [s.get("path") for s in joined([rule((0, 1), (y, y), "red") for y in (2, 3)])]
    ['M0,2L1,2M0,3L1,3']
    """
    ends = ("x0", "x1", "y0", "y1")
    made: dict[str, dict[str, Any]] = {}
    for i, shape in enumerate(shapes):
        if shape["type"] != "line":
            made[str(i)] = dict(shape)
            continue
        look = {name: value for name, value in shape.items() if name not in ends}
        x0, x1, y0, y1 = (shape[end] for end in ends)
        line = made.setdefault(repr(look), look | {"type": "path", "path": ""})
        line["path"] += f"M{x0},{y0}L{x1},{y1}"
    return list(made.values())


def area(x: tuple[float, float], y: tuple[float, float], fill: str, **more: Any) -> dict[str, Any]:
    """A rectangle without an edge; ``more`` are properties of the shape."""
    ends = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    return {"type": "rect", **ends, "line": {"width": 0}, "fillcolor": fill, **more}


def band(
    shared: Mapping[str, Any],
    lower: FloatArray,
    upper: FloatArray,
    color: str,
    opacity: float = 0.16,
    shape: str = "linear",
) -> list[dict[str, Any]]:
    """The two traces of an interval's edges, the space between them filled.

    Parameters
    ----------
    shared : what both have, "x" among it; shape : "hv" for steps
    """
    edge = {**shared, "mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "shape": shape}}
    filled = {"fill": "tonexty", "fillcolor": translucent(color, opacity), "meta": "band"}
    return [edge | {"y": listed(lower)}, edge | {"y": listed(upper)} | filled]


def time_axis(
    scheme: str,
    ticks: Sequence[float],
    longest: float,
    unit: str,
    origin: str,
    numbered: Sequence[int] | None = None,
) -> dict[str, Any]:
    """The time axis, with its ticks where the table under it has its numbers.

    Parameters
    ----------
    ticks : times that are marked
    numbered : indices of the ticks that have their number; all when ``None``
    origin : what the time is counted from; no title without it
    """
    title = f"{unit.capitalize()} from {origin}" if origin else ""
    told = set(range(len(ticks)) if numbered is None else numbered)
    # A day is 0.003 years; a short axis needs its digits in any unit.
    digits = ".1f" if longest >= 10 and unit != "years" else ".3f" if longest < 1 else ".2f"
    return axis(scheme, title) | {
        "range": [-0.015 * longest, longest * 1.012],
        "tickvals": list(ticks),
        "ticktext": [format_number(t) if i in told else "" for i, t in enumerate(ticks)],
        "tickangle": 0,
        "showline": True,
        "ticks": "outside",
        "anchor": "y",
        "hoverformat": digits,
        "unifiedhovertitle": {"text": f"<b>%{{x:{digits}}} {unit}</b>"},
    }


def time_axis_of(
    page: SurvivalPage, scheme: str, numbered: Sequence[int], origin: bool = True
) -> dict[str, Any]:
    """The time axis of a page's endpoint; ``origin`` says what its times are counted from."""
    start = time_origin(page) if origin else ""
    return time_axis(scheme, page.ticks, time_end(page), page.view.unit, start, numbered)


def step_line(arm: Arm, color: str) -> dict[str, Any]:
    """How the curve of an arm is drawn, in steps."""
    dash = DASHES.get(arm.dash, arm.dash)
    return {"color": color, "width": 2.4, "shape": "hv", "dash": dash}


def numbered_ticks(
    ticks: Sequence[float],
    ends: tuple[float, float],
    pixels: float,
    columns: Sequence[Sequence[str]] = (),
    logarithmic: bool = False,
) -> list[int]:
    """Which ticks can have their number, and the numbers under it, without touching.

    Parameters
    ----------
    ends : of the axis, which takes ``pixels``
    columns : lines of texts under the ticks, one text per tick
    logarithmic : then the ticks are not evenly apart

    Examples
    --------
    >>> numbered_ticks([0, 1, 2, 3, 4], (0, 4), 40)
    [0, 2, 4]
    """
    texts = [[format_number(t) for t in ticks], *columns]
    wide = [max(text_width(line[i], TICK_SIZE) for line in texts) for i in range(len(ticks))]
    inside = [i for i, t in enumerate(ticks) if ends[0] <= t <= ends[1] * (1 + 1e-9)]
    low, high = (math.log10(e) if logarithmic else e for e in ends)

    def at(i: int) -> float:
        value = math.log10(ticks[i]) if logarithmic else ticks[i]
        return (value - low) / (high - low) * pixels

    def fit(kept: Sequence[int]) -> bool:
        return all(at(b) - at(a) >= (wide[a] + wide[b]) / 2 + 7 for a, b in pairwise(kept))

    if logarithmic:
        kept: list[int] = []
        for i in inside:
            kept += [i] if fit([*kept[-1:], i]) else []
        return kept
    every = next((k for k in range(1, len(inside)) if fit(inside[::k])), max(len(inside), 1))
    return inside[::every]


def wrapped(text: str) -> str:
    """Break a long title in two, at the space nearest its middle."""
    if len(text) <= TITLE_LETTERS:
        return text
    spaces = [i for i, character in enumerate(text) if character == " "]
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2), default=0)
    return f"{text[:middle]}<br>{text[middle + 1 :]}" if middle else text


def listed(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Numbers as JSON has them: what is not finite breaks the line."""
    numbers = np.asarray(values, dtype=float)
    made: list[float | None] = numbers.tolist()
    for i in np.flatnonzero(~np.isfinite(numbers)):
        made[i] = None
    return made


# Plotly reads these as formatting, line breaks, links and places for values.
_MARKUP = re.compile(r"<(?=/?[A-Za-z])|&(?=#?\w+;)|%(?=\{)")


def plain(text: str) -> str:
    """A study's own words as Plotly is to show them: as they are, whatever they look like.

    >>> plain("<b>Drug</b>"), plain("AGE < 65 & up")
    ('&lt;b>Drug&lt;/b>', 'AGE < 65 & up')
    """
    return _MARKUP.sub(
        lambda found: f"&#{ord(found[0])};" if found[0] != "<" else "&lt;", isolated(text)
    )


def short(name: str, most: int = 13) -> str:
    """A name cut to fit, and ``plain``.

    >>> short("Xanomeline High Dose")
    'Xanomeline H…'
    """
    return plain(name if len(name) <= most else name[: most - 1].rstrip() + "…")


def hover_line(name: str, color: str, value: str = "%{customdata}") -> str:
    """One arm's line in the hover of all arms: a swatch, its name, what it is there."""
    return f'<span style="color:{color}">■</span> {plain(name)}: {value}<extra></extra>'


def note(text: str, scheme: str, bottom: bool = True) -> dict[str, Any]:
    """A small remark inside the chart, at its lower or upper left."""
    side, lift = ("bottom", 4) if bottom else ("top", -4)
    place = {"yref": "y domain", "yanchor": side, "xshift": 8, "yshift": lift}
    return annotation(text, 0, 0 if bottom else 1, 11, INKS[scheme].muted, **place)


def time_end(page: SurvivalPage) -> float:
    """Where the time axis ends: as asked for, else the study's last time of the endpoint."""
    assert page.result is not None
    last = page.last_time or max(float(c.time[-1]) for c in page.result.curves)
    return page.view.xmax or last


def time_origin(page: SurvivalPage) -> str:
    """What times are counted from, as far as the study says."""
    origin = page.study.metadata.time_origin or "start of observation"
    return f"{page.view.since} after {origin}" if page.view.since else origin


def extras(page: SurvivalPage) -> tuple[object, ...]:
    """What belongs to the plot a page shows, one record per arm or level."""
    return page.extra if isinstance(page.extra, tuple) else ()


def is_empty(figure: Figure) -> bool:
    """Whether there is nothing to draw: its place is hidden."""
    return figure["layout"] == EMPTY_FIGURE["layout"] and not figure["data"]
