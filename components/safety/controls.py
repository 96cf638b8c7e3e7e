"""Controls of the safety page. Ids are ``safety-<field of View>``."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

from components import html
from components.controls import choice, confidence_level, labeled, segmented, time_unit, typed
from services.numbers import format_number
from services.pages.safety.records import SafetyPage

SECTION_WORDS = {
    "terms": "Overview and list",
    "grades": "By grade",
    "time": "Over time",
    "events": "Every event",
}

ANY_VALUE = "__any__"


def control_values(page: SafetyPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    view = page.view
    return {
        "section": view.section,
        "versus": view.versus or None,
        "reference": view.arms[0] if len(view.arms) > 1 else None,
        "emergent": view.emergent,
        "grade": view.grade,
        "only": list(view.only),
        "effect": view.effect,
        "order": view.order,
        "least": format_number(view.least),
        "q": view.q,
        "term": view.term or ANY_VALUE,
        "timeplot": view.timeplot,
        "unit": view.unit,
        "level": format_number(view.level),
    }


def section_control(page: SafetyPage, vertical: bool) -> Any:
    """The switch between the parts of the page."""
    return html.Div(
        segmented(
            "safety-section", list(SECTION_WORDS.items()), page.view.section, "Show", vertical
        ),
        className=f"plot-switch safety-sections{'' if page.terms else ' hidden'}",
    )


def toolbar(page: SafetyPage) -> Any:
    """What is listed and in which order; each section shows the controls it uses."""
    values = control_values(page)
    severe = page.severity.severe_short if page.severity else "Severe"
    return html.Div(
        _part(
            "terms grades time events",
            "Search",
            dmc.TextInput(
                id="safety-q",
                value=values["q"],
                debounce=400,
                size="sm",
                placeholder="Event or organ class",
                **{"aria-label": "Search events and organ classes"},
            ),
        ),
        _part(
            "time events",
            "Event or organ class",
            dmc.Select(
                id="safety-term",
                # A blank value stands for any event; a select cannot hold one.
                data=term_data(page),
                value=values["term"],
                searchable=True,
                allowDeselect=False,
                size="sm",
                comboboxProps={"withinPortal": True},
                **{"aria-label": "Event or organ class"},
            ),
        ),
        _part(
            "terms grades time events",
            "Grade" if page.severity and page.severity.levels[-1] == "5" else "Severity",
            segmented(
                "safety-grade", [("any", "Any"), ("severe", severe)], values["grade"], "Grade"
            ),
        ),
        _part(
            "terms grades time events",
            "Only events that are",
            dmc.CheckboxGroup(
                id="safety-only",
                value=values["only"],
                children=html.Div(
                    dmc.Checkbox(label="Serious", value="serious", size="sm"),
                    dmc.Checkbox(label="Treatment-related", value="related", size="sm"),
                    className="tool-boxes",
                ),
                **{"aria-label": "Only events that are"},
            ),
        ),
        _part(
            "terms grades time",
            "Sort by",
            choice(
                "safety-order",
                [("frequency", "Frequency")]
                + ([("difference", "Difference")] if page.pair else [])
                + [("name", "Name")],
                values["order"],
                "Sort by",
            ),
        ),
        _part(
            "terms grades time",
            "In at least this % of an arm",
            typed("safety-least", values["least"], "In at least this % of an arm", "0"),
        ),
        _part(
            "terms" if page.pair else "",
            "Compare arms by",
            choice(
                "safety-effect",
                [
                    ("difference", "Difference"),
                    ("ratio", "Risk ratio"),
                    ("odds", "Odds ratio"),
                ],
                values["effect"],
                "Compare arms by",
            ),
        ),
        _part(
            "time",
            "Chart",
            choice(
                "safety-timeplot",
                [("first", "First event"), ("prevalence", "Ongoing (prevalence)")],
                values["timeplot"],
                "Chart over time",
            ),
        ),
        id="safety-toolbar",
        className=toolbar_class(page),
    )


def term_data(page: SafetyPage) -> list[dict[str, str]]:
    """What can be looked at, as a select has it."""
    return [{"value": value or ANY_VALUE, "label": label} for value, label in page.terms] or [
        {"value": ANY_VALUE, "label": "Any adverse event"}
    ]


def toolbar_class(page: SafetyPage) -> str:
    """Says which section is open, so that the style sheet shows its controls."""
    hidden = " hidden" if page.severity is None and not page.overview else ""
    return f"safety-toolbar in-{page.view.section}{hidden}"


def _part(sections: str, label: str, control: Any) -> Any:
    shown = " ".join(f"for-{name}" for name in sections.split())
    wide = " wide-tool" if label in ("Only events that are", "Event or organ class") else ""
    return html.Div(labeled(label, control), className=f"tool {shown}{wide}".strip())


def settings(page: SafetyPage) -> list[Any]:
    """The settings in the rail."""
    values = control_values(page)
    names = [(a.name, a.name) for a in page.study.arms if a.name in page.view.arms]
    others = [(v, label) for v, label in names if v != values["reference"]]
    return [
        html.Div(
            html.Div(
                labeled(
                    "Compare this arm",
                    choice("safety-versus", others, values["versus"], "Compare this arm"),
                ),
                id="safety-versus-box",
                className="hidden" if len(names) < 3 else "",
            ),
            labeled(
                "Compare with (reference arm)",
                choice(
                    "safety-reference",
                    names,
                    values["reference"],
                    "Compare with (reference arm)",
                ),
                "Differences are the compared arm's percentage minus this one's.",
            ),
            className="hidden" if page.pair is None else "",
        ),
        labeled(
            "Events counted",
            segmented(
                "safety-emergent",
                [("yes", "On treatment"), ("no", "All")],
                values["emergent"],
                "Events counted",
            ),
            "On treatment: treatment-emergent by the study's own flag, that is, events that began "
            "or worsened after the first dose."
            if page.emergent_known
            else "This study does not flag treatment-emergent events, so all are counted.",
        ),
        time_unit("safety-unit", values["unit"]),
        confidence_level("safety-level", values["level"]),
    ]


def versus_data(page: SafetyPage) -> list[dict[str, str]]:
    """The arms that can be compared with the reference, as the select has them."""
    return [
        {"value": a.name, "label": a.name} for a in page.study.arms if a.name in page.view.arms[1:]
    ]
