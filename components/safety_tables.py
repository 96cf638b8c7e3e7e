"""Tables of the safety page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html

from components.safety_figure import EFFECT_TITLES, UNGRADED_LABEL, effect_text
from components.shell import help_button
from services import format as fmt
from services.records import Estimate
from services.safety_records import (
    UNGRADED,
    ClassRow,
    Count,
    EventRow,
    PublishedCell,
    PublishedSafety,
    RateRow,
    Reading,
    SafetyPage,
    SafetyTime,
)
from services.view import View, encode, format_number

EXPLAINED = {
    "difference": "Percentage points: percent of the arm minus percent of the reference, with the"
    " Miettinen-Nurminen interval, which holds in small samples too.",
    "ratio": "Risk ratio: percent of the arm over percent of the reference, with the"
    " Miettinen-Nurminen interval.",
    "odds": "Odds ratio with the Miettinen-Nurminen (score) interval.",
}


def scrolled(table: Any, label: str) -> Any:
    """A table that may be wider than the screen, reachable by keyboard."""
    return html.Div(
        table,
        className="table-scroll",
        role="region",
        tabIndex=0,
        **{"aria-label": label},
    )


def _reason(text: str, reason: str | None) -> Any:
    if not reason:
        return text
    return html.Span(text, title=reason, tabIndex=0, className="reason", **{"aria-label": reason})


def _count(count: Count | None) -> Any:
    if count is None:
        return fmt.DASH
    if count.percent is None:
        return str(count.subjects)
    percent = html.Span(f"({count.percent:.1f}%)", className="percent")
    return html.Span([f"{count.subjects} ", percent])


def _effect(page: SafetyPage, effect: Estimate | None) -> Any:
    if effect is None:
        return fmt.DASH
    text = effect_text(page, effect)
    value, _, interval = text.partition(" ")
    if effect.estimate is None and effect.lower is None:
        return _reason(fmt.NOT_ESTIMABLE, effect.reason)
    return html.Span(
        [_reason(value, effect.reason), html.Span(interval, className="interval")],
    )


def _heads(page: SafetyPage) -> list[Any]:
    return [
        html.Th([arm.name, html.Span(f"N = {page.n[arm.name]}", className="interval")], scope="col")
        for arm in page.arms
    ]


def _effect_head(page: SafetyPage) -> list[Any]:
    if page.pair is None:
        return []
    title = EFFECT_TITLES[page.view.effect].partition(",")[0]
    words = f"{page.pair[0]} {'minus' if page.view.effect == 'difference' else 'over'}"
    return [
        html.Th(
            [
                title,
                help_button(
                    f"{EXPLAINED[page.view.effect]} {words} {page.pair[1]}.",
                    title,
                ),
                html.Span(f"({fmt.level(page.view.level)} CI)", className="interval"),
            ],
            scope="col",
        )
    ]


def overview(page: SafetyPage) -> list[Any]:
    """How many had what: one line per kind of event."""
    if page.reason is not None or not page.overview:
        return []
    rows = []
    for row in page.overview:
        label: Any = row.label
        if row.explained:
            label = html.Span([row.label, help_button(row.explained, row.label)])
        if row.reason is not None:
            cells = [
                html.Td(
                    f"Not given: {row.reason}",
                    colSpan=len(page.arms) + bool(page.pair),
                    className="not-given",
                )
            ]
        else:
            cells = [html.Td(_count(row.arms.get(a.name))) for a in page.arms]
            if page.pair:
                cells.append(html.Td(_effect(page, row.effect)))
        rows.append(html.Tr([html.Th(label, scope="row"), *cells]))
    head = html.Thead(html.Tr([html.Td("Patients with"), *_heads(page), *_effect_head(page)]))
    table = html.Table([head, html.Tbody(rows)], className="numbers")
    return [html.H2("Overview"), scrolled(table, "Overview of adverse events")]


def terms_table(page: SafetyPage) -> list[Any]:
    """Classes, each opening to its terms."""
    if not page.classes:
        return [html.H2("By class and term"), html.P(nothing(page), className="hint")]
    every = "*" in page.view.open
    head = html.Thead(html.Tr([html.Td("Class and term"), *_heads(page), *_effect_head(page)]))
    bodies = [_class(page, item, every or item.row.name in page.view.open) for item in page.classes]
    toggle = html.Button(
        "Close all classes" if every else "Open all classes",
        type="button",
        className="text-button",
        **{"data-safety": "all", "data-value": "" if every else "*"},
    )
    return [
        html.Div(
            [html.H2("By class and term"), toggle],
            className="safety-head",
        ),
        scrolled(
            html.Table([head, *bodies], className="numbers safety-table"),
            "Adverse events by class and term",
        ),
        html.P(_listed(page), className="table-note after"),
    ]


def nothing(page: SafetyPage) -> str:
    """Why no term is listed."""
    if page.view.q or page.view.least or page.view.only or page.view.grade != "any":
        return "No term matches. Change the search, the least percentage or the kind of event."
    return "No adverse event was recorded for these patients."


def _listed(page: SafetyPage) -> str:
    shown = sum(len(item.terms) for item in page.classes)
    least = page.view.least
    text = f"{shown} terms in {len(page.classes)} classes"
    if least:
        text += f", those of at least {format_number(least)}% of an arm"
    return text + ". A class counts each of its patients once, also for terms that are not listed."


def _class(page: SafetyPage, item: ClassRow, is_open: bool) -> Any:
    rows = [
        html.Tr(
            [
                html.Th(
                    html.Button(
                        item.row.label,
                        type="button",
                        className="class-toggle",
                        **{
                            "aria-expanded": "true" if is_open else "false",
                            "data-safety": "toggle",
                            "data-value": item.row.name,
                        },
                    ),
                    scope="row",
                ),
                *_cells(page, item.row),
            ],
            className="class-row",
        )
    ]
    if is_open:
        rows += [
            html.Tr([html.Th(term_link(page, term), scope="row"), *_cells(page, term)])
            for term in item.terms
        ]
    return html.Tbody(rows)


def term_link(page: SafetyPage, term: EventRow) -> Any:
    """A term, leading to the listing of its events."""
    view = replace(page.view, section="events", term=term.name, q="", page=1)
    return html.A(
        term.label,
        href=f"/study/{page.study.id}/safety{encode(view)}",
        className="term-link",
        **{"data-internal": "true"},
    )


def _cells(page: SafetyPage, row: EventRow) -> list[Any]:
    cells = [html.Td(_count(row.arms.get(arm.name))) for arm in page.arms]
    if page.pair:
        cells.append(html.Td(_effect(page, row.effect)))
    return cells


def grades_table(page: SafetyPage, limit: int = 60) -> list[Any]:
    """Patients by worst grade, per arm: one column per grade."""
    severity = page.severity
    if severity is None:
        return [html.H2("By grade"), html.P("No severity or grade is recorded.", className="hint")]
    rows = [*(r for r in page.overview if r.id == "any"), *page.leading[:limit]]
    if not page.leading:
        return [html.H2("By worst grade"), html.P(nothing(page), className="hint")]
    keys = list(zip(severity.levels, severity.labels, strict=True))
    if any(c.grades.get(UNGRADED) for row in rows for c in row.arms.values()):
        keys.append((UNGRADED, UNGRADED_LABEL))
    top = html.Tr(
        [
            html.Td(""),
            *(
                html.Th(
                    [arm.name, html.Span(f"N = {page.n[arm.name]}", className="interval")],
                    scope="colgroup",
                    colSpan=len(keys),
                    className="arm-head",
                )
                for arm in page.arms
            ),
        ]
    )
    second = html.Tr(
        [
            html.Td("Worst grade" if severity.levels[-1] == "5" else "Worst severity"),
            *(
                html.Th(
                    label.replace("Grade ", ""),
                    scope="col",
                    className="arm-start" if i == 0 else "",
                    **{"aria-label": f"{arm.name}, {label}"},
                )
                for arm in page.arms
                for i, (_, label) in enumerate(keys)
            ),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(row.label, scope="row"),
                *(
                    html.Td(
                        str(row.arms[arm.name].grades.get(key, 0) or fmt.DASH),
                        className="arm-start" if i == 0 else "",
                    )
                    for arm in page.arms
                    for i, (key, _) in enumerate(keys)
                ),
            ]
        )
        for row in rows
    ]
    note = f"Patients, each at the worst grade per term; {fmt.DASH} is none."
    if len(page.leading) > limit:
        note += f" The first {limit} of {len(page.leading)} terms."
    return [
        html.H2("Patients by worst grade"),
        scrolled(
            html.Table([html.Thead([top, second]), html.Tbody(body)], className="numbers grades"),
            "Patients by worst grade",
        ),
        html.P(note, className="table-note after"),
    ]


def rates_table(page: SafetyPage, time: SafetyTime) -> list[Any]:
    """First events per 100 patient-years at risk."""
    words = fmt.level(page.view.level)
    heads = [
        html.Th(
            [
                arm.name,
                html.Span(f"{_years(time, arm.name)} patient-years", className="interval"),
            ],
            scope="col",
        )
        for arm in page.arms
    ]
    if page.pair:
        heads.append(
            html.Th(["Difference", html.Span(f"({words} CI)", className="interval")], scope="col")
        )
    body = [
        html.Tr(
            [
                html.Th(row.label, scope="row"),
                *(html.Td(_rate(row, arm.name)) for arm in page.arms),
                *([html.Td(_rate_difference(row.difference))] if page.pair else []),
            ]
        )
        for row in time.rates
    ]
    note = (
        f"Patients with a first event per 100 patient-years until then, exact Poisson {words} CI;"
        " the difference has a score interval."
    )
    if time.rates_of > len(time.rates) - 1:
        note += f" The first {len(time.rates) - 1} of {time.rates_of} terms."
    return [
        html.H2(
            [
                "Rates per 100 patient-years",
                help_button(
                    "Exposure-adjusted incidence rate: fair where arms were watched for different"
                    " lengths of time. It assumes that the rate stays about the same over time.",
                    "Rates per 100 patient-years",
                ),
            ]
        ),
        scrolled(
            html.Table(
                [html.Thead(html.Tr([html.Td("First event of"), *heads])), html.Tbody(body)],
                className="numbers",
            ),
            "Rates per 100 patient-years",
        ),
        html.P(note, className="table-note after"),
    ]


def _years(time: SafetyTime, arm: str) -> str:
    return next((f"{w.patient_years:.0f}" for w in time.watched if w.arm == arm), "0")


def _rate(row: RateRow, arm: str) -> Any:
    found = row.arms[arm]
    rate = found.rate
    if rate.estimate is None or rate.lower is None or rate.upper is None:
        return _reason(fmt.NOT_ESTIMABLE, rate.reason)
    return html.Span(
        [
            f"{rate.estimate:.1f}",
            html.Span(f"({rate.lower:.1f} to {rate.upper:.1f})", className="interval"),
        ],
        title=f"{found.subjects} in {found.patient_years:.1f} patient-years at risk",
    )


def _rate_difference(value: Estimate | None) -> Any:
    if value is None or value.estimate is None or value.lower is None or value.upper is None:
        return _reason(fmt.NOT_ESTIMABLE, value.reason if value else None)
    interval = f"({fmt.signed(value.lower)} to {fmt.signed(value.upper)})"
    return html.Span(
        [fmt.signed(value.estimate), html.Span(interval, className="interval")],
    )


def first_table(page: SafetyPage, time: SafetyTime) -> list[Any]:
    """How many have had the event by each time, and how others left."""
    arms = [c for a in page.arms for c in time.incidences if c.arm == a.name]
    rows = []
    for i, at in enumerate(page.view.at):
        cells = []
        for curve in arms:
            mark = curve.causes[0].landmarks[i]
            if mark.incidence is None:
                cells.append(_reason(fmt.NOT_ESTIMABLE, mark.reason))
                continue
            parts: list[Any] = [fmt.percent(mark.incidence)]
            if mark.lower is not None and mark.upper is not None:
                interval = f"({100 * mark.lower:.1f} to {100 * mark.upper:.1f})"
                parts.append(html.Span(interval, className="interval"))
            cells.append(html.Span(parts))
        rows.append(_plain(f"By {format_number(at)} {page.view.unit}", cells))
    rows += [
        _plain("First event", [str(c.causes[0].events) for c in arms]),
        _plain("Died without it", [str(c.causes[1].events) for c in arms]),
        _plain("Treatment ended without it", [str(c.causes[2].events) for c in arms]),
        _plain("Still watched without it", [str(c.censored) for c in arms]),
    ]
    return [
        html.H2(
            [
                f"First: {time.term}",
                help_button(
                    "Cumulative incidence (Aalen-Johansen): death and the end of treatment compete,"
                    " since the event on treatment can no longer happen. The interval is log-log.",
                    "Time to first event",
                ),
            ]
        ),
        html.Table(
            [
                html.Thead(html.Tr([html.Td(""), *(html.Th(c.arm, scope="col") for c in arms)])),
                html.Tbody(rows),
            ],
            className="numbers",
        ),
    ]


def _plain(label: str, cells: Sequence[Any]) -> Any:
    return html.Tr([html.Th(label, scope="row"), *(html.Td(cell) for cell in cells)])


def time_notes(time: SafetyTime) -> list[Any]:
    """What was left out of everything that takes time into account."""
    words = [
        "Patients are watched from the first dose until 30 days after the last, death, or the last"
        " contact, whichever comes first."
    ]
    if time.late:
        words.append(f"{time.late} events began outside that time and are not counted here.")
    if time.undated:
        words.append(f"{time.undated} events have no start date and are not counted here.")
    if time.unwatched:
        words.append(f"{time.unwatched} patients have no dates of treatment and are left out here.")
    return [html.P(" ".join(words), className="table-note")]


def listing_table(page: SafetyPage) -> list[Any]:
    """One line per event, a page at a time; each leads to its patient."""
    found = page.listing
    if found is None or not found.rows:
        return [html.H2("Events"), html.P(nothing(page), className="hint")]
    heads = ("Patient", "Arm", "Term", "Class", "Grade", "Serious", "Related", "Days", "Action")
    rows = [
        html.Tr(
            [
                html.Th(patient_link(page.study.id, row.subject, page.view), scope="row"),
                html.Td(row.arm),
                html.Td(_event_name(page, row.term)),
                html.Td(_event_name(page, row.soc)),
                html.Td(row.grade.replace("Grade ", "") or fmt.DASH),
                html.Td(row.serious or fmt.DASH),
                html.Td(row.related or fmt.DASH),
                html.Td(_days(row.start_day, row.end_day), className="nowrap"),
                html.Td([row.action or fmt.DASH, html.Span(row.outcome, className="interval")]),
            ]
        )
        for row in found.rows
    ]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(rows),
        ],
        className="numbers listing",
    )
    return [
        html.H2(f"{found.total:,} events"),
        scrolled(table, "Listing of adverse events"),
        _pager(found.page, found.pages),
        html.P(
            "Days from the first dose, which is day 1. Choose a patient to see the whole course.",
            className="table-note after",
        ),
    ]


def _event_name(page: SafetyPage, name: str) -> str:
    labels = dict(page.terms)
    return labels.get(name, name).removesuffix(" (class)")


def _days(start: float | None, end: float | None) -> str:
    if start is None:
        return fmt.DASH
    return f"{start:.0f} to {end:.0f}" if end is not None else f"from {start:.0f}"


def patient_link(study_id: str, subject: str, view: View) -> Any:
    """A patient's id, leading to the timeline; the page it came from stays in the address."""
    return html.A(
        subject,
        href=f"/study/{study_id}/patient{encode(replace(view, id=subject))}",
        className="patient-link",
        **{"data-internal": "true"},
    )


def _pager(page: int, pages: int) -> Any:
    def button(label: str, to: int, off: bool) -> Any:
        return html.Button(
            label,
            type="button",
            className="pager-button",
            disabled=off,
            **{"data-safety": "page", "data-value": str(to)},
        )

    return html.Nav(
        [
            button("Previous", page - 1, page <= 1),
            html.Span(f"Page {page} of {pages}"),
            button("Next", page + 1, page >= pages),
        ],
        className="pager",
        **{"aria-label": "Pages of the listing"},
    )


def published(found: PublishedSafety, kind: str) -> list[Any]:
    """Published counts beside the same counts here; what was not found is not filled in."""
    rows = []
    for row in found.rows:
        grades = f"Grade {row.grades.replace('-', '–')}" if row.grades != "any" else "Any grade"
        links: list[Any] = []
        for source in row.sources:
            words = source.label or source.title
            links.append(html.A(words, href=source.link) if source.link else html.Span(words))
        rows.append(
            html.Tr(
                [
                    html.Th([row.term, html.Span(grades, className="interval")], scope="row"),
                    *(
                        cell
                        for arm in found.arms
                        for cell in (
                            html.Td(_published(row.published[arm]), className="arm-start"),
                            html.Td(_published(row.counted[arm])),
                        )
                    ),
                    html.Td(links, className="sources"),
                ]
            )
        )
    missing = [text for text in found.missing if "adverse" in text]
    top = html.Tr(
        [
            html.Td(""),
            *(
                html.Th(arm, scope="colgroup", colSpan=2, className="arm-head")
                for arm in found.arms
            ),
            html.Td(""),
        ]
    )
    second = html.Tr(
        [
            html.Td("Patients with"),
            *(
                html.Th(label, scope="col", className="arm-start" if i == 0 else "")
                for _ in found.arms
                for i, label in enumerate(("Published", kind))
            ),
            html.Th("Source", scope="col", className="sources"),
        ]
    )
    return [
        html.H2(f"Published safety of {found.acronym}"),
        scrolled(
            html.Table([html.Thead([top, second]), html.Tbody(rows)], className="numbers grades"),
            "Published safety beside the counts here",
        ),
        html.P(
            f"The {kind.lower()} counts are of all treated patients, whatever the filters above."
            " “Not given”: not in what could be read of the publication; nothing is filled in."
            + (f" Not found: {'; '.join(missing)}." if missing else ""),
            className="table-note after",
        ),
    ]


def _published(cell: PublishedCell) -> Any:
    if cell.subjects is None and cell.percent is None:
        return html.Span("Not given", className="not-given")
    parts = []
    if cell.subjects is not None:
        of = f" of {cell.denominator}" if cell.denominator is not None else ""
        parts.append(f"{cell.subjects}{of}")
    if cell.percent is not None:
        percent = f"{cell.percent:.1f}".removesuffix(".0")
        parts.append(f"({percent}%)" if parts else f"{percent}%")
    return html.Span(" ".join(parts), title=cell.basis or None)


def readings(rows: Sequence[Reading]) -> Any:
    """Every value that decides a count, and what it was taken for."""
    if not rows:
        return None
    body = [
        html.Tr(
            [
                html.Th(f"{row.question} ({row.column})", scope="row"),
                html.Td(row.value, className="words"),
                html.Td(row.meaning, className="words"),
                html.Td(str(row.events)),
            ]
        )
        for row in rows
    ]
    return html.Details(
        [
            html.Summary("How the study's values are read"),
            scrolled(
                html.Table(
                    [
                        html.Thead(
                            html.Tr(
                                [
                                    html.Td("Question (column)"),
                                    html.Th("Value", scope="col", className="words"),
                                    html.Th("Taken for", scope="col", className="words"),
                                    html.Th("Events", scope="col"),
                                ]
                            )
                        ),
                        html.Tbody(body),
                    ],
                    className="numbers",
                ),
                "How the study's values are read",
            ),
        ],
        className="more",
    )
