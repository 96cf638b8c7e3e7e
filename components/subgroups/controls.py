"""Settings of the subgroups page: variables in their order, groups to cut, how rows are made.

Ids are ``subgroups-<field>``. What is clicked inside lists reaches the server through the store
``subgroups-event`` (``assets/forest.js``), so that lists may be redrawn at will.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from components import controls, html, island
from components.markup import Markup, join, tag
from components.survival.reconsider import what_if_settings, what_if_values
from services.names import isolated
from services.numbers import format_number
from services.pages.subgroups.records import SubgroupsPage, Variable

MARK_WORDS: Mapping[str, str] = controls.WORDS["subgroups"]["marks"]
PARTS = (
    ("2", "Two equal groups (at the median)"),
    ("3", "Three equal groups (tertiles)"),
    ("4", "Four equal groups (quartiles)"),
    ("points", "At the values below"),
)


def control_values(page: SubgroupsPage) -> dict[str, Any]:
    """What each control holds for a page."""
    view = page.view
    reference, arm = page.pair or ("", "")
    return {
        **controls.held(view, "endpoint", "unit", "ci", "per_arm", "sort", "shrink"),
        "arm": arm,
        "reference": reference,
        "level": format_number(view.level),
        "strata": list(view.strata),
        "diff": controls.time_text(view.diff),
        "min_events": str(view.min_events),
        **what_if_values(page),
    }


@lru_cache(1024)
def action(do: str, value: str, text: str, label: str, name: str = "icon-small") -> Markup:
    """A button whose click is told to the server as an event."""
    return tag(
        "button",
        text,
        type="button",
        class_=name,
        title=label,
        aria_label=label,
        data_forest=do,
        data_value=value,
    )


def mark(word: str) -> Markup:
    """A mark that explains itself on hover."""
    return tag(
        "span", word, class_=f"mark-{word.replace(' ', '-')} mark-tag", title=MARK_WORDS[word]
    )


@cache
def marks(words: tuple[str, ...]) -> Markup:
    """The marks of a variable."""
    return tag("span", *map(mark, words), class_="marks")


def variable_list(page: SubgroupsPage) -> Markup:
    """The variables shown, to be dragged or moved, and taken away."""
    return _variable_list(page.variables)


@lru_cache(64)
def _variable_list(variables: tuple[Variable, ...]) -> Markup:
    last = len(variables) - 1
    return join(
        tag(
            "li",
            tag("span", "⠿", class_="drag", aria_hidden="true"),
            tag("span", tag("span", v.label), marks(v.marks), class_="variable-name"),
            tag(
                "span",
                action("up", v.name, "↑", f"Move {isolated(v.label)} up") if i else None,
                action("down", v.name, "↓", f"Move {isolated(v.label)} down") if i < last else None,
                action("remove", v.name, "✕", f"Remove {isolated(v.label)}"),
                class_="variable-buttons",
            ),
            class_="variable",
            draggable="true",
            data_variable=v.name,
        )
        for i, v in enumerate(variables)
    )


def addable(page: SubgroupsPage) -> list[dict[str, str]]:
    """Variables that are not shown yet."""
    shown = {v.name for v in page.variables}
    return [{"value": v.name, "label": _described(v)} for v in page.choices if v.name not in shown]


def _described(variable: Variable) -> str:
    return (
        f"{isolated(variable.label)} ({', '.join(variable.marks)})"
        if variable.marks
        else variable.label
    )


def strata_options(page: SubgroupsPage) -> list[dict[str, str]]:
    """Variables the comparison can be stratified by."""
    return [{"value": v.name, "label": v.label} for v in page.choices]


def pair_place(page: SubgroupsPage) -> str:
    """The class of the choice of arms: of two there is none."""
    return "hidden" if len(page.all_arms) < 3 else ""


def settings(page: SubgroupsPage) -> list[Any]:
    """The settings in the rail."""
    rule = page.endpoint.ratio_rule()
    setting = controls.Settings("subgroups", control_values(page), page.view.unit, rule=rule)
    names = [(a.name, a.name) for a in page.all_arms]
    groups = [(o["value"], o["label"]) for o in strata_options(page)]
    return [
        html.Div(
            _variables(page),
            _cut_form(page),
            setting(controls.choice, "sort"),
            html.Div(
                setting(controls.choice, "arm", names),
                setting(controls.choice, "reference", names),
                id="subgroups-pair",
                className=pair_place(page),
            ),
            setting(controls.segmented, "per_arm"),
            setting(controls.segmented, "shrink"),
            setting.field("diff", placeholder=controls.time_text(page.time)),
            setting(controls.several, "strata", groups),
            setting.field("min_events"),
            setting.time_unit(),
            setting(controls.choice, "ci"),
            setting.level(),
            what_if_settings(page, setting),
            className="hidden" if page.pair is None and len(names) < 2 else "",
        )
    ]


def _variables(page: SubgroupsPage) -> Any:
    return controls.labeled(
        "Characteristics compared (variables)",
        html.Div(
            island.island("subgroups-variables", html.Ol, className="variables", **_drag()),
            controls.choice(
                "subgroups-add",
                [(o["value"], o["label"]) for o in addable(page)],
                None,
                "Add a characteristic",
                placeholder="Add a characteristic",
                searchable=True,
            ),
        ),
        "Each adds rows to the chart: the groups whose results are compared. Drag to reorder, or"
        " use the arrows.",
    )


def _drag() -> dict[str, str]:
    return {"data-sortable": "true", "aria-label": "Characteristics compared"}


def _cut_form(page: SubgroupsPage) -> Any:
    options = [
        (
            n.name,
            f"{isolated(n.label)} ({format_number(round(n.low, 2))} to"
            f" {format_number(round(n.high, 2))})",
        )
        for n in page.numbers
    ]
    return html.Details(
        html.Summary("Make groups from a number (cut points)"),
        controls.choice(
            "subgroups-cut-column",
            options,
            options[0][0] if options else None,
            "Number to make groups from",
        ),
        controls.choice("subgroups-cut-how", PARTS, "points", "How to make the groups"),
        controls.typed(
            "subgroups-cut-points",
            "",
            "Values to cut at, separated by commas",
            "for example 60, 70",
            debounce=False,  # read when the button is pressed
        ),
        html.Button("Add these groups", id="subgroups-cut-add", className="plain-button"),
        html.P(
            "Groups made after seeing the data are marked “data-driven”: they give hints, not "
            "evidence.",
            className="hint",
        ),
        className="more cut-form" if options else "hidden",
    )
