"""What the chart draws as a table, at the ticks of its time axis: for eyes and screen readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from components import html
from components.parts import row, table
from components.survival.adjusted import adjusted_terms
from components.survival.figure import in_display_order
from components.survival.numbers import share_of
from services import format as fmt
from services import names
from services.names import isolated
from services.numbers import format_number
from services.pages.survival import records
from services.statistics.results import AtRisk, Curve

_EVERY = 4  # of the many points of a smooth

Section = tuple[str, list[list[Any]]]  # its title and its rows, a time first


def curve_table(page: records.SurvivalPage) -> Any:
    """The view's own numbers: survival, incidence of each type, hazard ratio or time gained."""
    if page.result is None:
        return None
    head, sections = _content(page)
    bodies = [
        html.Tbody(
            html.Tr(html.Th(title, colSpan=len(head), scope="rowgroup")),
            *(row(*cells) for cells in rows),
        )
        for title, rows in sections
    ]
    return table(head, bodies, label="The curves as a table")


def _content(page: records.SurvivalPage) -> tuple[list[str], list[Section]]:
    """Heads of the columns, and the sections under them."""
    time, level = page.view.unit.capitalize(), fmt.level(page.view.level)
    extra = page.extra
    if isinstance(extra, records.TypesOfEvent):
        return [time, f"Had the event of that type ({level} CI)", "At risk"], list(
            _types(page, extra)
        )
    pairs = extra or ()
    if page.view.plot == "adjusted":
        return ["", f"Hazard ratio ({level} CI)"], adjusted_terms(page)
    if page.view.plot == "hazards":
        made = [_hazards(p) for p in pairs if isinstance(p, records.HazardsOverTime)]
        return [time, f"Hazard ratio, smoothed ({level} CI)"], made
    if page.view.plot == "means":
        made = [_means(p) for p in pairs if isinstance(p, records.MeanOverTime)]
        return [f"Within {page.view.unit}", f"{time} gained ({level} CI)"], made
    head = [
        time,
        f"{share_of(page)} ({level} CI)",
        "At risk",
        "Events before",
        "Censored before",
    ]
    facets = [f for f in pairs if isinstance(f, records.Facet)]
    if facets:
        return head, [
            (f"{isolated(f.label)}: {isolated(c.arm)}, n = {c.n:,}", _survival(page, c, f.at_risk))
            for f in facets
            for c in f.result.curves
        ]
    curves = [curve for curve, _ in in_display_order(page)]
    return head, [
        (f"{isolated(c.arm)}, n = {c.n:,}", _survival(page, c, page.at_risk)) for c in curves
    ]


def _survival(
    page: records.SurvivalPage, curve: Curve, tables: Sequence[AtRisk]
) -> list[list[Any]]:
    table = next(t for t in tables if t.arm == curve.arm)
    rows = []
    for i, tick in enumerate(page.ticks):
        at = _at(curve.time, tick)
        ended = tick > float(curve.time[-1]) and curve.survival[-1] > 0
        share = _share(curve.survival[at], curve.lower[at], curve.upper[at])
        shown = fmt.NOT_ESTIMABLE if ended else share
        rows.append(
            [format_number(tick), shown, table.at_risk[i], table.events[i], table.censored[i]]
        )
    return rows


def _types(page: records.SurvivalPage, extra: records.TypesOfEvent) -> Iterator[Section]:
    for found in extra.incidences:
        tables = [t for t in page.at_risk if t.arm == found.arm]
        for cause in found.causes:
            rows = []
            for i, tick in enumerate(page.ticks):
                at = _at(found.time, tick)
                ended = tick > float(found.time[-1]) and found.event_free[-1] > 0
                share = _share(cause.incidence[at], cause.lower[at], cause.upper[at])
                shown = fmt.NOT_ESTIMABLE if ended else share
                rows.append([format_number(tick), shown, *(t.at_risk[i] for t in tables)])
            yield f"{isolated(found.arm)}, n = {found.n:,}: {isolated(cause.cause)}", rows


def _hazards(pair: records.HazardsOverTime) -> Section:
    title = names.versus([pair.arm], pair.reference)
    found = pair.residuals
    if found is None or not len(found.smooth):
        why = pair.reason or "too few events for a smooth"
        return title, [["", f"{fmt.NOT_ESTIMABLE}: {why}"]]
    points = zip(found.smooth_time, found.smooth, found.smooth_lower, found.smooth_upper,
                 strict=True)  # fmt: skip
    rows: list[list[Any]] = []
    for time, *logs in list(points)[::_EVERY]:
        ratio, low, high = (fmt.ratio(float(np.exp(v))) for v in logs)
        rows.append([fmt.number(float(time)), f"{ratio} ({low} to {high})"])
    return title, rows


def _means(pair: records.MeanOverTime) -> Section:
    points = zip(pair.tau, pair.estimate, pair.lower, pair.upper, strict=True)
    rows: list[list[Any]] = []
    for tau, *values in list(points)[_EVERY - 1 :: _EVERY]:
        gained, low, high = map(float, values)
        interval = (
            f" ({fmt.signed(low)} to {fmt.signed(high)})" if np.isfinite([low, high]).all() else ""
        )
        shown = f"{fmt.signed(gained)}{interval}" if np.isfinite(gained) else fmt.NOT_ESTIMABLE
        rows.append([fmt.number(float(tau)), shown])
    return names.versus([pair.arm], pair.reference), rows


def _at(time: Any, tick: float) -> int:
    return int(np.searchsorted(time, tick * (1 + 1e-12), side="right")) - 1


def _share(value: float, low: float, high: float) -> str:
    text = fmt.percent(float(value))
    if not (np.isfinite(low) and np.isfinite(high)):
        return text
    return f"{text} ({fmt.share_interval(low, high)})"
