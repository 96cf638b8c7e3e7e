"""Small controls every page uses: a control under its label, a row of choices, typed times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc

from components import html
from components.shell import help_button
from services.numbers import format_number
from services.pages.records import PageRecord
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.views.study import View


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


def segmented(
    control_id: str,
    options: Sequence[tuple[str, str]],
    value: str,
    label: str,
    vertical: bool = False,
) -> Any:
    """A row (or column) of mutually exclusive choices: (value, label) pairs."""
    return dmc.SegmentedControl(
        id=control_id,
        data=[{"value": v, "label": text} for v, text in options],
        value=value,
        fullWidth=True,
        size="sm" if vertical else "xs",
        orientation="vertical" if vertical else "horizontal",
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
    searchable: bool = False,
) -> Any:
    """A drop-down of (value, label) pairs.

    Parameters
    ----------
    empty : what is taken where none is chosen; without it one always is
    """
    more = {"placeholder": empty, "clearable": True} if empty else {"allowDeselect": False}
    more |= {"searchable": True} if searchable else {}
    return dmc.Select(
        id=control_id,
        data=[{"value": v, "label": text} for v, text in options],
        value=value,
        size="sm",
        comboboxProps={"withinPortal": True},
        **more,
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
    ticked = [dmc.Checkbox(label=text, value=v, size="sm") for v, text in options]
    return dmc.CheckboxGroup(
        id=control_id,
        value=list(values),
        children=html.Div(ticked, className=classes),
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
    return dmc.TextInput(
        id=control_id,
        value=value,
        placeholder=placeholder,
        debounce=debounce,
        size="sm",
        **more,
        **{"aria-label": label},
    )


def several(
    control_id: str,
    options: Sequence[tuple[str, str]],
    values: Sequence[str],
    label: str,
    placeholder: str = "None",
) -> Any:
    """A drop-down of (value, label) pairs, any number of which may be chosen."""
    return dmc.MultiSelect(
        id=control_id,
        data=[{"value": v, "label": text} for v, text in options],
        value=list(values),
        placeholder="" if values else placeholder,
        size="sm",
        clearable=True,
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
    return _text(control_id, value, placeholder, debounce, {"aria-label": label})


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
    made = _text(control_id, value, placeholder, debounce, {"aria-labelledby": name})
    return labeled(label, made, explained, unit, name)


def _text(
    control_id: str, value: str, placeholder: str, debounce: bool | int, named: dict[str, str]
) -> Any:
    return dmc.TextInput(
        id=control_id,
        value=value,
        placeholder=placeholder,
        debounce=debounce,
        size="sm",
        inputProps={"inputMode": "decimal", "autoComplete": "off"},
        **named,
    )


def number_text(value: float | None) -> str:
    """A number as typed into a field; nothing for none."""
    return "" if value is None else format_number(value)


def times_text(times: Sequence[float]) -> str:
    """ "12, 24, 36", as typed into a field."""
    return ", ".join(format_number(t) for t in times)
