"""Parts that pages are made of: tables and what stands in their cells, facts, folded sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from typing import Any

from components import html
from components.shell import help_button
from services import format as fmt
from services.statistics.results import Difference, Estimate, RmstDifference


def table(
    heads: Sequence[Any],
    rows: Sequence[Any],
    classes: str = "numbers",
    label: str = "",
    cards: Sequence[str] = (),
) -> Any:
    """A table.

    Parameters
    ----------
    heads : of the columns: text, a list of parts, or a cell; "" has none. Or whole rows of them
    rows : as ``row`` makes them, or bodies of such rows
    label : of a frame that scrolls where the screen is too narrow; "" has no frame
    cards : as of ``scrolling``
    """
    whole = bool(heads) and getattr(heads[0], "_type", "") == "Tr"
    top = list(heads) if whole else [html.Tr([_head(text) for text in heads])] if heads else []
    several = bool(rows) and rows[0]._type == "Tbody"
    bodies = rows if several else [html.Tbody(list(rows))]
    made = html.Table(*([html.Thead(*top)] if top else []), *bodies, className=classes)
    return scrolling(made, label, cards) if label else made


def _head(text: Any) -> Any:
    if text == "":
        return html.Td("")
    if getattr(text, "_type", "") in ("Th", "Td"):
        return text
    return html.Th(*text if isinstance(text, list) else [text], scope="col")


def row(head: Any, *cells: Any, classes: str | None = None) -> Any:
    """A row: its head (text, a list of parts, or a cell), then its cells, likewise, or counts."""
    parts = head if isinstance(head, list) else [head]
    named = head if getattr(head, "_type", "") == "Th" else html.Th(*parts, scope="row")
    told = [f"{cell:,}" if isinstance(cell, Integral) else cell for cell in cells]
    made = [cell if getattr(cell, "_type", "") == "Td" else html.Td(cell) for cell in told]
    return html.Tr(named, *made, className=classes)


def scrolling(table: Any, label: str, cards: Sequence[str] = ()) -> Any:
    """A table that scrolls on its own where the screen is too narrow for it.

    Parameters
    ----------
    cards : what each cell of a row is called where the rows become cards; "" says it itself
    """
    if cards:
        table.className += " as-cards"
        for line in table.children[-1].children:
            cells = [cell for cell in line.children if cell._type == "Td"]
            for cell, words in zip(cells, cards, strict=True):
                if words:
                    setattr(cell, "data-label", f"{words}: ")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", aria_label=label)


def small(text: str, words: bool = False) -> Any:
    """What stands under a cell's number, or under the name of its column; ``words`` may wrap."""
    return html.Span(text, className="interval words" if words else "interval")


def with_limits(value: Any, limits: str, title: str | None = None) -> Any:
    """An estimate with its interval: "0.28", "0.12 to 0.62"."""
    return html.Span(value, small(f"({limits})"), title=title)


def estimate(
    found: Estimate | Difference | RmstDifference | None,
    say: Callable[[float], Any],
    limits: Callable[[float, float], str] | None = None,
    title: str | None = None,
) -> Any:
    """An estimate with its interval, or why there is none.

    Parameters
    ----------
    say : how a value is written; limits : how an interval is, if not as "<lower> to <upper>"
    """
    if found is None or found.estimate is None or found.lower is None or found.upper is None:
        return with_reason(fmt.NOT_ESTIMABLE, found.reason if found else None)
    write = limits or (lambda lower, upper: f"{say(lower)} to {say(upper)}")
    return with_limits(say(found.estimate), write(found.lower, found.upper), title)


def with_reason(text: str, reason: str | None) -> Any:
    """A cell that cannot be given, with why on hover, focus and touch."""
    if not reason:
        return text
    told = f"{text}: {reason}"
    return html.Span(
        text, tabIndex=0, className="reason", role="note", aria_label=told, data_tip=reason
    )


def explained(label: str, text: str) -> Any:
    """Words with their explanation on demand."""
    return html.Span(label, help_button(text, label))


def facts(pairs: Iterable[tuple[Any, Any]], classes: str = "facts", each: str | None = None) -> Any:
    """What is known, each under its name; ``each`` is the class of a pair."""
    rows = [html.Div(html.Dt(name), html.Dd(text), className=each) for name, text in pairs]
    return html.Dl(rows, className=classes)


def headlines(pairs: Iterable[tuple[Any, Any]]) -> Any:
    """Published results, each under what it is of."""
    return facts(pairs, "headlines", "headline")


def numbers_card(label: str, children: Sequence[Any]) -> Any:
    """A card of tables."""
    return html.Section(*children, className="card numbers-card", aria_label=label)


def inside(words: Any, href: str, classes: str | None = None, **attributes: Any) -> Any:
    """A link within this site; ``assets/island.js`` opens it without loading anew."""
    return html.A(words, href=href, className=classes, data_internal="true", **attributes)


def outside(words: str, link: str, classes: str | None = None) -> Any:
    """Words with the link of a source, which opens beside the page; without one, the words."""
    if not link:
        return html.Span(words, className=classes)
    return html.A(words, href=link, className=classes, target="_blank", rel="noopener noreferrer")


def folded(
    title: str, children: Sequence[Any], key: str, count: str = "", wide: bool = True
) -> Any:
    """A heading that opens what stands under it; ``assets/fold.js`` opens it on wide screens.

    Parameters
    ----------
    key : remembers, in an island, whether the reader opened it
    count : what opening will show, read with the heading
    wide : whether it is open on wide screens
    """
    told = html.Span(count, className="fold-count") if count else None
    return html.Details(
        html.Summary(html.H2(title), told),
        html.Div(list(children)),
        className="fold" if wide else "fold kept",
        data_key=f"fold-{key}",
    )
