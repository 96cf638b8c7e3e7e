"""The left rail: population filters with live counts, and the analysis settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from components.shell import help_button
from services.format import value_label
from services.page_records import FilterColumn
from services.view import format_number

_MISSING_VALUE = "__missing__"  # a check box cannot have an empty value


def filter_id(column: str) -> dict[str, str]:
    """Id of the control that filters by ``column``."""
    return {"type": "filter", "column": column}


def filter_options(
    column: FilterColumn, counts: Mapping[str, int], chosen: Sequence[str] = ()
) -> list[Any]:
    """One check box per level, with how many patients it would give."""
    return [
        dmc.Checkbox(
            label=html.Span(
                [
                    html.Span(value_label(column.name, level)),
                    html.Span(str(counts.get(level, 0)), className="count"),
                ],
                className="option",
            ),
            value=level or _MISSING_VALUE,
            size="sm",
            className="option-row"
            if counts.get(level, 0) or level in chosen
            else "option-row empty",
        )
        for level in column.levels
    ]


def categorical_filter(
    column: FilterColumn, counts: Mapping[str, int], chosen: Sequence[str]
) -> Any:
    """Check boxes for a column; none checked means everyone."""
    return html.Fieldset(
        [
            html.Legend(
                [column.label, help_button(column.note, column.label) if column.note else None]
            ),
            dmc.CheckboxGroup(
                id=filter_id(column.name),
                value=filter_control_value(chosen),
                children=html.Div(
                    filter_options(column, counts, chosen),
                    id={"type": "filter-options", "column": column.name},
                    className="options",
                ),
                **{"aria-label": column.label},
            ),
        ],
        className="filter",
    )


def labelled(label: str, control: Any, explained: str = "") -> Any:
    """A control under its label, with an explanation on demand."""
    return html.Div(
        [
            html.Div(
                [html.Span(label), help_button(explained, label) if explained else None],
                className="control-label",
            ),
            control,
        ],
        className="control",
    )


def segmented(control_id: str, options: Sequence[tuple[str, str]], value: str, label: str) -> Any:
    """A row of mutually exclusive choices: (value, label) pairs."""
    return dmc.SegmentedControl(
        id=control_id,
        data=[{"value": v, "label": text} for v, text in options],
        value=value,
        fullWidth=True,
        size="xs",
        **{"aria-label": label},
    )


def times_text(times: Sequence[float]) -> str:
    """ "12, 24, 36", as typed into a field."""
    return ", ".join(format_number(t) for t in times)


def rail(summary: Any, filters: Sequence[Any], settings: Sequence[Any]) -> Any:
    """The left rail; it folds away on narrow screens behind one button."""
    return html.Aside(
        [
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
                                        "Reset", id="reset", type="button", className="text-button"
                                    ),
                                ],
                                className="rail-head",
                            ),
                            html.Div(summary, id="population-summary", className="summary"),
                            *filters,
                        ]
                    ),
                    html.Section([html.H2("Analysis"), *settings]),
                ],
                id="rail-body",
                className="rail-body",
            ),
        ],
        className="rail",
        **{"aria-label": "Patients and analysis settings"},
    )


def filter_control_value(chosen: Sequence[str]) -> list[str]:
    """A filter's values as its check boxes hold them."""
    return [c or _MISSING_VALUE for c in chosen]


def filter_values(
    columns: Sequence[str], values: Sequence[Sequence[str] | None]
) -> dict[str, list[str]]:
    """The inverse, for all filters: what the check boxes hold, by column."""
    return {
        column: ["" if v == _MISSING_VALUE else v for v in chosen or ()]
        for column, chosen in zip(columns, values, strict=True)
    }
