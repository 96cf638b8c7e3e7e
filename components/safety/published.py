"""Published safety beside the same counts here, and how a study's values are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import html
from components.parts import row, small, table
from components.published import cited
from services import format as fmt
from services.adverse_events.records import Reading
from services.pages.safety.records import PublishedCell, PublishedSafety

_NOT_GIVEN = (
    "“Not given”: not in the parts of the publication that could be read; no value is filled in."
)


def published(found: PublishedSafety, kind: str) -> list[Any]:
    """Published counts beside the same counts here; what was not found is not filled in."""
    rows = []
    for item in found.rows:
        grades = f"Grade {item.grades.replace('-', '–')}" if item.grades != "any" else "Any grade"
        links: list[Any] = []
        for source in item.sources:
            words = source.label or source.title
            links.append(html.A(words, href=source.link) if source.link else html.Span(words))
        cells: list[Any] = []
        for arm in found.arms:
            cells += [html.Td(_published(item.published[arm]), className="arm-start")]
            cells += [_published(item.counted[arm])]
        rows.append(row([item.term, small(grades)], *cells, html.Td(links, className="sources")))
    blank = any(_is_gap(c) and not c.basis for r in found.rows for c in r.published.values())
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
        table(
            [top, second],
            rows,
            "numbers grades",
            "Published safety beside the counts here",
            (*(f"{arm}, {w.lower()}" for arm in found.arms for w in ("Published", kind)), "Source"),
        ),
        html.P(
            f"The {kind.lower()} counts are of all treated patients, regardless of the filters "
            "above."
            + (f" {_NOT_GIVEN}" if blank else "")
            + (f" Not found: {'; '.join(missing)}." if missing else ""),
            className="table-note after",
        ),
    ]


def _is_gap(cell: PublishedCell) -> bool:
    return cell.subjects is None and cell.percent is None


def _published(cell: PublishedCell) -> Any:
    if _is_gap(cell):
        words = "No such term" if cell.basis else "Not given"
        return html.Span(words, className="not-given", title=cell.basis or None)
    if cell.cited is not None:
        return cited(cell.cited)
    parts = []
    if cell.subjects is not None:
        of = f" of {cell.denominator}" if cell.denominator is not None else ""
        parts.append(f"{cell.subjects}{of}")
    if cell.percent is not None:
        percent = fmt.percent(cell.percent / 100)
        parts.append(f"({percent})" if parts else percent)
    return html.Span(" ".join(parts), title=cell.basis or None)


def readings(rows: Sequence[Reading]) -> Any:
    """Every value that decides a count, and what it was taken for."""
    if not rows:
        return None
    body = [
        row(
            f"{item.question} ({item.column})",
            html.Td(item.value, className="words"),
            html.Td(item.meaning, className="words"),
            str(item.events),
        )
        for item in rows
    ]
    heads = [
        html.Td("Question (column)"),
        html.Th("Value", scope="col", className="words"),
        html.Th("Taken for", scope="col", className="words"),
        "Events",
    ]
    title = "How the study's values are interpreted"
    made = table(heads, body, label=title, cards=("Value", "Taken for", "Events"))
    return html.Details(html.Summary(title), made, className="more")
