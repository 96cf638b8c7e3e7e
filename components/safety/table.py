"""Tables of the safety page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components import html
from components.answer import arm_chip
from components.published import scrolling
from components.safety.figure import EFFECT_TITLES, UNGRADED_LABEL, effect_text
from components.shell import help_button
from services import format as fmt
from services.adverse_events.records import UNGRADED, Count, EventRow
from services.names import isolated
from services.numbers import format_number
from services.pages.safety.records import ClassRow, SafetyPage
from services.statistics.results import Estimate

MOST_ROWS = 60  # of the table by grade
EXPLAINED = {
    "difference": "Percentage points: percent of the arm minus percent of the reference, with the"
    " Miettinen-Nurminen interval, which holds in small samples too.",
    "ratio": "Risk ratio: percent of the arm over percent of the reference, with the"
    " Miettinen-Nurminen interval.",
    "odds": "Odds ratio with the Miettinen-Nurminen (score) interval.",
}


def with_reason(text: str, reason: str | None) -> Any:
    """A cell that cannot be given, with why on hover and focus."""
    if not reason:
        return text
    return html.Span(text, title=reason, tabIndex=0, className="reason", aria_label=reason)


def _count(count: Count | None) -> Any:
    if count is None:
        return fmt.DASH
    if count.percent is None:
        return f"{count.subjects:,}"
    percent = html.Span(f"({fmt.percent(count.percent / 100)})", className="percent")
    return html.Span(f"{count.subjects:,} ", percent)


def _effect(page: SafetyPage, effect: Estimate | None) -> Any:
    if effect is None:
        return fmt.DASH
    text = effect_text(page, effect)
    value, _, interval = text.partition(" ")
    if effect.estimate is None and effect.lower is None:
        return with_reason(fmt.NOT_ESTIMABLE, effect.reason)
    return html.Span(with_reason(value, effect.reason), html.Span(interval, className="interval"))


def _heads(page: SafetyPage) -> list[Any]:
    return [
        html.Th(
            arm.name,
            html.Span(f"N = {page.n[arm.name]}", className="interval"),
            arm_chip(page.study, arm.name),
            scope="col",
        )
        for arm in page.arms
    ]


def _effect_head(page: SafetyPage) -> list[Any]:
    if page.pair is None:
        return []
    title = EFFECT_TITLES[page.view.effect].partition(",")[0]
    words = f"{isolated(page.pair[0])} {'minus' if page.view.effect == 'difference' else 'over'}"
    return [
        html.Th(
            title,
            help_button(
                f"{EXPLAINED[page.view.effect]} {words} {isolated(page.pair[1])}.",
                title,
            ),
            html.Span(f"({fmt.level(page.view.level)} CI)", className="interval"),
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
            label = html.Span(row.label, help_button(row.explained, row.label))
        if row.note:
            label = html.Span(label, html.Span(row.note, className="interval words"))
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
        rows.append(html.Tr(html.Th(label, scope="row"), *cells))
    head = html.Thead(html.Tr(html.Td("Patients with"), *_heads(page), *_effect_head(page)))
    table = html.Table(head, html.Tbody(rows), className="numbers")
    return [html.H2("Overview"), scrolling(table, "Overview of adverse events")]


def terms_table(page: SafetyPage) -> list[Any]:
    """Classes, each opening to its terms."""
    if not page.classes:
        return [html.H2("By class and term"), html.P(nothing(page), className="hint")]
    every = "*" in page.view.open
    head = html.Thead(html.Tr(html.Td("Class and term"), *_heads(page), *_effect_head(page)))
    bodies = [_class(page, item, every or item.row.name in page.view.open) for item in page.classes]
    toggle = html.Button(
        "Close all classes" if every else "Open all classes",
        type="button",
        className="text-button",
        data_safety="all",
        data_value="" if every else "*",
    )
    return [
        html.Div(html.H2("By class and term"), toggle, className="safety-head"),
        scrolling(
            html.Table(head, *bodies, className="numbers safety-table"),
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
    text = fmt.counted(shown, "term", "terms")
    text += f" in {fmt.counted(len(page.classes), 'class', 'classes')}"
    if least:
        text += f", those of at least {format_number(least)}% of an arm"
    return text + ". A class counts each of its patients once, also for terms that are not listed."


def _class(page: SafetyPage, item: ClassRow, is_open: bool) -> Any:
    rows = [
        html.Tr(
            html.Th(
                html.Button(
                    item.row.label,
                    type="button",
                    className="class-toggle",
                    aria_expanded="true" if is_open else "false",
                    data_safety="toggle",
                    data_value=item.row.name,
                ),
                scope="row",
            ),
            *_cells(page, item.row),
            className="class-row",
        )
    ]
    if is_open:
        rows += [
            html.Tr(html.Th(term_link(page, term), scope="row"), *_cells(page, term))
            for term in item.terms
        ]
    return html.Tbody(rows)


def term_link(page: SafetyPage, term: EventRow) -> Any:
    """A term, leading to the listing of its events."""
    view = replace(page.address, section="events", term=term.name, q="", page=1)
    return html.A(
        term.label,
        href=f"/study/{page.study.id}/safety{view.query}",
        className="term-link",
        data_internal="true",
    )


def _cells(page: SafetyPage, row: EventRow) -> list[Any]:
    cells = [html.Td(_count(row.arms.get(arm.name))) for arm in page.arms]
    if page.pair:
        cells.append(html.Td(_effect(page, row.effect)))
    return cells


def grades_table(page: SafetyPage) -> list[Any]:
    """Patients by worst grade, per arm: one column per grade."""
    severity = page.severity
    if severity is None:
        return [html.H2("By grade"), html.P("No severity or grade is recorded.", className="hint")]
    rows = [*(r for r in page.overview if r.id == "any"), *page.leading[:MOST_ROWS]]
    if not page.leading:
        return [html.H2("By worst grade"), html.P(nothing(page), className="hint")]
    keys = list(zip(severity.levels, severity.labels, strict=True))
    if any(c.grades.get(UNGRADED) for row in rows for c in row.arms.values()):
        keys.append((UNGRADED, UNGRADED_LABEL))
    top = html.Tr(
        html.Td(""),
        *(
            html.Th(
                arm.name,
                html.Span(f"N = {page.n[arm.name]}", className="interval"),
                arm_chip(page.study, arm.name),
                scope="colgroup",
                colSpan=len(keys),
                className="arm-head",
            )
            for arm in page.arms
        ),
    )
    second = html.Tr(
        html.Td("Worst grade" if severity.levels[-1] == "5" else "Worst severity"),
        *(
            html.Th(
                label.replace("Grade ", ""),
                scope="col",
                className="arm-start" if i == 0 else "",
                aria_label=f"{isolated(arm.name)}, {label}",
            )
            for arm in page.arms
            for i, (_, label) in enumerate(keys)
        ),
    )
    body = [
        html.Tr(
            html.Th(row.label, scope="row"),
            *(
                html.Td(
                    str(row.arms[arm.name].grades.get(key, 0) or fmt.DASH),
                    className="arm-start" if i == 0 else "",
                )
                for arm in page.arms
                for i, (key, _) in enumerate(keys)
            ),
        )
        for row in rows
    ]
    note = f"Patients, each at the worst grade per term; {fmt.DASH} is none."
    if len(page.leading) > MOST_ROWS:
        note += f" The first {MOST_ROWS} of {len(page.leading)} terms."
    return [
        html.H2("Patients by worst grade"),
        scrolling(
            html.Table(html.Thead(top, second), html.Tbody(body), className="numbers grades"),
            "Patients by worst grade",
        ),
        html.P(note, className="table-note after"),
    ]
