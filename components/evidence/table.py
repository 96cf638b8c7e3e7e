"""Tables of the evidence page: single arms, poolings, follow-up, running trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html
from components.published import (
    axis,
    axis_range,
    bar,
    cited,
    or_not_found,
    scrolling,
    source_line,
    trial_name,
)
from services.pages.evidence.records import EvidencePage, SingleArmRow, TimelineRow

_TIMELINE = (2016, 2036)
_DESIGNS = {True: "randomized", False: "single arm", None: ""}


def single_arm(rows: Sequence[SingleArmRow]) -> Any:
    """Studies without a comparator, one row each."""
    head = html.Tr(
        [html.Th(t, scope="col") for t in ("Study", "Treatment", "Patients", "Published results")]
    )
    body = [
        html.Tr(
            html.Th(
                trial_name(r.acronym, r.link, r.report.label if r.report else "", r.also),
                scope="row",
            ),
            html.Td(html.Div(r.regimen), html.Div(r.risk, className="trial-report")),
            html.Td(or_not_found(r.patients), className="patients"),
            html.Td(
                html.Ul(
                    [html.Li(f"{what}: ", cited(number)) for what, number in r.results],
                    className="plain",
                )
                if r.results
                else "no result figures found"
            ),
            className="first-of-trial",
        )
        for r in rows
    ]
    return scrolling(
        html.Table(html.Thead(head), html.Tbody(body), className="numbers cite-list stacked"),
        "Single-arm studies",
    )


def meta(page: EvidencePage) -> list[Any]:
    """Published poolings, one table each."""
    parts: list[Any] = []
    for title in dict.fromkeys(m.analysis for m in page.meta):
        rows = [m for m in page.meta if m.analysis == title]
        first = rows[0]
        ends = axis_range([m.row for m in rows])
        head = html.Tr(
            html.Th("Outcome", scope="col"),
            html.Th(axis(ends), scope="col", className="bar-cell"),
            html.Th("Ratio (95% CI)", scope="col"),
        )
        body = [
            html.Tr(
                html.Th(m.row.endpoint, scope="row"),
                html.Td(bar(m.row, ends), className="bar-cell"),
                html.Td(cited(m.row.cited, f"{m.row.measure} ")),
            )
            for m in rows
        ]
        parts += [
            html.H3(first.row.acronym),
            # No paragraph: a browser ends one where a citation begins.
            html.Div(
                "Pooled: ",
                cited(first.pooled),
                ". ",
                *source_line(first.row.cited.sources[0]),
                className="table-note",
            ),
            scrolling(
                html.Table(html.Thead(head), html.Tbody(body), className="numbers meta-table"),
                first.row.acronym,
                ("", ""),
            ),
        ]
    parts.append(
        html.P(
            "Ratios of early against deferred treatment as printed. OR: odds ratio,"
            " RR: risk ratio.",
            className="table-note",
        )
    )
    return parts


def series(page: EvidencePage) -> Any:
    """Each trial's hazard ratios by the follow-up they were reported with."""
    if not page.follow_up:
        return html.P("No trial matches these filters.", className="hint")
    head = html.Tr(
        html.Th("Trial", scope="col"),
        html.Th("Endpoint", scope="col"),
        html.Th("Hazard ratio by median follow-up", scope="col"),
    )
    body = [
        html.Tr(
            html.Th(trial_name(s.acronym, "", also=s.also), scope="row"),
            html.Td(s.endpoint),
            html.Td(
                html.Div(
                    [
                        html.Span(
                            cited(p.cited),
                            html.Span(
                                "at ", or_not_found(p.follow_up), " months", className="arm-name"
                            ),
                            className="arm-number",
                        )
                        for p in s.points
                    ],
                    className="arm-numbers",
                )
            ),
        )
        for s in page.follow_up
    ]
    return scrolling(
        html.Table(html.Thead(head), html.Tbody(body), className="numbers cite-list stacked"),
        "Hazard ratios by follow-up",
    )


def timeline(rows: Sequence[TimelineRow]) -> list[Any]:
    """Running trials: those with dates on a scale of years, the others in a list of their own."""
    dated = [r for r in rows if r.end]
    listed = [r for r in rows if not r.end]
    parts: list[Any] = []
    if dated:
        parts.append(_running(dated, "Timeline of running trials", _scale()))
    if listed:
        parts += [
            html.H3("Also running, without dates here"),
            html.P(
                "The lists that were read name these trials without start and end, and (–) many of"
                " them without the number of patients. Their registry entries have both: open the"
                " registration.",
                className="table-note",
            ),
            _running(listed, "Further running trials"),
        ]
    return parts


def _not_listed() -> Any:
    return html.Span("–", html.Span("not found", className="visually-hidden"))


def _scale() -> Any:
    years = range(_TIMELINE[0], _TIMELINE[1] + 1, 4)
    return html.Div(
        [
            html.Span(str(y), className="tick", style={"left": f"{_percent(f'{y}-01-01')}%"})
            for y in years
        ],
        className="bar-axis",
    )


def _running(rows: Sequence[TimelineRow], label: str, scale: Any = None) -> Any:
    head = [
        html.Th("Trial", scope="col"),
        html.Th("Treatment", scope="col"),
        html.Th("Patients", scope="col", className="right"),
        html.Th("Registration", scope="col"),
    ]
    if scale is not None:
        head.insert(3, html.Th(scale, scope="col", className="bar-cell"))
    body = []
    for r in rows:
        small = ", ".join(t for t in (r.risk, _DESIGNS[r.randomized], r.endpoint) if t)
        cells = [
            html.Th(trial_name(r.acronym, r.link, also=r.also), scope="row"),
            html.Td(
                html.Div(r.regimen),
                html.Div(small, className="trial-report"),
                html.Div(r.note, className="trial-report") if r.note else None,
            ),
            html.Td(cited(r.patients) if r.patients else _not_listed(), className="right patients"),
            html.Td(cited(r.cited)),
        ]
        if scale is not None:
            cells.insert(3, html.Td(_span(r), className="bar-cell"))
        body.append(html.Tr(cells, className="first-of-trial"))
    return scrolling(
        html.Table(
            html.Thead(html.Tr(head)),
            html.Tbody(body),
            className="numbers cite-list stacked timeline",
        ),
        label,
    )


def _year(date: str) -> float:
    """ "2020-06-16" as a position in years."""
    parts = [int(p) for p in date.split("-")] + [1, 1]
    return parts[0] + (parts[1] - 1) / 12 + (parts[2] - 1) / 365


def _percent(date: str) -> float:
    first, last = _TIMELINE
    return round(100 * (min(max(_year(date), first), last) - first) / (last - first), 2)


def _span(row: TimelineRow) -> Any:
    end = _percent(row.end)
    start = _percent(row.start) if row.start else end
    words = f"{row.start} to {row.end}, planned" if row.start else f"planned end {row.end}"
    return html.Div(
        html.Div(
            html.Span(
                className="span" if row.start else "span span-end",
                style={"left": f"{start}%", "width": f"{max(end - start, 0.6):.2f}%"},
            ),
            className="bar",
            aria_hidden="true",
        ),
        html.Span(words, className="trial-report"),
    )
