"""Settings of the survival page, each with a short explanation on demand.

The defaults are right for a reader who sets nothing. Ids are ``survival-<field of View>``.
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from components.controls import (
    choice,
    interval_type,
    labelled,
    number_text,
    segmented,
    several,
    times_text,
    typed,
)
from services.page_records import SurvivalPage
from services.pages import direction, names
from services.view import LAYERS, format_number

LAYER_WORDS = {
    "bands": "Confidence bands",
    "censors": "Censored patients",
    "medians": "Median lines",
    "landmarks": "Landmark lines",
}
PLOT_WORDS = {
    "curves": "Curves",
    "types": "Types of event",
    "hazards": "Hazard ratio over time",
    "means": "Time gained",
}
LEVELS = ("0.8", "0.9", "0.95", "0.99")


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
        "layers": [layer for layer in LAYERS if layer not in view.hide],
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
        labelled(
            "Scale",
            choice(
                "survival-scale",
                [
                    ("survival", "Survival"),
                    ("incidence", "Cumulative incidence"),
                    ("hazard", "Cumulative hazard"),
                    ("log-log", "Log(−log survival)"),
                ],
                values["scale"],
                "Scale",
            ),
            "Cumulative incidence (1 − survival) shows small differences better when events are"
            " few. The last two are for checking proportional hazards: parallel curves on the"
            " log-log scale mean a constant hazard ratio.",
        ),
        labelled(
            "Time unit",
            segmented(
                "survival-unit",
                [("days", "Days"), ("months", "Months"), ("years", "Years")],
                values["unit"],
                "Time unit",
            ),
            "A month is 30.4375 days, a year 365.25 days.",
        ),
        labelled(
            f"Look at these times ({unit})",
            typed("survival-at", values["at"], f"Times to look at, {unit}", "12, 24, 36", True),
            "Survival and its difference between arms are given at these times. Separate them by"
            " commas.",
        ),
        html.Div(
            [
                labelled(
                    "Arms", several("survival-arms", names, values["arms"], "Arms", "All arms")
                ),
                labelled(
                    "Reference arm",
                    choice("survival-reference", names, values["reference"], "Reference arm"),
                    "Hazard ratios and differences compare each other arm with this one. Hazard"
                    f" ratios: {direction.rule(page.endpoint.good, 'the other arm')}.",
                ),
                labelled(
                    "Stratify the comparison by",
                    several("survival-strata", groups, values["strata"], "Strata"),
                    "Compares patients within groups that are alike, then combines the groups. The"
                    " unstratified result stays beside it.",
                ),
            ],
            className="hidden" if one_arm else "",
        ),
        labelled(
            "Small charts by",
            choice("survival-facet", [("", "One chart"), *groups], values["facet"], "Small charts"),
            "One chart per group with the same axes. The comparison is then stratified by it.",
        ),
        labelled(
            "Show",
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
                **{"aria-label": "Show"},
            ),
        ),
        html.Details(
            [
                html.Summary("More settings"),
                interval_type("survival-ci", values["ci"]),
                labelled(
                    "Confidence level",
                    choice(
                        "survival-level",
                        [(v, f"{float(v):.0%}") for v in _levels(values["level"])],
                        values["level"],
                        "Confidence level",
                    ),
                ),
                labelled(
                    f"Mean within ({unit})",
                    typed("survival-tau", values["tau"], "Mean within", "Shortest follow-up"),
                    "Horizon of the restricted mean. Empty: the shortest of the arms' last times.",
                ),
                labelled(
                    f"Tick spacing ({unit})",
                    typed("survival-ticks", values["ticks"], "Tick spacing", "Automatic"),
                ),
                labelled(
                    f"Time axis ends at ({unit})",
                    typed("survival-xmax", values["xmax"], "Time axis ends at", "Last time"),
                ),
            ],
            className="more",
        ),
    ]


def _levels(value: str) -> list[str]:
    return sorted({*LEVELS, value}, key=float)
