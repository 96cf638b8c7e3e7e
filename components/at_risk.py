"""The table under a chart: at risk, events and censored at each tick, as part of the figure.

It is drawn on an axis of its own that shares the time axis, so that every number stands exactly
under its tick, in an exported image too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.chart import short
from components.theme import INKS, text_color
from services.page_records import AtRisk
from services.study import Arm

ROW_HEIGHT = 19


def row_count(arms: int, compact: bool) -> int:
    """Lines of the table: one per arm, or four with their heading."""
    return arms * (1 if compact else 4)


def table_rows(
    tables: Sequence[AtRisk],
    arms: Sequence[Arm],
    ticks: Sequence[float],
    compact: bool,
    scheme: str,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Text traces on ``y2``, and the label of each line.

    Parameters
    ----------
    compact : only the numbers at risk, for narrow screens
    """
    ink = INKS[scheme]
    by_arm = {t.arm: t for t in tables}
    traces: list[dict[str, Any]] = []
    labels: list[str] = []
    for arm in arms:
        table = by_arm[arm.name]
        name = '<b><span style="color:{}">{}</span></b>'
        color = text_color(arm.color, scheme)
        lines = [("At risk", table.at_risk, ink.text)]
        if not compact:
            labels.append(name.format(color, short(arm.name)))
            lines += [
                ("Events", table.events, ink.muted),
                ("Censored", table.censored, ink.muted),
            ]
        for label, counts, shade in lines:
            traces.append(
                {
                    "x": list(ticks),
                    "y": [len(labels)] * len(ticks),
                    "text": [str(v) for v in counts],
                    "mode": "text",
                    "textfont": {"size": 12, "color": shade},
                    "yaxis": "y2",
                    "hoverinfo": "skip",
                    "cliponaxis": False,
                    "showlegend": False,
                    "name": f"{arm.name}: {label}",
                    "meta": "table",
                }
            )
            labels.append(name.format(color, short(arm.name, 11)) if compact else label)
    return traces, labels


def table_axis(labels: Sequence[str], top: float, scheme: str) -> dict[str, Any]:
    """The axis ``yaxis2`` that the table's lines stand on; ``top`` is the end of its domain."""
    return {
        "domain": [0, top],
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "tickfont": {"size": 12, "color": INKS[scheme].text},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        # Room between a line's label and its first number.
        "ticks": "outside",
        "ticklen": 16,
        "tickcolor": "rgba(0,0,0,0)",
    }
