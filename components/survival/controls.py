"""Settings of the survival page, each with a short explanation on demand.

The defaults are right for a reader who sets nothing. Ids are ``survival-<field of View>``.
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

from components import html
from components.controls import (
    STRATA_WORDS,
    choice,
    confidence_level,
    field,
    interval_type,
    labeled,
    number_text,
    segmented,
    several,
    time_unit,
    times_text,
)
from services import names
from services.numbers import format_number
from services.pages.survival.records import SurvivalPage

LAYER_WORDS = {
    "bands": "Bands of uncertainty (confidence intervals)",
    "censors": "Patients last seen without the event (censored)",
    "medians": "Lines at the medians",
    "landmarks": "Lines at the times above (landmarks)",
}
PLOT_WORDS = {
    "curves": "Curves",
    "types": "Types of event",
    "hazards": "Hazard ratio over time",
    "means": "Time gained",
}


def control_values(page: SurvivalPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    view = page.view
    return {
        "endpoint": view.endpoint,
        "arms": [a.name for a in page.study.arms if a.name in view.arms],
        "reference": view.arms[0] if view.arms else None,
        "unit": view.unit,
        "scale": view.scale,
        "ci": view.ci,
        "level": format_number(view.level),
        "strata": list(view.strata),
        "at": times_text(view.at),
        "tau": number_text(view.tau),
        "layers": list(view.layers),
        "facet": view.facet,
        "plot": view.plot,
        "ticks": number_text(view.ticks),
        "xmax": number_text(view.xmax),
    }


def plot_options(page: SurvivalPage) -> list[dict[str, str]]:
    """The charts there are for this endpoint and these arms, as the switch has them."""
    words = dict(PLOT_WORDS)
    if page.endpoint.competing:
        words["types"] = "Cumulative incidence"
        words["curves"] = f"Kaplan-Meier, {names.if_nothing_else(page.endpoint.competing)}"
    return [{"value": plot, "label": words[plot]} for plot in page.plots]


def plot_control(page: SurvivalPage, vertical: bool) -> Any:
    """The switch between the curves and what else can be asked of the same data."""
    options = [(o["value"], o["label"]) for o in plot_options(page)]
    return html.Div(
        segmented("survival-plot", options, page.view.plot, "Chart", vertical),
        className="plot-switch",
    )


def settings(page: SurvivalPage) -> list[Any]:
    """The settings in the rail."""
    values = control_values(page)
    names = [(a.name, a.name) for a in page.study.arms]
    groups = [(c.name, c.label) for c in page.filters if c.kind == "categorical"]
    one_arm = len(names) < 2
    unit = page.view.unit
    return [
        labeled(
            "Curves show (vertical axis)",
            choice(
                "survival-scale",
                [
                    ("survival", "Event-free (survival)"),
                    ("incidence", "With the event (incidence)"),
                    ("hazard", "Cumulative hazard"),
                    ("log-log", "Log(−log survival)"),
                ],
                values["scale"],
                "Curves show (vertical axis)",
            ),
            "The share with the event (cumulative incidence, 1 − survival) shows small"
            " differences better when events are few. The last two scales are for"
            " checking proportional hazards: parallel curves on the log-log scale mean a"
            " constant hazard ratio.",
        ),
        time_unit("survival-unit", values["unit"]),
        field(
            "survival-at",
            values["at"],
            "Compare at these times",
            "12, 24, 36",
            "The share without the event, and its difference between arms, are given at these times"
            " (landmarks). Separate them by commas, semicolons or spaces.",
            unit,
            debounce=True,
        ),
        html.Div(
            labeled(
                "Arms shown",
                several("survival-arms", names, values["arms"], "Arms shown", "All arms"),
            ),
            labeled(
                "Compare with (reference arm)",
                choice(
                    "survival-reference",
                    names,
                    values["reference"],
                    "Compare with (reference arm)",
                ),
                "Hazard ratios and differences compare each other arm with this one. Hazard"
                f" ratios: {page.endpoint.ratio_rule()}.",
            ),
            labeled(
                STRATA_WORDS,
                several("survival-strata", groups, values["strata"], STRATA_WORDS),
                "Stratified: patients are compared only with those of the same group, such as"
                " the same risk, and the groups' results are then combined. The unstratified"
                " result stays beside it.",
            ),
            className="hidden" if one_arm else "",
        ),
        labeled(
            "A chart for each group of",
            choice(
                "survival-facet",
                [("", "One chart for all"), *groups],
                values["facet"],
                "A chart for each group of",
            ),
            "Small charts side by side with the same axes (facets). The comparison is then"
            " stratified by these groups.",
        ),
        labeled(
            "Also show",
            dmc.CheckboxGroup(
                id="survival-layers",
                value=values["layers"],
                children=html.Div(
                    [
                        dmc.Checkbox(label=words, value=layer, size="sm")
                        for layer, words in LAYER_WORDS.items()
                    ],
                    className="options",
                ),
                **{"aria-label": "Also show"},
            ),
        ),
        html.Details(
            html.Summary("More settings"),
            interval_type("survival-ci", values["ci"]),
            confidence_level("survival-level", values["level"]),
            field(
                "survival-tau",
                values["tau"],
                "Average time counted up to",
                "Shortest follow-up",
                "The average time without the event is counted up to this time. Statisticians"
                " call it the restricted mean (RMST) and the time its horizon, tau. If empty: the "
                "shortest of the arms' last times.",
                unit,
            ),
            field(
                "survival-ticks",
                values["ticks"],
                "A mark on the time axis every",
                "Automatic",
                "Distance between the marks (tick spacing). The numbers at risk are shown below "
                "them.",
                unit,
            ),
            field(
                "survival-xmax",
                values["xmax"],
                "Time axis ends at",
                "Last time",
                "This shortens the chart only; the numbers use all times.",
                unit,
            ),
            className="more",
        ),
    ]
