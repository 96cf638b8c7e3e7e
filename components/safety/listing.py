"""The listing of adverse events, a page at a time; each event leads to its patient."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from components import html
from components.published import scrolling
from components.safety.table import nothing
from services import format as fmt
from services.pages.safety.records import SafetyPage

if TYPE_CHECKING:
    from services.views.study import View


def listing_table(page: SafetyPage) -> list[Any]:
    """One line per event, a page at a time; each leads to its patient."""
    found = page.listing
    if found is None or not found.rows:
        return [html.H2("Events"), html.P(nothing(page), className="hint")]
    heads = ("Patient", "Arm", "Term", "Class", "Grade", "Serious", "Related", "Days", "Action")
    rows = [
        html.Tr(
            html.Th(patient_link(page.study.id, row.subject, page.address), scope="row"),
            html.Td(row.arm),
            html.Td(_event_name(page, row.term)),
            html.Td(_event_name(page, row.soc)),
            html.Td(row.grade.replace("Grade ", "") or fmt.DASH),
            html.Td(row.serious or fmt.DASH),
            html.Td(row.related or fmt.DASH),
            html.Td(_days(row.start_day, row.end_day), className="nowrap"),
            html.Td(row.action or fmt.DASH, html.Span(f" {row.outcome}", className="interval")),
        )
        for row in found.rows
    ]
    table = html.Table(
        html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
        html.Tbody(rows),
        className="numbers listing",
    )
    return [
        html.H2(f"{found.total:,} events"),
        scrolling(table, "Listing of adverse events", (*heads[1:-1], "Action, outcome")),
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
        href=f"/study/{study_id}/patient{replace(view, id=subject).query}",
        className="patient-link",
        data_internal="true",
    )


def _pager(page: int, pages: int) -> Any:
    def button(label: str, to: int, off: bool) -> Any:
        return html.Button(
            label,
            type="button",
            className="pager-button",
            disabled=off,
            data_safety="page",
            data_value=str(to),
        )

    return html.Nav(
        button("Previous", page - 1, page <= 1),
        html.Span(f"Page {page} of {pages}"),
        button("Next", page + 1, page >= pages),
        className="pager",
        aria_label="Pages of the listing",
    )
