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
_APART, _RADIUS = 20, 6  # of their centers, in the unit of the axes
_ROW, _ROW_COMPACT = 250, 165
_LOWEST = 110  # pixels of a hundred that can still be counted
_HEAD = 52
_MARGIN = 12
_LEAST = 286  # pixels of the chart in a window of 320


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
    room = ((_LEAST if compact else chart.WIDE_PIXELS) - 2 * _MARGIN) / max(columns, 1) * 0.94
    captions = [[_caption(arm, o.arms[arm.name], room) for arm in page.arms] for o in outcomes]
    more = max((c.count("<br>") for line in captions for c in line), default=0)
    titles = [_title(o, page.view.unit, compact) for o in outcomes]
    head = _HEAD + 16 * (more + max((t.count("<br>") for t in titles), default=0))
    height = len(outcomes) * (row + head) + 20
    revision = f"{page.study.sha256[:12]}:icons"
    layout = chart.base_layout(scheme, height, _MARGIN, _MARGIN, revision, bottom=_MARGIN)
    layout["hovermode"] = False
    layout["dragmode"] = False
    layout["annotations"], layout["shapes"] = [], []
    plot = height - layout["margin"]["t"] - _MARGIN
    traces = []
    for i, outcome in enumerate(outcomes):
        top = 1 - (i * (row + head) + head - 16) / plot
        bottom = top - row / plot
        layout["annotations"].append(
            _text(
                titles[i], 0, top, 22 + 16 * more, 13, ink.text,
            )
        )  # fmt: skip
        for j, arm in enumerate(page.arms):
            number = i * columns + j + 1
            suffix = "" if number == 1 else str(number)
            left, right = j / columns, (j + 1) / columns - 0.03
            found = outcome.arms[arm.name]
            shared = {"visible": False, "fixedrange": True}
            layout[f"xaxis{suffix}"] = shared | {
                "domain": [left, right],
                "range": [-0.6 * _APART, (_SIDE - 0.4) * _APART],
                "anchor": f"y{suffix}",
                "scaleanchor": f"y{suffix}",
                "constrain": "domain",
                "constraintoward": "left",
            }
            layout[f"yaxis{suffix}"] = shared | {
                "domain": [max(bottom, 0.0), top],
                "range": [(_SIDE - 0.4) * _APART, -0.6 * _APART],
                "anchor": f"x{suffix}",
                "constrain": "domain",
                "constraintoward": "top",
            }
            layout["annotations"].append(
                _text(captions[i][j], left, top, 3, 12, text_color(arm.color, scheme))
            )  # fmt: skip
            layout["shapes"] += _icons(arm, found, suffix, scheme)
            traces.append(_told(outcome, arm, found, suffix))
    return {"data": traces, "layout": layout}


def _text(text: str, x: float, y: float, shift: int, size: int, color: str) -> dict[str, Any]:
    place = {"yanchor": "bottom", "yshift": shift, "align": "left"}
    return chart.annotation(text, x, y, size, color, **place)


def _title(outcome: Outcome, unit: str, compact: bool) -> str:
    """What is counted and by when, in lines that fit."""
    said = f"{outcome.title}, {names.time(outcome.time, unit)}"
    said += "" if outcome.counted else " (illustrative)"
    pixels = (_LEAST if compact else chart.WIDE_PIXELS) - 2 * _MARGIN
    return "<br>".join(f"<b>{chart.plain(part)}</b>" for part in fold(said, pixels, 13, bold=True))


def _caption(arm: Arm, found: OutcomeArm, pixels: float) -> str:
    """The arm's whole name and its share, in lines that fit; the share is not divided."""
    share = found.share.estimate
    said = fmt.NOT_ESTIMABLE if share is None else f"{fmt.share(share, 0)} of 100"
    lines = fold(f"{isolated(arm.name)}: {said}", pixels, 12)
    if len(lines) > 1:
        lines = [*fold(f"{isolated(arm.name)}:", pixels, 12), said]
    return "<br>".join(map(chart.plain, lines))


def _of_100(found: OutcomeArm) -> int:
    return round(100 * (found.share.estimate or 0.0))


def _told(outcome: Outcome, arm: Arm, found: OutcomeArm, suffix: str) -> dict[str, Any]:
    """What the icons say as a number: a line that is not seen, as long as the share."""
    return {
        "x": [0, _of_100(found)],
        "y": [0, 0],
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "xaxis": f"x{suffix}",
        "yaxis": f"y{suffix}",
        "name": f"{arm.name}, {outcome.title}",
        "meta": "share",
    }


def _icons(arm: Arm, found: OutcomeArm, suffix: str, scheme: str) -> list[dict[str, Any]]:
    """Filled circles for those with the outcome, open ones for the others.

    All of a kind are one shape: Plotly takes a third longer over as many points.
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
                    "path": "".join(map(_circle, range(first, last))),
                    "xref": f"x{suffix}",
                    "yref": f"y{suffix}",
                    "line": {"color": color, "width": 1},
                    "fillcolor": color if name == "with" else "rgba(0,0,0,0)",
                    "name": name,
                }
            )
    return made


@cache
def _circle(place: int) -> str:
    """The path of an icon: two curves, round to 2% of its radius, a tenth of a pixel.

    >>> _circle(0)
    'M-6,0C-6,8 6,8 6,0S-6,-8 -6,0Z'
    """
    down, right = divmod(place, _SIDE)
    x, y = right * _APART, down * _APART
    bend = _RADIUS * 4 // 3
    left, right = x - _RADIUS, x + _RADIUS
    over = f"C{left},{y + bend} {right},{y + bend} {right},{y}"
    return f"M{left},{y}{over}S{left},{y - bend} {left},{y}Z"
