"""Patients of each arm at the start, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import html
from components.parts import row, small, table
from services import format as fmt
from services.pages.overview import records
from services.study import labels

if TYPE_CHECKING:
    from services.study.model import Study

_PROVENANCE = {
    "illustrative": ("illustrative", "Not published: made up for illustration, not a finding."),
    "calibrated": ("calibrated", "Simulated to reproduce published figures."),
    "prespecified": ("prespecified", "Fixed by the design of the trial."),
    "derived": ("derived", "Computed from other columns."),
}


def baseline_table(found: records.BaselineTable, study: Study, missing: str, label: str) -> Any:
    """Patients by arm; ``missing`` names the row of those without a value."""
    body: list[Any] = []
    for item in found.rows:
        mark = provenance_mark(item.provenance) if study.kind == "simulated" else None
        if isinstance(item, records.BaselineNumber):
            unit = f", {item.unit}" if item.unit else ""
            body.append(row([item.label + unit, mark], *map(_number, item.arms), classes="group"))
            if any(s.missing for s in item.arms):
                body.append(_plain_row(missing, [str(s.missing) for s in item.arms]))
        else:
            body += _group_rows(item, len(found.columns), mark, missing)
    heads = [[name, small(f"N = {n:,}")] for name, n in zip(found.columns, found.n, strict=True)]
    return table(["", *heads], body, "numbers baseline", label)


def _group_rows(item: records.BaselineGroups, columns: int, mark: Any, missing: str) -> list[Any]:
    rows: list[Any] = [
        html.Tr(html.Th(item.label, mark, scope="colgroup", colSpan=columns + 1), className="group")
    ]
    for level, counts in zip(item.levels, item.counts, strict=True):
        label = missing if level == labels.MISSING else labels.value_label(item.name, level)
        rows.append(_plain_row(label, [_counted(count) for count in counts]))
    return rows


def _counted(count: records.LevelCount) -> str:
    percent = "" if count.percent is None else f" ({fmt.percent(count.percent / 100)})"
    return f"{count.n:,}{percent}"


def _plain_row(label: str, cells: Sequence[str]) -> Any:
    return row(html.Th(label, scope="row", className="level"), *cells)


def provenance_mark(kind: str) -> Any:
    """What a simulated column rests on, as a small mark; ``None`` where there is nothing to say."""
    words, explained = _PROVENANCE.get(kind, ("", ""))
    return (
        html.Span(words, className=f"mark-{kind} column-mark", title=explained) if words else None
    )


def _number(summary: records.NumberSummary) -> Any:
    if summary.mean is None:
        why = "Its sum is beyond what a number can hold." if summary.n else "No value in this arm."
        return html.Span(fmt.NOT_ESTIMABLE, title=why)
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
