"""Settings of the survival page, each with a short explanation on demand.

The defaults are right for a reader who sets nothing. Ids are ``survival-<field of View>``; the
words stand in ``components/controls.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components import controls, html
from services import names
from services.numbers import format_number
from services.pages.records import USUAL, Choice
from services.pages.survival.records import SurvivalPage
from services.study.labels import level_label

PLOT_WORDS = {
    "curves": "Curves",
    "types": "Types of event",
    "hazards": "Hazard ratio over time",
    "means": "Time gained",
    "adjusted": "Adjusted model",
}

_DONE = {"ignore": "ignore", "censor": "censor there", "event": "counts as the event"}


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
        "usual": next((c.label for c in _usual(page) if c.chosen), None),
        "count": list(view.count),
        "ice": list(view.ice),
        "known": view.known or None,
        "at": controls.times_text(view.at),
        "layers": list(view.layers),
        **{
            name: controls.number_text(getattr(view, name))
            for name in ("landmark", "tau", "split", "ticks", "xmax")
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


def _usual(page: SurvivalPage) -> list[Choice]:
    return [choice for choice in page.choices if choice.about == USUAL]


def _options(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": words} for value, words in pairs]


def usual_options(page: SurvivalPage) -> list[dict[str, str]]:
    """The usual ways to handle intercurrent events that the data can answer."""
    return _options((choice.label, choice.label) for choice in _usual(page))


def count_options(page: SurvivalPage) -> list[dict[str, str]]:
    """Reasons for censoring, which can count as the event."""
    return _options((r.key, f"{level_label(r.words)} ({r.patients:,})") for r in page.reasons)


def ice_options(page: SurvivalPage) -> list[dict[str, str]]:
    """Each other time with each thing that can be done there."""
    return _options(
        (f"{other.key}:{strategy}", f"{names.capital(other.words)}: {_DONE[strategy]}")
        for other in page.other_times
        for strategy in other.strategies
    )


def arm_options(page: SurvivalPage) -> list[dict[str, str]]:
    """The arms, or the groups that a landmark made of their patients."""
    return _options((arm.name, arm.name) for arm in page.all_arms)


def known_options(page: SurvivalPage) -> list[dict[str, str]]:
    """What can have happened by a landmark; and what a link asks for, if that is another."""
    pairs = [(other.key, names.capital(other.words)) for other in page.known_times]
    asked = page.view.known
    return _options(pairs + [(asked, asked)] * (asked not in ("", *dict(pairs))))


def _what_if(page: SurvivalPage, setting: controls.Settings) -> Any:
    """Adjustment, landmark and other ways to count: closed unless one of them is chosen."""
    several = len(page.all_arms) > 1
    made: list[tuple[Any, str, list[dict[str, str]]]] = [
        (controls.choice, "usual", usual_options(page)),
        (controls.several, "count", count_options(page)),
        (controls.several, "ice", ice_options(page)),
    ]
    adjust = setting(controls.several, "adjust", [(c.name, c.label) for c in page.filters])
    return html.Details(
        html.Summary("What if"),
        html.Div(adjust, className="" if several else "hidden"),
        setting.field("landmark"),
        setting(
            controls.choice,
            "known",
            [(o["value"], o["label"]) for o in known_options(page)],
            empty="Treatment arm",
        ),
        *(
            setting(kind, name, [(o["value"], o["label"]) for o in options])
            for kind, name, options in made
        ),
        className="more",
        open=bool(page.view.what_if or page.view.adjust) or None,
    )


def settings(page: SurvivalPage) -> list[Any]:
    """The settings in the rail."""
    unit, rule = page.view.unit, page.endpoint.ratio_rule()
    setting = controls.Settings("survival", control_values(page), unit, rule=rule)
    names = [(a.name, a.name) for a in page.all_arms]
    groups = [(c.name, c.label) for c in page.filters if c.kind == "categorical"]
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
        _what_if(page, setting),
        html.Details(
            html.Summary("More settings"),
            setting(controls.choice, "ci"),
            setting.level(),
            *map(setting.field, ("tau", "split", "ticks", "xmax")),
            className="more",
        ),
    ]
