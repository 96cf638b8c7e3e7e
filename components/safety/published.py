"""Published safety beside the same counts here, and how a study's values are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html
from components.published import cited, scrolling
from services.adverse_events.records import Reading
from services.pages.safety.records import PublishedCell, PublishedSafety


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
                html.Th(row.term, html.Span(grades, className="interval"), scope="row"),
                *(
                    cell
                    for arm in found.arms
                    for cell in (
                        html.Td(_published(row.published[arm]), className="arm-start"),
                        html.Td(_published(row.counted[arm])),
                    )
                ),
                html.Td(links, className="sources"),
            )
        )
    missing = [text for text in found.missing if "adverse" in text]
    top = html.Tr(
        html.Td(""),
        *(html.Th(arm, scope="colgroup", colSpan=2, className="arm-head") for arm in found.arms),
        html.Td(""),
    )
    second = html.Tr(
        html.Td("Patients with"),
        *(
            html.Th(label, scope="col", className="arm-start" if i == 0 else "")
            for _ in found.arms
            for i, label in enumerate(("Published", kind))
        ),
        html.Th("Source", scope="col", className="sources"),
    )
    return [
        html.H2(f"Published safety of {found.acronym}"),
        scrolling(
            html.Table(html.Thead(top, second), html.Tbody(rows), className="numbers grades"),
            "Published safety beside the counts here",
            (*(f"{arm}, {w.lower()}" for arm in found.arms for w in ("Published", kind)), "Source"),
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
        words = "No such term" if cell.basis else "Not given"
        return html.Span(words, className="not-given", title=cell.basis or None)
    if cell.cited is not None:
        return cited(cell.cited)
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
            html.Th(f"{row.question} ({row.column})", scope="row"),
            html.Td(row.value, className="words"),
            html.Td(row.meaning, className="words"),
            html.Td(str(row.events)),
        )
        for row in rows
    ]
    return html.Details(
        html.Summary("How the study's values are read"),
        scrolling(
            html.Table(
                html.Thead(
                    html.Tr(
                        html.Td("Question (column)"),
                        html.Th("Value", scope="col", className="words"),
                        html.Th("Taken for", scope="col", className="words"),
                        html.Th("Events", scope="col"),
                    )
                ),
                html.Tbody(body),
                className="numbers",
            ),
            "How the study's values are read",
            ("Value", "Taken for", "Events"),
        ),
        className="more",
    )
