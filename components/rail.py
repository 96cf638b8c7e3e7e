"""The left rail: which patients are shown, with live counts, and the page's settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from components import island
from components.shell import help_button
from services.format import MISSING, value_label
from services.page_records import FilterColumn, StudyPage
from services.view import encode, format_number

SHOWN_FILTERS = 6  # further ones fold away, unless in use
_MISSING_VALUE = "__missing__"  # a check box cannot have an empty value


def island_id(name: Any) -> dict[str, Any]:
    """Id of the store of what changes in the rail of the page of that name."""
    return {"type": "rail", "page": name}


def filter_id(name: str, column: Any) -> dict[str, Any]:
    """Id of the check boxes that filter by ``column`` on the page of that name."""
    return {"type": "filter", "page": name, "column": column}


def range_id(name: str, column: Any, part: str = "range") -> dict[str, Any]:
    """Id of a numeric filter's slider ("range"), fields ("low", "high") or "missing" box."""
    return {"type": part, "page": name, "column": column}


def reset_id(name: str) -> str:
    """Id of the button that takes all filters away."""
    return f"{name}-reset"


def rail(page: StudyPage, settings: Sequence[Any], name: str) -> Any:
    """The whole rail; it folds away on narrow screens behind one button.

    ``name`` is the page's and part of every id. Dash refuses a callback some of whose components
    are there and some not: pages that shared their rail's ids would all be called on each of them.
    """
    chosen = dict(page.view.filters)
    made = [(c, _filter(name, c, chosen.get(c.name, ()))) for c in page.filters]
    first = [item for i, (c, item) in enumerate(made) if i < SHOWN_FILTERS or c.name in chosen]
    more = [item for i, (c, item) in enumerate(made) if i >= SHOWN_FILTERS and c.name not in chosen]
    return html.Aside(
        [
            island.store(island_id(name), live(page, encode(page.view))),
            html.Button(
                "Patients and settings",
                id="rail-toggle",
                type="button",
                className="rail-toggle",
                **{"aria-expanded": "false", "aria-controls": "rail-body"},
            ),
            html.Div(
                [
                    html.Section(
                        [
                            html.Div(
                                [
                                    html.H2("Patients"),
                                    html.Button(
                                        "Reset",
                                        id=reset_id(name),
                                        type="button",
                                        className="text-button",
                                    ),
                                ],
                                className="rail-head",
                            ),
                            island.island("population-summary", className="summary"),
                            *first,
                            html.Details(
                                [html.Summary(f"More filters ({len(more)})"), *more],
                                className="more",
                            )
                            if more
                            else None,
                        ]
                    ),
                    html.Section([html.H2("Analysis"), *settings]) if settings else None,
                ],
                id="rail-body",
                className="rail-body",
            ),
        ],
        className="rail",
        **{"aria-label": "Patients and analysis settings"},
    )


def live(page: StudyPage, query: str) -> dict[str, Any]:
    """What of the rail and the tabs follows every change: summary, counts, and the links' query.

    Counts are in the order of each filter's check boxes.
    """
    counts = {
        column.name: [page.counts.get(column.name, {}).get(level, 0) for level in column.levels]
        for column in page.filters
        if column.kind == "categorical"
    }
    return island.content({"population-summary": summary(page)}, counts=counts, query=query)


def summary(page: StudyPage) -> list[Any]:
    """ "118 of 182 patients" and who they are."""
    population = page.population
    who = f"{population.n} of {population.n_total} patients"
    children: list[Any] = [html.Strong(f"{who}: " if population.summary else who)]
    if population.summary:
        children.append(html.Span(population.summary, className="summary-filters"))
    return children


def filter_options(column: FilterColumn) -> list[Any]:
    """One check box per level; ``assets/island.js`` writes beside it how many it would give."""
    return [
        dmc.Checkbox(
            label=value_label(column.name, level),
            value=level or _MISSING_VALUE,
            size="sm",
            className="option-row",
        )
        for level in column.levels
    ]


def _filter(name: str, column: FilterColumn, chosen: Sequence[str]) -> Any:
    make = _categorical if column.kind == "categorical" else _numeric
    return html.Fieldset(
        [
            html.Legend(
                [
                    html.Span(column.label + (f", {column.unit}" if column.unit else "")),
                    help_button(column.note, column.label) if column.note else None,
                ]
            ),
            *make(name, column, chosen),
        ],
        className="filter",
        **{"data-column": column.name},
    )


def _categorical(name: str, column: FilterColumn, chosen: Sequence[str]) -> list[Any]:
    return [
        dmc.CheckboxGroup(
            id=filter_id(name, column.name),
            value=boxes(chosen),
            children=html.Div(filter_options(column), className="options"),
            **{"aria-label": column.label},
        )
    ]


def _numeric(name: str, column: FilterColumn, chosen: Sequence[str]) -> list[Any]:
    assert column.low is not None and column.high is not None
    low, high, missing = range_values(column, chosen)
    step = _step(column.low, column.high)

    def field(part: str, value: float, label: str) -> Any:
        return dmc.NumberInput(
            id=range_id(name, column.name, part),
            value=value,
            min=column.low,
            max=column.high,
            step=step,
            clampBehavior="blur",
            debounce=600,
            hideControls=True,
            size="xs",
            **{"aria-label": f"{column.label}, {label}"},
        )

    items: list[Any] = [
        dmc.RangeSlider(
            id=range_id(name, column.name),
            value=[low, high],
            min=column.low,
            max=column.high,
            step=step,
            minRange=0,
            label=None,
            size="sm",
            updatemode="mouseup",
            thumbFromLabel=f"{column.label}, lowest",
            thumbToLabel=f"{column.label}, highest",
        ),
        html.Div(
            [field("low", low, "lowest"), html.Span("to"), field("high", high, "highest")],
            className="range-fields",
        ),
    ]
    items.append(
        dmc.Checkbox(
            id=range_id(name, column.name, "missing"),
            checked=missing,
            label=f"Also the {column.missing} without a value",
            size="sm",
            className="" if column.missing else "hidden",
        )
    )
    return items


def _step(low: float, high: float) -> float:
    """A tenth of a per cent of the range at least, on a round scale; 1 for wide ranges."""
    span = high - low
    for step in (1.0, 0.1, 0.01):
        if span >= 25 * step:
            return step
    return span / 100 if span > 0 else 1.0


def boxes(chosen: Sequence[str]) -> list[str]:
    """A categorical filter's values as its check boxes hold them."""
    return [c or _MISSING_VALUE for c in chosen]


def level_of(value: str) -> str:
    """The level a check box of that value stands for."""
    return "" if value == _MISSING_VALUE else value


def from_boxes(values: Sequence[str] | None) -> list[str]:
    """The inverse of ``boxes``."""
    return [level_of(v) for v in values or ()]


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


def from_range(
    column: FilterColumn, low: float | None, high: float | None, missing: bool
) -> list[str]:
    """The inverse of ``range_values``: [] when everyone passes."""
    assert column.low is not None and column.high is not None
    low = column.low if low is None else low
    high = column.high if high is None else high
    everyone = low <= column.low and high >= column.high
    if everyone and (missing or not column.missing):
        return []
    chosen = [f"{format_number(min(low, high))}..{format_number(max(low, high))}"]
    return [*chosen, MISSING] if missing and column.missing else chosen
