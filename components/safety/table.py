"""Tables of the safety page."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from components import html
from components.answer import arm_chip, events_chip
from components.parts import explained, inside, row, small, table, with_reason
from components.safety.figure import EFFECT_TITLES, UNGRADED_LABEL, effect_text
from components.shell import help_button
from services import format as fmt
from services.adverse_events.records import UNGRADED, Count, EventRow
from services.names import isolated
from services.numbers import format_number
from services.pages.safety.records import ClassRow, SafetyPage
from services.statistics.results import Estimate

MOST_ROWS = 60  # of the table by grade
MOST_TERMS = 500  # that stand open at once
EXPLAINED = {
    "difference": "Percentage points: percent of the arm minus percent of the reference, with the"
    " Miettinen-Nurminen interval, which holds in small samples too.",
    "ratio": "Risk ratio: percent of the arm over percent of the reference, with the"
    " Miettinen-Nurminen interval.",
    "odds": "Odds ratio with the Miettinen-Nurminen (score) interval.",
}


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
    return html.Span(with_reason(value, effect.reason), small(interval))


def _heads(page: SafetyPage, **attributes: Any) -> list[Any]:
    return [
        html.Th(
            arm.name,
            small(f"N = {page.n[arm.name]}"),
            arm_chip(page.study, arm.name),
            **{"scope": "col"} | attributes,
        )
        for arm in page.arms
    ]


def _effect_head(page: SafetyPage) -> list[Any]:
    if page.pair is None:
        return []
    title = EFFECT_TITLES[page.view.effect].partition(",")[0]
    words = f"{isolated(page.pair[0])} {'minus' if page.view.effect == 'difference' else 'over'}"
    told = f"{EXPLAINED[page.view.effect]} {words} {isolated(page.pair[1])}."
    return [[title, help_button(told, title), small(f"({fmt.level(page.view.level)} CI)")]]


def overview(page: SafetyPage) -> list[Any]:
    """How many had what: one line per kind of event."""
    if page.reason is not None or not page.overview:
        return []
    rows = []
    for item in page.overview:
        label: Any = explained(item.label, item.explained) if item.explained else item.label
        if item.note:
            label = html.Span(label, html.Span(item.note, className="interval words"))
        cells = _cells(page, item)
        if item.reason is not None:
            why, width = f"Not given: {item.reason}", len(page.arms) + bool(page.pair)
            cells = [html.Td(why, colSpan=width, className="not-given")]
        rows.append(row(label, *cells))
    heads = [html.Td("Patients with"), *_heads(page), *_effect_head(page)]
    title = html.H2("Overview", events_chip(page))
    return [title, table(heads, rows, label="Overview of adverse events")]


def terms_table(page: SafetyPage) -> list[Any]:
    """Classes, each opening to its terms."""
    if not page.classes:
        return [html.H2("By class and term"), html.P(nothing(page), className="hint")]
    every = "*" in page.view.open
    heads = [html.Td("Class and term"), *_heads(page), *_effect_head(page)]
    opened = [every or item.row.name in page.view.open for item in page.classes]
    # Thousands of rows would keep a browser for seconds: classes beyond them stay closed.
    drawn = itertools.accumulate(
        len(item.terms) * is_open for item, is_open in zip(page.classes, opened, strict=True)
    )
    bodies = [
        _class(page, item, is_open, max(0, MOST_TERMS - (so_far - len(item.terms))))
        for item, is_open, so_far in zip(page.classes, opened, drawn, strict=True)
    ]
    toggle = html.Button(
        "Close all classes" if every else "Open all classes",
        className="text-button",
        data_safety="all",
        data_value="" if every else "*",
    )
    return [
        html.Div(html.H2("By class and term", events_chip(page)), toggle, className="safety-head"),
        table(heads, bodies, "numbers safety-table", "Adverse events by class and term"),
        html.P(_listed(page), className="table-note after"),
    ]


def nothing(page: SafetyPage) -> str:
    """Why no term is listed."""
    if page.view.q or page.view.least or page.view.only or page.view.grade != "any":
        return "No term matches. Change the search, the minimum percentage or the type of event."
    return "No adverse event was recorded for these patients."


def _listed(page: SafetyPage) -> str:
    shown = sum(len(item.terms) for item in page.classes)
    least = page.view.least
    text = fmt.counted(shown, "term", "terms")
    text += f" in {fmt.counted(len(page.classes), 'class', 'classes')}"
    if least:
        text += f", those in at least {format_number(least)}% of an arm"
    return (
        text + ". Each patient is counted once per class, including for terms that are not listed."
    )


def _class(page: SafetyPage, item: ClassRow, is_open: bool, most: int) -> Any:
    toggle = html.Button(
        item.row.label,
        className="class-toggle",
        aria_expanded="true" if is_open else "false",
        data_safety="toggle",
        data_value=item.row.name,
    )
    rows = [row(toggle, *_cells(page, item.row), classes="class-row")]
    if is_open:
        rows += [row(term_link(page, term), *_cells(page, term)) for term in item.terms[:most]]
        if more := len(item.terms) - most:
            rows += [_not_drawn(page, more)] if more > 0 else []
    return html.Tbody(rows)


def _not_drawn(page: SafetyPage, more: int) -> Any:
    """In place of rows beyond those that a browser shows at once."""
    text = f"{fmt.counted(more, 'more term', 'more terms')}: close other classes, or search"
    return html.Tr(html.Td(text, colSpan=1 + len(page.arms) + bool(page.pair), className="hint"))


def term_link(page: SafetyPage, term: EventRow) -> Any:
    """A term, leading to the listing of its events."""
    view = replace(page.address, section="events", term=term.name, q="", page=1)
    return inside(term.label, f"/study/{page.study.id}/safety{view.query}", "term-link")


def _cells(page: SafetyPage, row: EventRow) -> list[Any]:
    cells = [_count(row.arms.get(arm.name)) for arm in page.arms]
    return [*cells, _effect(page, row.effect)] if page.pair else cells


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
        html.Td(""), *_heads(page, scope="colgroup", colSpan=len(keys), className="arm-head")
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

    def cell(item: EventRow, arm: str, i: int) -> Any:
        text = str(item.arms[arm].grades.get(keys[i][0], 0) or fmt.DASH)
        return html.Td(text, className="arm-start" if i == 0 else "")

    body = [
        row(item.label, *(cell(item, arm.name, i) for arm in page.arms for i in range(len(keys))))
        for item in rows
    ]
    note = f"Patients, counted once per term at the worst grade; {fmt.DASH} means none."
    if len(page.leading) > MOST_ROWS:
        note += f" The first {MOST_ROWS} of {len(page.leading)} terms."
    return [
        html.H2("Patients by worst grade", events_chip(page)),
        table([top, second], body, "numbers grades", "Patients by worst grade"),
        html.P(note, className="table-note after"),
    ]
