"""Settings of the survival page, each with a short explanation on demand.

The defaults are right for a reader who sets nothing. Ids are ``survival-<field of View>``; the
words stand in ``components/controls.toml``.
"""

from __future__ import annotations

from typing import Any

from components import controls, html
from components.survival.reconsider import what_if_settings, what_if_values
from services import names
from services.numbers import format_number
from services.pages.records import PageRecord
from services.pages.survival.records import SurvivalPage

PLOT_WORDS = {
    "curves": "Curves",
    "types": "Types of event",
    "hazards": "Hazard ratio over time",
    "means": "Time gained",
    "adjusted": "Adjusted model",
}


def control_values(page: SurvivalPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    view = page.view
    return {
        **controls.held(view, "endpoint", "unit", "scale", "ci", "facet", "plot"),
        "arms": [a.name for a in page.all_arms if a.name in view.arms],
        "reference": view.arms[0] if view.arms else None,
        "level": format_number(view.level),
        "strata": list(view.strata),
        "adjust": list(view.adjust),
        **what_if_values(page),
        "at": controls.times_text(view.at),
        "layers": list(view.layers),
        **{
            name: controls.time_text(getattr(view, name))
            for name in ("tau", "split", "ticks", "xmax")
        },
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


def arm_options(page: PageRecord) -> list[dict[str, str]]:
    """The arms, or the groups that a landmark made of their patients."""
    return [{"value": arm.name, "label": arm.name} for arm in page.all_arms]


def settings(page: SurvivalPage) -> list[Any]:
    """The settings in the rail."""
    unit, rule = page.view.unit, page.endpoint.ratio_rule()
    setting = controls.Settings("survival", control_values(page), unit, rule=rule)
    names = [(a.name, a.name) for a in page.all_arms]
    groups = [(c.name, c.label) for c in page.filters if c.kind == "categorical"]
    several = len(page.all_arms) > 1
    adjust = setting(controls.several, "adjust", [(c.name, c.label) for c in page.filters])
    return [
        setting(controls.choice, "scale"),
        setting.time_unit(),
        setting.field("at"),
        html.Div(
            setting(controls.several, "arms", names),
            setting(controls.choice, "reference", names),
            setting(controls.several, "strata", groups),
            className="hidden" if len(names) < 2 else "",
        ),
        setting(controls.choice, "facet", [("", "One chart for all"), *groups]),
        setting(controls.boxes, "layers"),
        what_if_settings(page, setting, html.Div(adjust, className="" if several else "hidden")),
        html.Details(
            html.Summary("More settings"),
            setting(controls.choice, "ci"),
            setting.level(),
            *map(setting.field, ("tau", "split", "ticks", "xmax")),
            className="more",
        ),
    ]
