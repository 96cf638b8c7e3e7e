"""Patients of each arm at the start, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import html
from components.published import scrolling
from services import format as fmt
from services.pages.overview.records import (
    BaselineGroups,
    BaselineNumber,
    BaselineTable,
    NumberSummary,
)
from services.study import labels

if TYPE_CHECKING:
    from services.study.model import Study

_PROVENANCE = {
    "illustrative": ("illustrative", "Not published: made up for illustration, not a finding."),
    "calibrated": ("calibrated", "Simulated so that published figures come out."),
    "prespecified": ("prespecified", "Fixed by the design of the trial."),
    "derived": ("derived", "Computed from other columns."),
}


def baseline_table(table: BaselineTable, study: Study, missing: str, label: str) -> Any:
    """Patients by arm; ``missing`` names the row of those without a value."""
    head = html.Tr(
        html.Td(""),
        *(
            html.Th(name, html.Span(f"N = {n:,}", className="interval"), scope="col")
            for name, n in zip(table.columns, table.n, strict=True)
        ),
    )
    body: list[Any] = []
    for row in table.rows:
        mark = provenance_mark(row.provenance) if study.kind == "simulated" else None
        if isinstance(row, BaselineNumber):
            unit = f", {row.unit}" if row.unit else ""
            cells = [html.Td(_number(s)) for s in row.arms]
            body.append(
                html.Tr(html.Th(row.label + unit, mark, scope="row"), *cells, className="group")
            )
            if any(s.missing for s in row.arms):
                body.append(_plain_row(missing, [str(s.missing) for s in row.arms]))
        else:
            body += _group_rows(row, len(table.columns), mark, missing)
    return scrolling(
        html.Table(html.Thead(head), html.Tbody(body), className="numbers baseline"),
        label,
    )


def _group_rows(row: BaselineGroups, columns: int, mark: Any, missing: str) -> list[Any]:
    rows: list[Any] = [
        html.Tr(html.Th(row.label, mark, scope="colgroup", colSpan=columns + 1), className="group")
    ]
    for level, counts in zip(row.levels, row.counts, strict=True):
        label = missing if level == labels.MISSING else labels.value_label(row.name, level)
        rows.append(
            _plain_row(
                label,
                [
                    f"{c.n:,}" if c.percent is None else f"{c.n:,} ({fmt.percent(c.percent / 100)})"
                    for c in counts
                ],
            )
        )
    return rows


def _plain_row(label: str, cells: Sequence[str]) -> Any:
    return html.Tr(html.Th(label, scope="row", className="level"), *(html.Td(c) for c in cells))


def provenance_mark(kind: str) -> Any:
    """What a simulated column rests on, as a small mark; ``None`` where there is nothing to say."""
    words, explained = _PROVENANCE.get(kind, ("", ""))
    return (
        html.Span(words, className=f"mark-{kind} column-mark", title=explained) if words else None
    )


def _number(summary: NumberSummary) -> Any:
    if summary.mean is None:
        return html.Span(fmt.NOT_ESTIMABLE, title="No value in this arm.")
    spread = fmt.NOT_ESTIMABLE if summary.sd is None else f"{summary.sd:.1f}"
    return html.Span(
        f"{summary.mean:.1f} ({spread})",
        html.Span(
            f"{_short(summary.median)} ",
            html.Span(f"[{_short(summary.q1)}, {_short(summary.q3)}];", className="nowrap"),
            " ",
            html.Span(f"{_short(summary.low)} to {_short(summary.high)}", className="nowrap"),
            className="interval",
        ),
    )


def _short(value: float | None) -> str:
    """One decimal, none for a whole number."""
    text = fmt.number(value)
    return text.removesuffix(".0")
