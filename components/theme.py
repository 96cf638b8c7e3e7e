"""Colors and settings that every chart and page shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Fonts of one set of widths (services/text_width.py): a chart is the same on every machine.
CHART_FONT = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# One config for every graph. "Share chart" uploads the figure to a third party: it stays off.
GRAPH_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "displayModeBar": False,
    "doubleClick": False,  # assets/zoom.js does it
    "scrollZoom": False,
    "showTips": False,  # "Double-click to zoom back out": there is a button (assets/zoom.js)
}


@dataclass(frozen=True)
class Ink:
    """A chart's neutral colors on a light or a dark page."""

    text: str
    muted: str
    grid: str
    axis: str
    surface: str


INKS = {
    "light": Ink("#1b1f24", "#566070", "#e6e9ee", "#9aa3b0", "#ffffff"),
    "dark": Ink("#e8eaee", "#aab2c0", "#333943", "#6c7685", "#1b1e24"),
}

# The darker Okabe-Ito hues fall below 3:1 against a dark page: these are the same hues, lighter.
_ON_DARK = {
    "#0072B2": "#4FB0E8",
    "#D55E00": "#F08A45",
    "#009E73": "#35C79B",
    "#CC79A7": "#E09BC3",
    "#6A3D9A": "#B48BE8",
    "#B0123F": "#F06A8C",
    "#4D545E": "#C3C9D2",
    # Types of event.
    "#882255": "#E0779F",
    "#332288": "#9A90EA",
    "#AA4499": "#DB86CC",
    "#117733": "#58BE7C",
}
# Text needs 4.5:1, a line only 3:1: these are the same hues, darker, for labels on white.
_TEXT_ON_LIGHT = {
    "#D55E00": "#B34E00",
    "#009E73": "#007A59",
    "#CC79A7": "#A34B7D",
    "#56B4E9": "#1F78AC",
    "#E69F00": "#8F6200",
    "#DDAA33": "#8A6410",
    "#44AA99": "#1F7A6B",
}

# From free of the event to death: hues of no arm, and a pattern each for print in gray.
_STATES = (("#44AA99", ""), ("#DDAA33", "/"), ("#882255", "x"), ("#7A828E", "."))


def state_look(state: int, states: int) -> tuple[str, str]:
    """Color and fill pattern of a state by its place among ``states`` (3 or 4)."""
    return _STATES[-1 if state == states - 1 else state]


def line_color(color: str, scheme: str) -> str:
    """The arm's color as drawn on a page of this scheme ("light" or "dark")."""
    return _ON_DARK.get(color, color) if scheme == "dark" else color


def text_color(color: str, scheme: str) -> str:
    """The arm's color as text on a page of this scheme."""
    return line_color(color, scheme) if scheme == "dark" else _TEXT_ON_LIGHT.get(color, color)


def translucent(color: str, opacity: float) -> str:
    """ "#0072B2" with an opacity, as rgba().

    >>> translucent("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
