"""Published numbers on a page: each opens its source, verification and conflicts.

``assets/published.js`` places the opened card and closes it again; without it the card opens all
the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from components import html, island
from components.markup import Markup
from components.parts import inside, outside, row, table
from services import names
from services.pages.evidence.records import ForestRow, StandingRow

if TYPE_CHECKING:
    from services.evidence.cited import ArmsRow, Cited
    from services.evidence.facts import Conflict, Source

# Ticks are drawn in this order, as long as they stay apart.
_TICK_ORDER = (1.0, 0.1, 10.0, 0.5, 2.0, 0.2, 5.0, 0.05, 20.0, 0.02, 50.0)
_TICK_GAP = 12.0  # percent of the axis
TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
NOT_FOUND = "not found"  # in all that was read
_LABELS = {
    "primary": "From the paper",
    "secondary": "Second-hand",
    "derived": "Derived",
    "": "As the study states it",
}


@lru_cache(2_000)  # about 1 kB each; nearly all answers about what is published have the same ones
def cited(number: Cited, prefix: str = "") -> Markup:
    """A number that opens a card with everything that stands behind it, as HTML."""
    made = html.Details(
        html.Summary(prefix, number.text, className=f"cite-number cite-{number.verification}"),
        html.Div(
            html.P(number.about, className="cite-about"),
            html.P(
                html.Span(
                    _LABELS[number.verification],
                    className=f"cite-level cite-level-{number.verification}",
                ),
                " " + number.verified + ".",
            ),
            html.P(f"How: {number.basis}.") if number.basis else None,
            html.P(_sentence(number.note)) if number.note else None,
            *(
                [html.Ul([html.Li(source_line(s)) for s in number.sources])]
                if number.sources
                else []
            ),
            *(conflict(c) for c in number.conflicts),
            className="cite-card",
        ),
        className="cite",
    )
    return Markup(island.to_html(made))


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def source_line(source: Source) -> list[Any]:
    """A source in words, linked where a reader can trust the link."""
    words = [word for word in (source.label, source.where) if word]
    small = f"{', '.join(words)}. " if words else ""
    read = f", read: {source.read}" if source.read else ""
    return [
        outside(source.title, source.link),
        html.Span(f" {small}{source.kind_words}{read}{_where(source)}", className="cite-kind"),
    ]


def _where(source: Source) -> str:
    """Where and when it was read; the address in words where we do not link it."""
    parts = [source.date and f"dated {source.date}"]
    parts += ["" if source.link else source.address, source.seen and f"last read {source.seen}"]
    return "".join(f", {part}" for part in parts if part)


def conflict(item: Conflict) -> Any:
    """What sources disagree on, and what is shown."""
    title = item.title if item.title.endswith("?") else f"{item.title}."
    return html.P(html.Strong(f"Sources differ: {title} "), item.text, className="conflict")


def trial_name(acronym: str, link: str, small: str = "", also: str = "") -> Any:
    """A trial's name with its link, who reported it, and whom else it enrolled."""
    opened = inside if link.startswith("/") else outside
    told = (html.Span(words, className="trial-report") for words in (small, also) if words)
    return html.Div(opened(acronym, link, "trial-name"), *told)


def axis_range(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """Round ends of a log axis that holds every limit; at least 0.1 to 2."""
    values = [v for r in rows for v in (r.lower, r.upper, r.estimate) if v is not None]
    low, high = min([*values, 0.1]), max([*values, 2.0])
    return (
        max((t for t in TICKS if t <= low), default=TICKS[0]),
        min((t for t in TICKS if t >= high), default=TICKS[-1]),
    )


def _position(value: float, ends: tuple[float, float]) -> float:
    """Percent of the way along a log axis, kept on it."""
    share = math.log(value / ends[0]) / math.log(ends[1] / ends[0])
    return round(100 * min(max(share, 0.0), 1.0), 2)


def axis(ends: tuple[float, float], gap: float = _TICK_GAP) -> Any:
    """The labels above the column of bars, ``gap`` percent of it apart or more."""
    marks: list[float] = []
    for tick in (t for t in _TICK_ORDER if ends[0] <= t <= ends[1]):
        place = _position(tick, ends)
        if all(abs(place - _position(t, ends)) >= gap for t in marks):
            marks.append(tick)
    return html.Div(
        [
            html.Span(f"{t:g}", style={"left": f"{_position(t, ends)}%"}, className="tick")
            for t in sorted(marks)
        ],
        className="bar-axis",
    )


def bar(row: ForestRow, ends: tuple[float, float]) -> Any:
    """The interval on a log axis, or why there is none."""
    if row.estimate is None:
        return html.Span(row.reason, className="no-bar")
    parts = [html.Span(className="bar-one", style={"left": f"{_position(1.0, ends)}%"})]
    if row.lower is not None and row.upper is not None:
        left, right = _position(row.lower, ends), _position(row.upper, ends)
        parts.append(
            html.Span(
                className="bar-line", style={"left": f"{left}%", "width": f"{right - left:.2f}%"}
            )
        )
    parts.append(
        html.Span(className="bar-dot", style={"left": f"{_position(row.estimate, ends)}%"})
    )
    return html.Div(parts, className="bar", aria_hidden="true")


def or_not_found(number: Cited | None) -> Any:
    """A number that may be missing from all that was read."""
    return NOT_FOUND if number is None else cited(number)


def forest_table(rows: Sequence[ForestRow], label: str) -> Any:
    """A table of published ratios with their intervals drawn on one axis."""
    ends = axis_range(rows)
    favors = html.Span("← favors the first named", className="favors")
    heads = [
        "Trial",
        "Comparison",
        html.Th("Patients", scope="col", className="right"),
        html.Th("Follow-up, months", scope="col", className="right"),
        html.Th(favors, axis(ends), scope="col", className="bar-cell"),
        "HR (95% CI)",
    ]
    body = [
        row(
            trial_name(r.acronym, r.link, r.report, r.also),
            [
                html.Div(r.subgroup, className="of-part") if r.subgroup else None,
                html.Div(names.capital(r.comparison)),
                html.Div("; ".join(filter(None, (r.endpoint, r.beside))), className="trial-report"),
            ],
            html.Td(or_not_found(r.patients), className="right"),
            html.Td(or_not_found(r.follow_up), className="right"),
            html.Td(bar(r, ends), className="bar-cell"),
            cited(r.cited, "" if r.measure == "HR" else f"{r.measure} "),
        )
        for r in rows
    ]
    return table(heads, body, "numbers forest-table", label)


def arms_table(rows: Sequence[ArmsRow], label: str, follow_up: bool = True) -> Any:
    """One line per trial and result: each arm with its number."""
    heads: list[Any] = ["Trial", "Result", "Arms"]
    if follow_up:
        heads.append(html.Th("Follow-up, months", scope="col", className="right"))
    body = []
    before = ""
    for item in rows:
        first = item.acronym != before
        before = item.acronym
        name = html.Span(item.acronym, className="visually-hidden")
        if first:
            name = trial_name(item.acronym, item.link, also=item.also)
        numbers = html.Div([arm_number(n, c) for n, c in item.arms], className="arm-numbers")
        cells = [item.what, numbers]
        if follow_up:
            cells.append(html.Td(or_not_found(item.follow_up), className="right"))
        body.append(row(name, *cells, classes="first-of-trial" if first else ""))
    return table(heads, body, "numbers cite-list stacked", label)


def arm_number(name: str, number: Cited) -> Any:
    """An arm's name with its number."""
    return html.Span(cited(number), html.Span(name, className="arm-name"), className="arm-number")


def standing_table(rows: Sequence[StandingRow]) -> Any:
    """Who approved, recommends or doubts a treatment, the latest first."""
    body = []
    for r in rows:
        where = ", ".join(words for words in (r.kind, r.region) if words)
        trials = [
            html.Div((inside if link.startswith("/") else outside)(name, link))
            for name, link in r.trials
        ]
        whom = f"For whom: {r.population}"
        body.append(
            row(
                [html.Div(r.body), html.Div(where, className="trial-report")],
                r.date or "date not found",
                [html.Div(r.text), html.Div(whom, className="trial-report")],
                trials,
                cited(r.cited),
            )
        )
    heads = ("Who", "Date", "What it says", "Trial", "Source")
    return table(heads, body, "numbers cite-list stacked standing", "Where it stands")
