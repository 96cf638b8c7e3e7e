"""The listing of adverse events, a page at a time; each event leads to its patient."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from components import html
from components.answer import events_chip
from components.parts import inside, row, small, table
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
        row(
            patient_link(page.study.id, item.subject, page.address),
            item.arm,
            _event_name(page, item.term),
            _event_name(page, item.soc),
            item.grade.replace("Grade ", "") or fmt.DASH,
            item.serious or fmt.DASH,
            item.related or fmt.DASH,
            html.Td(_days(item.start_day, item.end_day), className="nowrap"),
            html.Td(item.action or fmt.DASH, small(f" {item.outcome}")),
        )
        for item in found.rows
    ]
    cards = (*heads[1:-1], "Action, outcome")
    return [
        html.H2(f"{found.total:,} events", events_chip(page)),
        table(heads, rows, "numbers listing", "Listing of adverse events", cards),
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
    address = f"/study/{study_id}/patient{replace(view, id=subject).query}"
    return inside(subject, address, "patient-link")


def _pager(page: int, pages: int) -> Any:
    def button(label: str, to: int, off: bool) -> Any:
        return html.Button(
            label, className="pager-button", disabled=off, data_safety="page", data_value=str(to)
        )

    return html.Nav(
        button("Previous", page - 1, page <= 1),
        html.Span(f"Page {page} of {pages}"),
        button("Next", page + 1, page >= pages),
        className="pager",
        aria_label="Pages of the listing",
    )
