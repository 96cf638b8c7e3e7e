"""Controls of the safety page. Ids are ``safety-<field of View>``."""

from __future__ import annotations

from typing import Any

from components import controls, html
from services.numbers import format_number
from services.pages.safety.records import SafetyPage

ANY_VALUE = "__any__"
_WORDS = controls.WORDS["safety"]


def control_values(page: SafetyPage) -> dict[str, Any]:
    """What each control holds for a page, by field of ``View``."""
    view = page.view
    same = ("section", "emergent", "grade", "effect", "order", "q", "timeplot", "unit")
    return {
        **controls.held(view, *same),
        "versus": view.versus or None,
        "reference": view.arms[0] if len(view.arms) > 1 else None,
        "only": list(view.only),
        "least": format_number(view.least),
        "term": view.term or ANY_VALUE,
        "level": format_number(view.level),
    }


def section_control(page: SafetyPage, vertical: bool) -> Any:
    """The switch between the parts of the page."""
    options = _WORDS["section"]["options"].items()
    return html.Div(
        controls.segmented("safety-section", options, page.view.section, "Show", vertical),
        className=f"plot-switch safety-sections{'' if page.terms else ' hidden'}",
    )


def toolbar(page: SafetyPage) -> Any:
    """What is listed and in which order; each section shows the controls it uses."""
    values = control_values(page)
    setting = controls.Settings("safety", values)
    grades = [("any", "Any"), ("severe", page.severity.severe_short if page.severity else "Severe")]
    graded = page.severity and page.severity.levels[-1] == "5"
    orders = list(_WORDS["order"]["options"].items())
    searched, least = "Search events and organ classes", "In at least this % of an arm"
    found = controls.text_field("safety-q", values["q"], searched, "Event or organ class")
    tools = {
        "q": controls.labeled("Search", found),
        "term": setting(controls.choice, "term", term_options(page), searchable=True),
        "grade": setting(
            controls.segmented, "grade", grades, above="Grade" if graded else "Severity"
        ),
        "only": setting(controls.boxes, "only", classes="tool-boxes"),
        "order": setting(
            controls.choice,
            "order",
            orders if page.pair else [o for o in orders if o[0] != "difference"],
        ),
        "least": controls.labeled(
            least, controls.typed("safety-least", values["least"], least, "0")
        ),
        "effect": setting(controls.choice, "effect"),
        "timeplot": setting(controls.choice, "timeplot"),
    }
    made = []
    for name, tool in tools.items():
        sections = "" if name == "effect" and not page.pair else _WORDS["tools"][name]
        classes = ["tool", *(f"for-{section}" for section in sections.split())]
        classes += ["wide-tool"] if name in ("only", "term") else []
        made.append(html.Div(tool, className=" ".join(classes)))
    return html.Div(*made, id="safety-toolbar", className=toolbar_class(page))


def term_options(page: SafetyPage) -> list[tuple[str, str]]:
    """What can be looked at. A blank value stands for any event; a select cannot hold one."""
    found = [(value or ANY_VALUE, label) for value, label in page.terms]
    return found or [(ANY_VALUE, "Any adverse event")]


def toolbar_class(page: SafetyPage) -> str:
    """Says which section is open, so that the style sheet shows its controls."""
    hidden = " hidden" if page.severity is None and not page.overview else ""
    return f"safety-toolbar in-{page.view.section}{hidden}"


def settings(page: SafetyPage) -> list[Any]:
    """The settings in the rail."""
    flagged = (
        "On treatment: treatment-emergent by the study's own flag, that is, events that began or "
        "worsened after the first dose."
        if page.emergent_known
        else "This study does not flag treatment-emergent events, so all are counted."
    )
    setting = controls.Settings("safety", control_values(page), flagged=flagged)
    arms = [a.name for a in page.study.arms if a.name in page.view.arms]
    return [
        setting.compared(arms, page.pair is None),
        setting(controls.segmented, "emergent"),
        setting.time_unit(),
        setting.level(),
    ]
