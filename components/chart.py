"""What every time chart shares: neutral layout, axes, names at the curves' ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.theme import FONT, INKS, text_color
from services.page_records import SurvivalPage
from services.study import Arm
from services.view import format_number

Figure = dict[str, Any]

CHART_HEIGHT = 360
AXIS_HEIGHT = 58
TOP_MARGIN = 16
LEGEND_CHARACTERS = 36

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
        "font": {"family": FONT, "color": ink.text, "size": 13},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": ink.surface,
            "bordercolor": ink.axis,
            "font": {"color": ink.text, "family": FONT, "size": 12},
        },
        "dragmode": "zoom",
        "uirevision": revision,
    }


def axis(scheme: str, title: str = "") -> dict[str, Any]:
    """An axis in neutral ink."""
    ink = INKS[scheme]
    return {
        "showgrid": False,
        "zeroline": False,
        "linecolor": ink.axis,
        "tickcolor": ink.axis,
        "tickfont": {"color": ink.muted, "size": 12},
        "title": {"text": wrapped(title), "font": {"size": 13, "color": ink.muted}, "standoff": 8},
    }


def time_axis(
    scheme: str, ticks: Sequence[float], longest: float, unit: str, title: str = "{unit} from start"
) -> dict[str, Any]:
    """The time axis, with its ticks where the table under it has its numbers."""
    return axis(scheme, title.format(unit=unit.capitalize())) | {
        "range": [-0.015 * longest, longest * 1.012],
        "tickvals": list(ticks),
        "ticktext": [format_number(t) for t in ticks],
        "showline": True,
        "ticks": "outside",
        "anchor": "y",
        "hoverformat": ".1f",
        "unifiedhovertitle": {"text": f"<b>%{{x:.1f}} {unit}</b>"},
    }


def wrapped(text: str, most: int = 34) -> str:
    """Break a long title in two, at the space nearest its middle."""
    if len(text) <= most:
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
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};" if found[0] != "<" else "&lt;", text)


def short(name: str, most: int = 13) -> str:
    """A name cut to fit, and ``plain``.

    >>> short("Xanomeline High Dose")
    'Xanomeline H…'
    """
    return plain(name if len(name) <= most else name[: most - 1].rstrip() + "…")


def label_margin(names: Sequence[str]) -> int:
    """Pixels right of the chart for the names at the curves' ends."""
    return int(min(24 + 7.6 * max(len(short(name, 22)) for name in names), 190))


def end_labels(
    spots: Sequence[tuple[float, float, str, str]], low: float, high: float, pixels: float
) -> list[dict[str, Any]]:
    """Each curve's name at its end, moved apart where two would overlap.

    Parameters
    ----------
    spots : (x, y, name, colour) of each end
    low, high : range of the axis that takes ``pixels``
    """
    gap = 17 / max(pixels, 1) * (high - low)
    previous = high + gap
    result = []
    for x, value, name, color in sorted(spots, key=lambda spot: -spot[1]):
        y = previous = min(value, previous - gap)
        result.append(
            {
                "text": f"<b>{short(name, 22)}</b>",
                "x": x,
                "y": y,
                "xanchor": "left",
                "xshift": 7,
                "showarrow": False,
                "font": {"color": color, "size": 13},
            }
        )
    return result


def legend_line(arms: Sequence[Arm], scheme: str) -> list[dict[str, Any]]:
    """On narrow screens the names stand above the chart, in as few lines as they need."""
    lines, room = [""], 0
    for arm in arms:
        name = short(arm.name, 22)
        if room + len(name) > LEGEND_CHARACTERS and lines[-1]:
            lines.append("")
            room = 0
        color = text_color(arm.color, scheme)
        lines[-1] += f'<b><span style="color:{color}">{name}</span></b>   '
        room += len(name) + 3
    text = "<br>".join(lines)
    place: dict[str, Any] = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1}
    place |= {"align": "left"}
    return [{**place, "text": text, "yanchor": "bottom", "showarrow": False, "font": {"size": 12}}]


def note(text: str, scheme: str, bottom: bool = True) -> dict[str, Any]:
    """A small remark inside the chart, at its lower or upper left."""
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "y domain",
        "y": 0 if bottom else 1,
        "yanchor": "bottom" if bottom else "top",
        "xshift": 8,
        "yshift": 4 if bottom else -4,
        "showarrow": False,
        "font": {"size": 11, "color": INKS[scheme].muted},
    }


def time_end(page: SurvivalPage) -> float:
    """Where the time axis ends: as asked for, else the study's last time of the endpoint."""
    assert page.result is not None
    last = page.last_time or max(float(c.time[-1]) for c in page.result.curves)
    return page.view.xmax or last


def extras(page: SurvivalPage) -> tuple[object, ...]:
    """What belongs to the plot a page shows, one record per arm or level."""
    return page.extra if isinstance(page.extra, tuple) else ()
