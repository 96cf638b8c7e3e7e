"""All controls of all pages: switches, drop-downs, check boxes, fields, and the label over one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from components import html
from components.shell import help_button
from services.numbers import format_number
from services.pages.records import PageRecord
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.views.study import View


def _kind(name: str, *more: str) -> type[Component]:
    """A component of ``assets/controls.js``, by Dash's contract for libraries of them.

    Dash's own would be refused by axe: radio buttons inside options of a list without a name.
    """
    props = ["id", "value", "className", *more]
    own: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"``{name}`` of ``assets/controls.js``, with {', '.join(props)} and ``aria-``.",
        "_namespace": "smm_controls",
        "_type": name,
        "_children_props": [],
        "_base_nodes": ["children"],
        "_prop_names": props,
        "_valid_wildcard_attributes": ["aria-"],
        "available_properties": props,
        "available_wildcard_properties": ["aria-"],
    }
    made: type[Component] = type(Component)(name, (Component,), own)
    return made


_Segments = _kind("Segments", "options")
_Select = _kind("Select", "options", "placeholder", "clearable")
_Find = _kind("Find", "options", "placeholder", "clearable")
_Several = _kind("Several", "options", "placeholder")
_Boxes = _kind("Boxes", "options")
_Field = _kind("Field", "label", "error", "placeholder", "debounce", "inputMode", "maxLength")


def endpoint_control(name: str, page: PageRecord, vertical: bool) -> Any:
    """The switch between endpoints, above the answer of the page of that name."""
    options = [(e.id, e.label) for e in page.study.endpoints]
    if len(options) > 4:
        return choice(f"{name}-endpoint", options, page.view.endpoint, "Endpoint")
    control = segmented(f"{name}-endpoint", options, page.view.endpoint, "Endpoint", vertical)
    return html.Div(control, className="hidden" if len(options) < 2 else "endpoint-switch")


def labeled(
    label: str, control: Any, explained: str = "", unit: str = "", label_id: str = ""
) -> Any:
    """A control under its label, with an explanation on demand.

    Parameters
    ----------
    unit : of time, which follows the page's (``assets/island.js``)
    label_id : id of the label, for a control that is named by it
    """
    words: list[Any] = [label]
    if unit:
        words += [" (", html.Span(unit, className="unit-word"), ")"]
    named = html.Span(words, id=label_id) if label_id else html.Span(words)
    return html.Div(
        html.Div(
            named, help_button(explained, label) if explained else None, className="control-label"
        ),
        control,
        className="control",
    )


def _listed(options: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in options]


def segmented(
    control_id: str,
    options: Sequence[tuple[str, str]],
    value: str,
    label: str,
    vertical: bool = False,
) -> Any:
    """A row (or column) of mutually exclusive choices: (value, label) pairs."""
    return _Segments(
        id=control_id,
        options=_listed(options),
        value=value,
        className="segments vertical" if vertical else "segments",
        **{"aria-label": label},
    )


def setting(
    make: Callable[..., Any],
    control_id: str,
    label: str,
    options: Sequence[tuple[str, str]],
    value: Any,
    explained: str = "",
    **more: Any,
) -> Any:
    """A control under the label that names it, with an explanation on demand.

    Parameters
    ----------
    make : ``choice``, ``several``, ``segmented`` or ``boxes``; ``more`` is its own
    """
    return labeled(label, make(control_id, options, value, label, **more), explained)


def choice(
    control_id: str,
    options: Sequence[tuple[str, str]],
    value: str | None,
    label: str,
    *,
    empty: str = "",
    placeholder: str = "",
    searchable: bool = False,
) -> Any:
    """A drop-down of (value, label) pairs.

    Parameters
    ----------
    empty : what is taken where none is chosen; without it one always is
    placeholder : stands there until one is chosen
    searchable : options are found by any part of their labels, for there are many
    """
    make = _Find if searchable else _Select
    return make(
        id=control_id,
        options=_listed(options),
        value=value,
        placeholder=empty or placeholder,
        clearable=bool(empty),
        **{"aria-label": label},
    )


def boxes(
    control_id: str,
    options: Sequence[tuple[str, str]],
    values: Sequence[str],
    label: str,
    classes: str = "options",
) -> Any:
    """A check box for each of (value, label) pairs."""
    return _Boxes(
        id=control_id,
        options=_listed(options),
        value=list(values),
        className=classes,
        **{"aria-label": label},
    )


COMPARED, REFERENCE = "Compare this arm", "Compare with (reference arm)"


def compared_arms(
    name: str, arms: Sequence[str], values: Mapping[str, Any], alone: bool, explained: str = ""
) -> Any:
    """Which arm is compared with which, on the page of that name.

    Parameters
    ----------
    values : of the page's controls; alone : nothing can be compared
    """
    options = [(arm, arm) for arm in arms]
    others = [option for option in options if option[0] != values["reference"]]
    versus = setting(choice, f"{name}-versus", COMPARED, others, values["versus"])
    return html.Div(
        html.Div(versus, className="hidden" if len(arms) < 3 else ""),
        setting(choice, f"{name}-reference", REFERENCE, options, values["reference"], explained),
        className="hidden" if alone else "",
    )


def versus_data(page: PageRecord) -> list[dict[str, str]]:
    """The arms that can be compared with the reference, as the select has them."""
    shown = page.view.arms[1:]
    return [{"value": a.name, "label": a.name} for a in page.study.arms if a.name in shown]


def held(view: View, *names: str) -> dict[str, Any]:
    """What the controls of these fields of the view hold: the fields as they are."""
    return {name: getattr(view, name) for name in names}


def text_field(
    control_id: str, value: str, label: str, placeholder: str, debounce: int = 400, **more: Any
) -> Any:
    """A field for words, read when the reader pauses for ``debounce`` milliseconds."""
    return _text(control_id, value, placeholder, debounce, **{"aria-label": label}, **more)


def several(
    control_id: str,
    options: Sequence[tuple[str, str]],
    values: Sequence[str],
    label: str,
    placeholder: str = "None",
) -> Any:
    """A drop-down of (value, label) pairs, any number of which may be chosen."""
    return _Several(
        id=control_id,
        options=_listed(options),
        value=list(values),
        placeholder=placeholder,
        **{"aria-label": label},
    )


def interval_type(control_id: str, value: str) -> Any:
    """How the interval around a curve is made."""
    options = [
        ("log-log", "Log-log (SAS, most journals)"),
        ("log", "Log (R's default)"),
        ("plain", "Plain (symmetric)"),
    ]
    return setting(
        choice,
        control_id,
        "Confidence interval method",
        options,
        value,
        "The method for the interval around a curve. Log-log is what SAS and most journals use; log"
        " is the default of R's survival package; plain is symmetric.",
    )


STRATA_WORDS = "Compare within groups of (strata)"
LEVELS = ("0.8", "0.9", "0.95", "0.99")


def confidence_level(control_id: str, value: str) -> Any:
    """How wide confidence intervals are; a level that a link asks for stands among the usual."""
    levels = sorted({*LEVELS, value}, key=float)
    return setting(
        choice,
        control_id,
        "Confidence level",
        [(v, f"{100 * float(v):g}%") for v in levels],
        value,
        "How often such intervals would contain the true value if the study were repeated many "
        "times: 95% is usual. A higher level gives wider intervals.",
    )


def time_unit(control_id: str, value: str) -> Any:
    """The unit in which a page writes times."""
    units = [(unit, unit.capitalize()) for unit in DAYS_PER_UNIT]
    told = "A month is 30.4375 days, a year 365.25 days."
    return setting(segmented, control_id, "Time unit", units, value, told)


def typed(
    control_id: str, value: str, label: str, placeholder: str = "", debounce: bool | int = 600
) -> Any:
    """A field for numbers. Nothing in it is rewritten; its ``error`` says what is wrong."""
    named = {"aria-label": label}
    return _text(control_id, value, placeholder, debounce, inputMode="decimal", **named)


def field(
    control_id: str,
    value: str,
    label: str,
    placeholder: str = "",
    explained: str = "",
    unit: str = "",
    debounce: bool | int = 600,
) -> Any:
    """A field for numbers under its label, which names it as it stands there, unit included."""
    name = f"{control_id}-label"
    named = {"aria-labelledby": name}
    made = _text(control_id, value, placeholder, debounce, inputMode="decimal", **named)
    return labeled(label, made, explained, unit, name)


def number_field(control_id: str, value: str, label: str, placeholder: str) -> Any:
    """A field for a number under a ``label`` that is a property, and so may follow the page."""
    named = {"label": label, "className": "control"}
    return _text(control_id, value, placeholder, 400, inputMode="decimal", **named)


def _text(control_id: str, value: str, placeholder: str, debounce: bool | int, **more: Any) -> Any:
    return _Field(id=control_id, value=value, placeholder=placeholder, debounce=debounce, **more)


def number_text(value: float | None) -> str:
    """A number as typed into a field; nothing for none."""
    return "" if value is None else format_number(value)


def times_text(times: Sequence[float]) -> str:
    """ "12, 24, 36", as typed into a field."""
    return ", ".join(format_number(t) for t in times)
