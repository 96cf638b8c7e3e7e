"""Controls of the safety page. Ids are ``safety-<field of View>``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components import controls, html
from services.numbers import format_number
from services.pages.safety.records import SafetyPage

SECTION_WORDS = {
    "terms": "Overview and list",
    "grades": "By grade",
    "time": "Over time",
    "events": "Every event",
}

ANY_VALUE = "__any__"
ONLY, TERM = "Only events that are", "Event or organ class"


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
    return html.Div(
        controls.segmented(
            "safety-section", list(SECTION_WORDS.items()), page.view.section, "Show", vertical
        ),
        className=f"plot-switch safety-sections{'' if page.terms else ' hidden'}",
    )


def toolbar(page: SafetyPage) -> Any:
    """What is listed and in which order; each section shows the controls it uses."""
    values = control_values(page)
    severe = page.severity.severe_short if page.severity else "Severe"
    graded = page.severity and page.severity.levels[-1] == "5"
    only = [("serious", "Serious"), ("related", "Treatment-related")]
    orders = [("frequency", "Frequency"), ("difference", "Difference"), ("name", "Name")]
    effects = [("difference", "Difference"), ("ratio", "Risk ratio"), ("odds", "Odds ratio")]
    plots = [("first", "First event"), ("prevalence", "Ongoing (prevalence)")]
    least = "In at least this % of an arm"
    search = controls.text_field(
        "safety-q", values["q"], "Search events and organ classes", "Event or organ class"
    )
    return html.Div(
        _tool("terms grades time events", "Search", search),
        _part(
            "time events",
            controls.choice,
            "term",
            TERM,
            term_options(page),
            values,
            searchable=True,
        ),
        _part(
            "terms grades time events",
            controls.segmented,
            "grade",
            "Grade",
            [("any", "Any"), ("severe", severe)],
            values,
            "" if graded else "Severity",
        ),
        _part(
            "terms grades time events",
            controls.boxes,
            "only",
            ONLY,
            only,
            values,
            classes="tool-boxes",
        ),
        _part(
            "terms grades time",
            controls.choice,
            "order",
            "Sort by",
            orders if page.pair else [orders[0], orders[2]],
            values,
        ),
        _tool(
            "terms grades time", least, controls.typed("safety-least", values["least"], least, "0")
        ),
        _part(
            "terms" if page.pair else "",
            controls.choice,
            "effect",
            "Compare arms by",
            effects,
            values,
        ),
        _part("time", controls.choice, "timeplot", "Chart over time", plots, values, "Chart"),
        id="safety-toolbar",
        className=toolbar_class(page),
    )


def term_options(page: SafetyPage) -> list[tuple[str, str]]:
    """What can be looked at. A blank value stands for any event; a select cannot hold one."""
    found = [(value or ANY_VALUE, label) for value, label in page.terms]
    return found or [(ANY_VALUE, "Any adverse event")]


def toolbar_class(page: SafetyPage) -> str:
    """Says which section is open, so that the style sheet shows its controls."""
    hidden = " hidden" if page.severity is None and not page.overview else ""
    return f"safety-toolbar in-{page.view.section}{hidden}"


def _tool(sections: str, label: str, control: Any) -> Any:
    """A control of the toolbar, shown in these sections."""
    shown = " ".join(f"for-{name}" for name in sections.split())
    wide = " wide-tool" if label in (ONLY, TERM) else ""
    return html.Div(controls.labeled(label, control), className=f"tool {shown}{wide}".strip())


def _part(
    sections: str,
    make: Callable[..., Any],
    field: str,
    name: str,
    options: Sequence[tuple[str, str]],
    values: Mapping[str, Any],
    label: str = "",
    **more: Any,
) -> Any:
    """The control of a field of ``View``; ``label`` stands above it if it is not its name."""
    control = make(f"safety-{field}", options, values[field], name, **more)
    return _tool(sections, label or name, control)


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
