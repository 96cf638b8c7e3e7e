"""The page of two views: what was changed, both charts, and every number that differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from components import html, island
from components import page as frame
from components.answer import answer, published
from components.chart import EMPTY_PIXELS, Figure
from components.page import Files
from components.parts import folded, inside, row, small, table
from components.shell import kind_badge
from components.take_away import take_away
from services.compare.records import ComparePage, Difference, Side
from services.names import capital

if TYPE_CHECKING:
    from services.evidence.cited import Headline

LEAD = (
    "Two views of a page side by side, their axes of the same range where both measure the same,"
    " and every number that differs: the main ones in a table, the others below it, to be opened."
    " Pin a view with “Pin to compare” under it, change something, and choose “Compare with this"
    " view” at the top."
)
ABSENT = "not in this view"
_ORDER = ("First view", "Second view")
PLACES = ("a", "b")
CHARTS = 2  # a page has at most


def compare_layout(
    page: ComparePage, query: str, files: Files, drawn: Sequence[tuple[Figure, Figure]]
) -> Any:
    """Content of the page.

    Parameters
    ----------
    drawn : each chart of the first view, with that of the second
    """
    return frame.site_page(
        "Side by side",
        LEAD,
        island.island("compare-changes", className="answer", **{"aria-live": "polite"}),
        html.Div(
            [_column(i, [pair[i] for pair in drawn]) for i in range(len(PLACES))],
            id="compare-columns",
            className="compare-columns" if page.sides else "compare-columns hidden",
        ),
        island.island("compare-numbers"),
        island.island("compare-rest"),
        frame.take_away_place("compare"),
        classes="compare",
        name="compare",
        query=query,
        words=words(page, files, drawn),
    )


def part(k: int) -> str:
    """What the ids of chart k end with."""
    return f"-{k}" if k else ""


def _column(side: int, figures: Sequence[Figure]) -> Any:
    name = f"compare-{PLACES[side]}"
    charts = [
        made
        for k, figure in enumerate(figures)
        for made in (
            island.island(f"{name}-caption{part(k)}", className="hint"),
            frame.chart(name, figure, part=part(k)),
        )
    ]
    return html.Section(
        island.island(f"{name}-words", className="answer"),
        html.Figure(*charts, className="plain-figure"),
        className="card compare-view",
        aria_label=_ORDER[side],
    )


def words(
    page: ComparePage, files: Files, drawn: Sequence[tuple[Figure, Figure]]
) -> dict[str, Any]:
    """Everything but the charts, for the page's island store; ``drawn`` has their heights."""
    sides = page.sides or ()
    parts: dict[str, Any] = {
        "compare-changes": _changes(page),
        "compare-numbers": _main(page),
        "compare-rest": _rest(page),
        "compare-take-away": take_away(
            "/compare", page.view.query, files, "compare", page.title, page.methods.whole
        )
        if sides
        else None,
    }
    heights = {
        f"compare-{place}-chart{part(k)}": figure["layout"]["height"]
        for k, pair in enumerate(drawn)
        for place, figure in zip(PLACES, pair, strict=True)
    }
    for place, side, name, head in zip(PLACES, sides, _ORDER, heads(page), strict=False):
        once = bool(page.sides and _shared(page.sides))
        parts[f"compare-{place}-words"] = _side(side, name.lower(), head, once)
        for k in range(len(drawn)):
            said = side.captions[k : k + 1]
            there = heights[f"compare-{place}-chart{part(k)}"] > EMPTY_PIXELS
            parts[f"compare-{place}-caption{part(k)}"] = said[0] if said and there else None
    return island.content(
        parts,
        heights=heights,
        hidden={"compare-columns": not sides},
    )


def heads(page: ComparePage) -> tuple[str, str]:
    """What the two are called: what was changed, where that is short."""
    if not 0 < len(page.changes) < 3:
        return _ORDER
    was, now = (", ".join(one) for one in zip(*((c.was, c.now) for c in page.changes), strict=True))
    return f"{_ORDER[0]}: {was}", f"{_ORDER[1]}: {now}"


def _changes(page: ComparePage) -> list[Any]:
    if page.sides is None:
        return [html.P("No two views are chosen yet.", className="answer-main")]
    made: list[Any] = []
    if page.changes:
        made.append(html.P("What is changed, from the first view to the second:"))
        made.append(html.Ul([html.Li(capital(c.words)) for c in page.changes]))
    turned = replace(page.view, a=page.view.b, b=page.view.a)
    made.append(
        html.P(inside("Swap the two views", f"/compare{turned.query}"), className="on-screen")
    )
    shared = _shared(page.sides)
    made += [published(shared)] if shared else []
    made += [
        html.Div(html.P(text), className="notice notice-info", role="note")
        for text in page.cautions
    ]
    return made


def _shared(sides: tuple[Side, Side]) -> tuple[Headline, ...]:
    """The published results of both views, where they are the same: said once."""
    a, b = (side.record.headlines for side in sides)
    return a if a == b else ()


def _side(side: Side, name: str, head: str, once: bool) -> list[Any]:
    return [
        html.H2(capital(head)),
        html.P(side.title, " ", kind_badge(side.record.study)),
        html.P(inside("Open and change this view", side.link), className="on-screen"),
        None if once else published(side.record.headlines, f"Published results, {name}"),
        *answer(replace(side.counted, headlines=())),
        frame.problem(side.counted.reason),
    ]


def _main(page: ComparePage) -> Any:
    if not (page.main or page.rest):
        return None
    said = html.P("The main numbers are the same in both views.")
    made = _table(page, page.main, "The main numbers that differ") if page.main else said
    tables = {one.table for one in page.main}
    return html.Section(
        html.H2("What differs"),
        html.H3(*tables) if len(tables) == 1 else None,
        made,
        className="card numbers-card",
        aria_label="What differs",
    )


def _rest(page: ComparePage) -> Any:
    """A part of its own: it may be longer than what stands before scripts have run."""
    made = [
        part
        for title, found in groupby(page.rest, key=lambda one: one.table)
        for part in (html.H3(title), _table(page, list(found), title))
    ]
    count = f"{len(page.rest):,} more"
    told = folded("Every other number that differs", made, "compare", count, wide=not page.main)
    return told if made else None


def _table(page: ComparePage, found: Sequence[Difference], label: str) -> Any:
    # Of several comparisons, or two that are not the same, each says which it is.
    titles = {o.table for o in found if ":" in o.table}
    several = found is page.main and (len(titles) > 1 or any(" / " in one for one in titles))
    rows = [
        row(
            [one.name, small(one.table)] if several and ":" in one.table else one.name,
            _cell(one.a),
            _cell(one.b),
        )
        for one in found
    ]
    columns = ["", *map(capital, heads(page))]
    return table(columns, rows, "numbers compare-table", label=label, cards=_ORDER)


def _cell(text: str) -> Any:
    return text if text else html.Span(ABSENT, className="hint")
