"""The left rail: which patients are shown, with live counts, and the page's settings.

The filters are HTML, not Dash components: there are up to 150 boxes and sliders, and Dash asks
every component on a page at every change. ``assets/rail.js`` shows in them what ``live`` says and
writes what is chosen into the page's address, which asks the page's callback.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dash import dcc

from components import html, island, page_notice
from components.markup import Markup, tag
from components.shell import help_button
from services import names
from services.numbers import format_number
from services.pages.records import PageRecord
from services.study.labels import MISSING, value_label
from services.study.records import FilterColumn

AHEAD_UP_TO = 2000  # patients; what takes longer is not computed on the mere chance of a click
SHOWN_FILTERS = 6  # further ones fold away, unless in use


def island_id(name: Any) -> dict[str, Any]:
    """Id of the store of what changes in the rail of the page of that name."""
    return {"type": "rail", "page": name}


def drawn_id(name: Any) -> dict[str, Any]:
    """Id of the store of the filters as they are drawn, for the page of that name.

    A store of its own: what a question is open for is shown only when it is answered, and a page
    that is gone to asks at once.
    """
    return {"type": "rail-drawn", "page": name}


def answered_id(name: str) -> str:
    """Id of the store that says what the page of that name shows: see ``answered``."""
    return f"{name}-answered"


def rail(page: PageRecord, settings: Sequence[Any], name: str) -> Any:
    """The whole rail; it folds away on narrow screens behind one button.

    Parameters
    ----------
    name : the page's; its ``dcc.Location`` is called ``<name>-address``
    """
    # What of the address cannot be used goes with the first change of a filter.
    query = page.address.query
    return html.Aside(
        island.store(drawn_id(name), live(page, query, draw=True)),
        island.store(island_id(name), {}),
        dcc.Store(id=answered_id(name), data=answered(page, query)),
        html.Button(
            "Patients and settings",
            id="rail-toggle",
            className="rail-toggle",
            aria_expanded="false",
            aria_controls="rail-body",
        ),
        html.Div(
            island.island("rail-patients", html.Section),
            html.Section(html.H2("Analysis"), *settings) if settings else None,
            html.Div(
                html.Span(id="rail-count", role="status"),
                html.Button("Show", className="main-button", data_show=""),
                className="rail-bar",
            ),
            id="rail-body",
            className="rail-body",
        ),
        className="rail",
        aria_label="Patients and analysis settings",
        data_page=name,
        data_ahead="" if page.population.n_total <= AHEAD_UP_TO else None,
    )


def answered(page: PageRecord, query: str) -> dict[str, Any]:
    """What the page shows, as its callback is told with the next change."""
    columns = [column.name for column in page.filters]
    return {"query": query, "columns": columns, "version": page.study.sha256[:12]}


def live(
    page: PageRecord, query: str, draw: bool = False, problems: Sequence[str] | None = None
) -> dict[str, Any]:
    """What of the rail and the tabs follows every change: summary, filters, and the links' query.

    Parameters
    ----------
    draw : with the filters themselves, which are drawn anew only when there are others
    problems : what of the address cannot be used, said above the page; None: what was said stays
    """
    parts: dict[str, Any] = {} if problems is None else page_notice.parts(problems)
    chosen = dict(page.view.filters)
    if draw:
        parts["rail-patients"] = patients(page.filters, chosen)
    parts["population-summary"] = summary(page)
    parts["rail-count"] = _count(page)
    states = {c.name: _state(page, c, chosen.get(c.name, ())) for c in page.filters}
    return island.content(parts, filters=states, query=query, unit=page.view.unit)


def _state(page: PageRecord, column: FilterColumn, chosen: Sequence[str]) -> dict[str, Any]:
    """What a filter's controls show."""
    if column.kind == "categorical":
        counts = page.counts.get(column.name, {})
        return {"chosen": list(chosen), "counts": [counts.get(level, 0) for level in column.levels]}
    low, high, missing = range_values(column, chosen)
    return {"range": [low, high], "missing": missing}


def _who(page: PageRecord) -> str:
    """ "118 of 182 patients", of the whole study, and in which of its arms if not in all."""
    shown, known = len(page.arms), len(page.all_arms)
    who = _count(page)
    return f"{who} in {shown} of {known} {page.view.side}s" if shown < known else who


def _count(page: PageRecord) -> str:
    """ "118 of 182 patients", and how many of them a landmark leaves."""
    population = page.population
    who = f"{population.n:,} of {names.count(population.n_study, 'patient')}{_among(page)}"
    if population.analyzed is None:
        return who
    return f"{who}, {population.analyzed:,} analyzed at {population.since}"


def _among(page: PageRecord) -> str:
    return f" of the {page.among}" if page.among else ""


def summary(page: PageRecord) -> list[Any]:
    """ "118 of 182 patients" and who they are."""
    population, who = page.population, _who(page)
    children: list[Any] = [html.Strong(f"{who}: " if population.summary else who)]
    if population.summary:
        children.append(html.Span(population.summary, className="summary-filters"))
    return children


def patients(columns: Sequence[FilterColumn], chosen: dict[str, tuple[str, ...]]) -> Markup:
    """The part of the rail that chooses patients; those in use are never folded away."""
    made = [(column, _filter(column)) for column in columns]
    first = [m for i, (c, m) in enumerate(made) if i < SHOWN_FILTERS or c.name in chosen]
    more = [m for i, (c, m) in enumerate(made) if i >= SHOWN_FILTERS and c.name not in chosen]
    reset = tag("button", "Reset", type="button", class_="text-button", data_reset="")
    folded = tag(
        "details",
        tag("summary", f"More filters ({len(more)})"),
        *more,
        class_="more",
        data_key="more-filters",
    )
    return Markup(
        tag("div", tag("h2", "Patients"), reset, class_="rail-head")
        + tag("div", id="population-summary", class_="summary")
        + "".join(first)
        + (folded if more else "")
    )


def _filter(column: FilterColumn) -> Markup:
    make = _categorical if column.kind == "categorical" else _numeric
    named = tag("span", column.label + (f", {column.unit}" if column.unit else ""))
    note = island.to_html(help_button(column.note, column.label)) if column.note else ""
    return tag(
        "fieldset",
        tag("legend", named, Markup(note)),
        make(column),
        class_="filter",
        data_column=column.name,
    )


def _categorical(column: FilterColumn) -> Markup:
    """One check box per level, and beside it how many patients it would give."""
    rows = [
        _box(value_label(column.name, level), tag("span", class_="count"), value=level)
        for level in column.levels
    ]
    return tag("div", *rows, class_="options", role="group", aria_label=column.label)


def _box(label: str, *beside: Markup, **attributes: Any) -> Markup:
    box = Markup(tag("input", type="checkbox", **attributes).removesuffix("</input>"))
    return tag("label", box, tag("span", label, class_="level"), *beside, class_="option-row")


def _numeric(column: FilterColumn) -> Markup:
    """A slider of two thumbs over two fields that say the same, exactly."""
    assert column.low is not None and column.high is not None
    step = _step(column.low, column.high)
    # A slider reaches its end in whole steps only: its ends stand for the column's own.
    ends = {"min": format_number(column.low), "max": _whole_steps(column.low, column.high, step)}

    def made(kind: str, end: str, words: str, **attributes: Any) -> Markup:
        named = {"type": kind, "class_": end, "aria_label": f"{column.label}, {words}"}
        attributes = named | attributes
        return Markup(tag("input", **attributes).removesuffix("</input>"))

    def both(kind: str, **attributes: Any) -> tuple[Markup, Markup]:
        return made(kind, "low", "lowest", **attributes), made(
            kind, "high", "highest", **attributes
        )

    name = f"range-error-{column.name.encode().hex()}"  # a name may have blanks
    low, high = both(
        "text", inputmode="decimal", autocomplete="off", spellcheck="false", aria_describedby=name
    )
    also = _box(f"Also the {column.missing} without a value", class_="missing")
    return tag(
        "div",
        tag("div", *both("range", step=format_number(step), **ends), class_="slider"),
        tag("div", low, tag("span", "to"), high, class_="range-fields"),
        tag("p", id=name, class_="field-error", role="alert"),
        also if column.missing else None,
        data_low=format_number(column.low),
        data_high=format_number(column.high),
    )


def _step(low: float, high: float) -> float:
    """A tenth of a percent of the range at least, on a round scale; 1 for wide ranges."""
    span = high - low
    for step in (1.0, 0.1, 0.01):
        if span >= 25 * step:
            return step
    return span / 100 if span > 0 else 1.0


def _whole_steps(low: float, high: float, step: float) -> str:
    return format_number(low + math.ceil((high - low) / step - 1e-9) * step)


def range_values(column: FilterColumn, chosen: Sequence[str]) -> tuple[float, float, bool]:
    """A numeric filter's lower and upper end, and whether missing values pass."""
    assert column.low is not None and column.high is not None
    ranges = [text for text in chosen if text != MISSING]
    if not chosen:
        return column.low, column.high, True
    low, high = column.low, column.high
    if ranges:
        start, _, end = ranges[0].partition("..")
        low = max(low, float(start)) if start else low
        high = min(high, float(end)) if end else high
        # A range that nobody lies in stays one.
        if low > column.high:
            high = low
        elif high < column.low:
            low = high
    return low, high, MISSING in chosen
