"""Icon arrays: per outcome and arm 100 patients, those with the outcome filled."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from components import chart
from components.theme import INKS, line_color, text_color
from services import format as fmt
from services import names
from services.names import isolated
from services.pages.benefit_risk.records import BenefitRiskPage, Outcome, OutcomeArm
from services.text_width import fold

if TYPE_CHECKING:
    from services.study.model import Arm

_SIDE = 10  # icons per line
_ROW, _ROW_COMPACT = 250, 145
_LOWEST = 110  # pixels of a hundred that can still be counted
_HEAD = 52


def drawn(page: BenefitRiskPage) -> bool:
    """Whether there is a share to draw."""
    shares = [a.share.estimate for o in page.outcomes for a in o.arms.values()]
    return page.reason is None and any(share is not None for share in shares)


def icons_figure(page: BenefitRiskPage, scheme: str, compact: bool, more: int = 0) -> chart.Figure:
    """Per outcome and arm 100 patients, those with the outcome filled.

    Parameters
    ----------
    more : pixels by which it is to be higher than usual; below 0: less high
    """
    if not drawn(page):
        return chart.EMPTY_FIGURE
    ink = INKS[scheme]
    outcomes = [o for o in page.outcomes if o.arms]
    usual = _ROW_COMPACT if compact else _ROW
    row = max(usual + more // max(len(outcomes), 1), _LOWEST)
    columns = len(page.arms)
    room = (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) / max(columns, 1) * 0.93
    apart = int(min(row, room) / _SIDE)
    captions = [[_caption(arm, o.arms[arm.name], room) for arm in page.arms] for o in outcomes]
    more = max((c.count("<br>") for line in captions for c in line), default=0)
    titles = [_title(o, page.view.unit, compact) for o in outcomes]
    head = _HEAD + 16 * (more + max((t.count("<br>") for t in titles), default=0))
    height = len(outcomes) * (row + head) + 20
    layout = chart.base_layout(scheme, height, 12, 12, f"{page.study.sha256[:12]}:icons", bottom=12)
    layout["hovermode"] = False
    layout["dragmode"] = False
    layout["annotations"], layout["shapes"] = [], []
    # No icon stands on an axis: Plotly takes a tenth of a second over 400 points on four of them.
    layout["xaxis"] = layout["yaxis"] = {"visible": False, "fixedrange": True, "range": [0, 1]}
    plot = height - layout["margin"]["t"] - 12
    for i, outcome in enumerate(outcomes):
        top = 1 - (i * (row + head) + head - 16) / plot
        layout["annotations"].append(
            _text(
                titles[i], 0, top, 22 + 16 * more, 13, ink.text,
            )
        )  # fmt: skip
        for j, arm in enumerate(page.arms):
            left, found = j / columns, outcome.arms[arm.name]
            layout["annotations"].append(
                _text(captions[i][j], left, top, 3, 12, text_color(arm.color, scheme))
            )  # fmt: skip
            layout["shapes"] += _icons(arm, found, (left, top), scheme, apart)
    counted = [_of_100(o.arms[arm.name]) for o in outcomes for arm in page.arms]
    # What the icons show, as numbers.
    shares = {"x": [n / 100 for n in counted], "y": list(range(len(counted))), "mode": "lines"}
    return {
        "data": [shares | {"line": {"width": 0}, "hoverinfo": "skip", "meta": "shares"}],
        "layout": layout,
    }


def _text(text: str, x: float, y: float, shift: int, size: int, color: str) -> dict[str, Any]:
    place = {"yanchor": "bottom", "yshift": shift, "align": "left"}
    return chart.annotation(text, x, y, size, color, **place)


def _title(outcome: Outcome, unit: str, compact: bool) -> str:
    """What is counted and by when, in lines that fit."""
    said = f"{outcome.title}, {names.time(outcome.time, unit)}"
    said += "" if outcome.counted else " (illustrative)"
    pixels = (chart.NARROW_PIXELS if compact else chart.WIDE_PIXELS) - 24
    return "<br>".join(f"<b>{chart.plain(part)}</b>" for part in fold(said, pixels, 13, bold=True))


def _caption(arm: Arm, found: OutcomeArm, pixels: float) -> str:
    """The arm's whole name and its share, in lines that fit."""
    share = found.share.estimate
    said = fmt.NOT_ESTIMABLE if share is None else f"{fmt.share(share, 0)} of 100"
    parts = [chart.plain(line) for line in fold(f"{isolated(arm.name)}: {said}", pixels, 12)]
    return "<br>".join(parts)


def _of_100(found: OutcomeArm) -> int:
    return round(100 * (found.share.estimate or 0.0))


def _icons(
    arm: Arm, found: OutcomeArm, corner: tuple[float, float], scheme: str, apart: int
) -> list[dict[str, Any]]:
    """Filled circles for those with the outcome, open ones for the others, each kind one shape.

    Parameters
    ----------
    corner : upper left, in shares of the plot
    apart : pixels from one to the next
    """
    if found.share.estimate is None:
        return []
    filled = _of_100(found)
    made = []
    for first, last, name, color in (
        (0, filled, "with", line_color(arm.color, scheme)),
        (filled, 100, "without", INKS[scheme].axis),
    ):
        if first < last:
            made.append(
                {
                    "type": "path",
                    "path": "".join(_circle(k, apart) for k in range(first, last)),
                    "xref": "paper",
                    "yref": "paper",
                    "xsizemode": "pixel",
                    "ysizemode": "pixel",
                    "xanchor": corner[0],
                    "yanchor": corner[1],
                    "line": {"color": color, "width": 1},
                    "fillcolor": color if name == "with" else "rgba(0,0,0,0)",
                    "name": name,
                }
            )
    return made


@cache
def _circle(place: int, apart: int) -> str:
    """The path of an icon, in pixels to the right and up: four curves, round to 0.03% of it.

    >>> _circle(0, 20)
    'M4,-10C4,-6.7 6.7,-4 10,-4S16,-6.7 16,-10S13.3,-16 10,-16S4,-13.3 4,-10Z'
    """
    down, right = divmod(place, _SIDE)
    x, y = (right + 0.5) * apart, -(down + 0.5) * apart
    radius = round(0.6 * apart) / 2
    bend = 0.5523 * radius
    left, right_, bottom, top = x - radius, x + radius, y - radius, y + radius
    points = [
        (x - bend, top), (x, top), (right_, y + bend), (right_, y),
        (x + bend, bottom), (x, bottom), (left, y - bend), (left, y),
    ]  # fmt: skip
    told = [f"{_short(a)},{_short(b)}" for a, b in [(left, y), (left, y + bend), *points]]
    return "M{}C{} {} {}S{} {}S{} {}S{} {}Z".format(*told)


def _short(pixels: float) -> str:
    return f"{round(pixels, 1):g}"
