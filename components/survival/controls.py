"""Settings of the survival page, each with a short explanation on demand.

The defaults are right for a reader who sets nothing. Ids are ``survival-<field of View>``.
"""

from __future__ import annotations

from typing import Any

from components import controls, html
from services import names
from services.numbers import format_number
from services.pages.survival.records import SurvivalPage

LAYER_WORDS = {
    "bands": "Bands of uncertainty (confidence intervals)",
    "censors": "Patients last seen without the event (censored)",
    "medians": "Lines at the medians",
    "landmarks": "Lines at the times above (landmarks)",
}
SCALE_OPTIONS = (
    ("survival", "Event-free (survival)"),
    ("incidence", "With the event (incidence)"),
    ("hazard", "Cumulative hazard"),
    ("log-log", "Log(−log survival)"),
)
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
        **controls.held(view, "endpoint", "unit", "scale", "ci", "facet", "plot"),
        "arms": [a.name for a in page.study.arms if a.name in view.arms],
        "reference": view.arms[0] if view.arms else None,
        "level": format_number(view.level),
        "strata": list(view.strata),
        "at": controls.times_text(view.at),
        "layers": list(view.layers),
        **{name: controls.number_text(getattr(view, name)) for name in ("tau", "ticks", "xmax")},
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
        controls.segmented("survival-plot", options, page.view.plot, "Chart", vertical),
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
        controls.setting(
            controls.choice,
            "survival-scale",
            "Curves show (vertical axis)",
            SCALE_OPTIONS,
            values["scale"],
            "The share with the event (cumulative incidence, 1 − survival) shows small"
            " differences better when events are few. The last two scales are for"
            " checking proportional hazards: parallel curves on the log-log scale mean a"
            " constant hazard ratio.",
        ),
        controls.time_unit("survival-unit", values["unit"]),
        controls.field(
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
            controls.setting(
                controls.several,
                "survival-arms",
                "Arms shown",
                names,
                values["arms"],
                placeholder="All arms",
            ),
            controls.setting(
                controls.choice,
                "survival-reference",
                controls.REFERENCE,
                names,
                values["reference"],
                "Hazard ratios and differences compare each other arm with this one. Hazard"
                f" ratios: {page.endpoint.ratio_rule()}.",
            ),
            controls.setting(
                controls.several,
                "survival-strata",
                controls.STRATA_WORDS,
                groups,
                values["strata"],
                "Stratified: patients are compared only with those of the same group, such as"
                " the same risk, and the groups' results are then combined. The unstratified"
                " result stays beside it.",
            ),
            className="hidden" if one_arm else "",
        ),
        controls.setting(
            controls.choice,
            "survival-facet",
            "A chart for each group of",
            [("", "One chart for all"), *groups],
            values["facet"],
            "Small charts side by side with the same axes (facets). The comparison is then"
            " stratified by these groups.",
        ),
        controls.setting(
            controls.boxes,
            "survival-layers",
            "Also show",
            tuple(LAYER_WORDS.items()),
            values["layers"],
        ),
        html.Details(
            html.Summary("More settings"),
            controls.interval_type("survival-ci", values["ci"]),
            controls.confidence_level("survival-level", values["level"]),
            controls.field(
                "survival-tau",
                values["tau"],
                "Average time counted up to",
                "Shortest follow-up",
                "The average time without the event is counted up to this time. Statisticians"
                " call it the restricted mean (RMST) and the time its horizon, tau. If empty: the "
                "shortest of the arms' last times.",
                unit,
            ),
            controls.field(
                "survival-ticks",
                values["ticks"],
                "A mark on the time axis every",
                "Automatic",
                "Distance between the marks (tick spacing). The numbers at risk are shown below "
                "them.",
                unit,
            ),
            controls.field(
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
