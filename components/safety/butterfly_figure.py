"""Worst grades of each event, two arms back to back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components.chart import NARROW_PIXELS, WIDE_PIXELS, Figure, annotation, axis, plain
from components.safety.figure import (
    BUTTERFLY_ROWS,
    LEGEND,
    ROWS_COMPACT,
    UNGRADED_LABEL,
    row_layout,
    shades,
)
from components.theme import INKS, line_color, text_color, translucent
from services.adverse_events.records import UNGRADED, EventRow
from services.pages.safety.records import SafetyPage
from services.text_width import fold, text_width

if TYPE_CHECKING:
    from services.study.model import Arm


def butterfly_figure(page: SafetyPage, scheme: str, compact: bool) -> Figure:
    """Arms left and right, each bar stacked by worst grade, the worst next to the middle."""
    rows = page.leading[: ROWS_COMPACT if compact else BUTTERFLY_ROWS]
    layout = row_layout(page, rows, scheme, compact, "butterfly")
    layout["barmode"] = "stack"
    layout["bargap"] = 0.52 if compact else 0.25  # a term stands above its bar on narrow screens
    sides = page.pair or ((page.arms[0].name,) if page.arms else ())
    arms = [next(a for a in page.arms if a.name == name) for name in sides]
    top = max((row.arms[name].percent or 0.0 for row in rows for name in sides), default=0.0)
    top = max(top, 5.0) * 1.04
    levels = _levels(page, rows)
    half = ((NARROW_PIXELS if compact else WIDE_PIXELS) - layout["margin"]["l"]) / 2 - 24
    heads = [fold(arm.name, half, 13, bold=True) for arm in arms]
    lines = max(map(len, heads), default=1)
    traces: list[dict[str, Any]] = []
    for side, arm in enumerate(arms):
        suffix = "" if side == 0 else "2"
        both = len(arms) > 1
        domain = [0.0, 0.482] if both and side == 0 else [0.518, 1.0] if both else [0.0, 1.0]
        mirrored = both and side == 0
        layout[f"xaxis{suffix}"] = axis(scheme, "Patients, %", grid=True) | {
            "fixedrange": True,
            "domain": domain,
            "range": [top, 0] if mirrored else [0, top],
            "anchor": "y",
        }
        anchor = "right" if mirrored else "left"
        layout["annotations"].append(
            annotation(
                "<br>".join(f"<b>{plain(part)}</b>" for part in heads[side]),
                domain[1] if mirrored else domain[0],
                1,
                13,
                text_color(arm.color, scheme),
                **{"align": anchor, "xanchor": anchor, "yanchor": "bottom", "yshift": 8},
            )
        )
        for key, label, shade in levels:
            traces.append(_bars(page, rows, arm, key, label, shade, suffix, scheme))
    if len(levels) > 1:
        room = (NARROW_PIXELS if compact else WIDE_PIXELS) - 20
        shown, rows_of_it = _grade_legend(levels, arms, scheme, 14 + 17 * lines, room)
        layout["annotations"].append(shown)
        more = LEGEND + 17 * (lines - 1 + rows_of_it - 1)
        layout["margin"]["t"] += more
        layout["height"] += more
    return {"data": traces, "layout": layout}


def _grade_legend(
    levels: Sequence[tuple[str, str, float]],
    arms: Sequence[Arm],
    scheme: str,
    up: int,
    width: int,
) -> tuple[dict[str, Any], int]:
    """The shades from mild to worst, in the colors of the arms; and how many lines they take.

    Parameters
    ----------
    width : pixels of a line
    """
    # Each swatch with its own word, in lines that a phone has room for.
    found: list[str] = []
    room = 0.0
    for _, label, shade in reversed(levels):
        item = f"{swatches(arms, shade, scheme)} {label}"
        wide = text_width(f"{'■' * min(len(arms), 3)} {label}   ", 12)
        room -= wide
        if room < 0:
            found.append(item)
            room = width - wide
        else:
            found[-1] += f"   {item}"
    x, anchor = (0.5, "center") if len(arms) > 1 else (0.0, "left")
    place = {"xanchor": anchor, "yanchor": "bottom", "yshift": up}
    return annotation("<br>".join(found), x, 1, 12, INKS[scheme].text, **place), len(found)


def swatches(arms: Sequence[Arm], shade: float, scheme: str) -> str:
    """A square of each arm's color in a shade; neutral where there are more than three."""
    colors = [line_color(arm.color, scheme) for arm in arms]
    shown = colors if 0 < len(colors) <= 3 else [INKS[scheme].text]
    return "".join(f'<span style="color:{translucent(c, shade)}">■</span>' for c in shown)


def _levels(page: SafetyPage, rows: Sequence[EventRow]) -> list[tuple[str, str, float]]:
    """Levels from worst to mild, with their shades; those without a grade last."""
    severity = page.severity
    made: list[tuple[str, str, float]] = []
    if severity is not None:
        made = list(
            zip(severity.levels, severity.labels, shades(len(severity.levels)), strict=True)
        )[::-1]
    if severity is None or any(c.grades.get(UNGRADED) for r in rows for c in r.arms.values()):
        made.append((UNGRADED, UNGRADED_LABEL if severity else "Patients", 0.12))
    return made


def _bars(
    page: SafetyPage,
    rows: Sequence[EventRow],
    arm: Arm,
    key: str,
    label: str,
    shade: float,
    suffix: str,
    scheme: str,
) -> dict[str, Any]:
    n = page.n[arm.name]
    counts = [_of_level(page, row, arm.name, key) for row in rows]
    color = line_color(arm.color, scheme)
    return {
        "type": "bar",
        "orientation": "h",
        "x": [100 * c / n if n else None for c in counts],
        "y": list(range(len(rows))),
        "xaxis": f"x{suffix}",
        "marker": {
            "color": translucent(color, shade),
            "line": {"color": color, "width": 0.6},
        },
        "name": f"{plain(arm.name)}, {plain(label)}",
        "customdata": [[plain(row.label), c, n] for row, c in zip(rows, counts, strict=True)],
        "hovertemplate": f"<b>%{{customdata[0]}}</b><br>{plain(label)}: %{{customdata[1]}} of"
        f" %{{customdata[2]}} on {plain(arm.name)}<extra></extra>",
        "meta": "grade",
    }


def _of_level(page: SafetyPage, row: EventRow, arm: str, key: str) -> int:
    count = row.arms[arm]
    return count.subjects if page.severity is None else count.grades.get(key, 0)
