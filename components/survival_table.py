"""The curves as a table at the ticks of their time axis, for eyes and screen readers."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html

from components.survival_figure import in_display_order
from components.survival_numbers import share_of
from services import format as fmt
from services.page_records import SurvivalPage
from services.view import format_number


def curve_table(page: SurvivalPage) -> Any:
    """Per arm and tick: survival with its interval, at risk, events and censored before it."""
    if page.result is None:
        return None
    at_risk = {t.arm: t for t in page.at_risk}
    curves = [curve for curve, _ in in_display_order(page)]
    bodies = []
    for curve in curves:
        rows = [
            html.Tr(html.Th(f"{curve.arm}, n = {curve.n}", colSpan=5, scope="rowgroup")),
        ]
        table = at_risk[curve.arm]
        last = float(curve.time[-1])
        for i, tick in enumerate(page.ticks):
            at = int(np.searchsorted(curve.time, tick * (1 + 1e-12), side="right")) - 1
            ended = tick > last and curve.survival[-1] > 0
            rows.append(
                html.Tr(
                    [
                        html.Th(format_number(tick), scope="row"),
                        html.Td(fmt.NOT_ESTIMABLE if ended else _share(curve, at)),
                        html.Td(table.at_risk[i]),
                        html.Td(table.events[i]),
                        html.Td(table.censored[i]),
                    ]
                )
            )
        bodies.append(html.Tbody(rows))
    head = [
        page.view.unit.capitalize(),
        f"{share_of(page)} ({fmt.level(page.view.level)} CI)",
        "At risk",
        "Events before",
        "Censored before",
    ]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(text, scope="col") for text in head])), *bodies],
            className="numbers",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": "The curves as a table"},
    )


def _share(curve: Any, at: int) -> str:
    text = fmt.percent(float(curve.survival[at]))
    low, high = curve.lower[at], curve.upper[at]
    if not (np.isfinite(low) and np.isfinite(high)):
        return text
    return f"{text} ({fmt.share_interval(low, high)})"
