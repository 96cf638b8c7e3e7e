"""Tables of the evidence page: single arms, poolings, follow-up, running trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import html
from components.parts import row, table
from components.published import (
    axis,
    axis_range,
    bar,
    cited,
    or_not_found,
    source_line,
    trial_name,
)
from services import names
from services.pages.evidence.records import (
    EvidencePage,
    ForestRow,
    GlanceRow,
    MrdRow,
    SingleArmRow,
    TimelineRow,
)

if TYPE_CHECKING:
    from services.evidence.cited import ArmsRow

_TIMELINE = (2016, 2036)
_DESIGNS = {True: "randomized", False: "single arm", None: ""}


def single_arm(rows: Sequence[SingleArmRow]) -> Any:
    """Studies without a comparator, one row each."""
    body = []
    for r in rows:
        results = [html.Li(f"{what}: ", cited(number)) for what, number in r.results]
        body.append(
            row(
                trial_name(r.acronym, r.link, r.report.label if r.report else "", r.also),
                [html.Div(r.regimen), html.Div(r.risk, className="trial-report")],
                html.Td(or_not_found(r.patients), className="patients"),
                html.Ul(results, className="plain") if results else "no result figures found",
                classes="first-of-trial",
            )
        )
    heads = ("Study", "Treatment", "Patients", "Published results")
    return table(heads, body, "numbers cite-list stacked", "Single-arm studies")


def glance(rows: Sequence[GlanceRow]) -> Any:
    """Each randomized trial in a line; the same results open below, with all of their details."""
    ends = axis_range([r.pfs for r in rows if r.pfs is not None])
    last = axis_range([r.os for r in rows if r.os is not None])
    body = [
        row(
            trial_name(r.acronym, r.link, r.population, r.also),
            _small(r.question),
            _ratio_cell(r.pfs, ends, "Progression"),
            _ratio_cell(r.os, last, "Survival"),
            [_harm(r.harm), _small(r.harm.what)] if r.harm else [_again("Harm"), "not found"],
            [_again("Where it stands"), _standing(r)],
            classes="first-of-trial",
        )
        for r in rows
    ]
    heads = [
        "Trial, population",
        "Question",
        html.Th("Progression, HR", axis(ends, gap=21.0), scope="col", className="bar-cell"),
        html.Th("Survival, HR", axis(last, gap=21.0), scope="col", className="bar-cell"),
        "Harm, by arm",
        "Where it stands",
    ]
    return table(heads, body, "numbers cite-list stacked glance", "Randomized trials at a glance")


def _standing(found: GlanceRow) -> str:
    return "; ".join(found.standing) or "no statement found"


def _again(head: str) -> Any:
    """The head of a cell's column, where the heads are not over their columns."""
    return html.Span(f"{head}: ", className="glance-name")


def _small(words: str) -> Any:
    return html.Div(words, className="trial-report")


def _ratio_cell(found: ForestRow | None, ends: tuple[float, float], what: str) -> Any:
    name = _again(what)
    if found is None:
        return html.Td(name, "not found", className="bar-cell")
    small = found.beside or ("interval not found" if found.lower is None else "")
    told = _small(small) if small else None
    return html.Td(bar(found, ends), name, cited(found.cited), told, className="bar-cell")


def _harm(found: ArmsRow) -> Any:
    parts: list[Any] = [_again("Harm")]
    for i, (name, number) in enumerate(found.arms):
        told = html.Span(f" {name}", className="arm-name")
        parts += [" " if i else None, html.Span("v " if i else None, cited(number), told)]
    return html.Div(parts, className="glance-harm")


def mrd(rows: Sequence[MrdRow]) -> Any:
    """Rates without measurable residual disease, with the test's threshold and when it was made."""
    body = [
        row(
            trial_name(r.acronym, r.link, _DESIGNS[r.randomized], r.also),
            r.arm,
            cited(r.cited),
            r.threshold or "not found",
            r.when or "not found",
        )
        for r in rows
    ]
    heads = ("Trial", "Treatment", "Undetectable", "Threshold of the test", "When")
    label = "Measurable residual disease"
    return table(heads, body, "numbers cite-list stacked", label)


def meta(page: EvidencePage) -> list[Any]:
    """Published poolings, one table each."""
    parts: list[Any] = []
    for title in dict.fromkeys(m.analysis for m in page.meta):
        rows = [m for m in page.meta if m.analysis == title]
        first = rows[0]
        ends = axis_range([m.row for m in rows])
        heads = ["Outcome", html.Th(axis(ends), scope="col", className="bar-cell")]
        body = [
            row(
                m.row.endpoint,
                html.Td(bar(m.row, ends), className="bar-cell"),
                cited(m.row.cited, f"{m.row.measure} "),
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
            table(
                [*heads, "Ratio (95% CI)"],
                body,
                "numbers meta-table",
                first.row.acronym,
                ("", ""),
            ),
        ]
    parts.append(
        html.P(
            "Ratios of early versus deferred treatment, as published. HR: hazard ratio,"
            " OR: odds ratio, RR: risk ratio.",
            className="table-note",
        )
    )
    return parts


def series(page: EvidencePage) -> Any:
    """Each trial's hazard ratios by the follow-up they were reported with."""
    if not page.follow_up:
        return html.P("No trial matches these filters.", className="hint")
    body = []
    for s in page.follow_up:
        points = [
            html.Span(
                cited(p.cited),
                html.Span("at ", or_not_found(p.follow_up), " months", className="arm-name"),
                className="arm-number",
            )
            for p in s.points
        ]
        name = trial_name(s.acronym, "", also=s.also)
        body.append(row(name, s.endpoint, html.Div(points, className="arm-numbers")))
    heads = ("Trial", "Endpoint", "Hazard ratio by median follow-up")
    return table(heads, body, "numbers cite-list stacked", "Hazard ratios by follow-up")


def timeline(rows: Sequence[TimelineRow]) -> list[Any]:
    """Trials whose end is ahead: those with dates on a scale of years, the others in a list."""
    dated = [r for r in rows if r.end]
    listed = [r for r in rows if not r.end]
    parts: list[Any] = []
    if dated:
        parts.append(_running(dated, "Timeline of ongoing trials", _scale()))
    if listed:
        parts += [
            html.H3("Dates not read here"),
            html.P(
                "The texts we read give these trials without start and end dates, and many of "
                "them (–) without the number of patients. Their registry entries give both: open "
                "the registration.",
                className="table-note",
            ),
            _running(listed, "Other ongoing trials"),
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
    patients = html.Th("Patients", scope="col", className="right")
    dates = [] if scale is None else [html.Th(scale, scope="col", className="bar-cell")]
    body = []
    for r in rows:
        end = r.endpoint
        end = end[:1].lower() + end[1:] if end[1:2].islower() else end  # "PFS" stays
        small = ", ".join(t for t in (r.risk, _DESIGNS[r.randomized], end) if t)
        number = cited(r.patients) if r.patients else _not_listed()
        body.append(
            row(
                trial_name(r.acronym, r.link, also=r.also),
                [
                    html.Div(r.regimen),
                    html.Div(small, className="trial-report"),
                    html.Div(r.note, className="trial-report") if r.note else None,
                ],
                html.Td(number, className="right patients"),
                *([] if scale is None else [html.Td(_span(r), className="bar-cell")]),
                [
                    html.Div(names.capital(r.state)),
                    html.Div(cited(r.seen), className="trial-report"),
                ],
                cited(r.cited),
                classes="first-of-trial",
            )
        )
    heads = ["Trial", "Treatment", patients, *dates, "Does it run?", "Registration"]
    return table(heads, body, "numbers cite-list stacked timeline", label)


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
