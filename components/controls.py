"""All controls of all pages: switches, drop-downs, check boxes, fields, and the label over one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from components import html
from components.shell import help_button
from services import lists, names
from services.names import straight
from services.numbers import format_number
from services.pages.records import PageRecord
from services.units import DAYS_PER_UNIT

if TYPE_CHECKING:
    from services.views.study import View


WORDS: Mapping[str, Mapping[str, Any]] = lists.beside(__file__)  # of a page's controls


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


Options = Iterable[tuple[str, str]]  # value and label of each


def _choosing(
    kind: type[Component], control_id: str, options: Options, value: Any, label: str, **more: Any
) -> Any:
    listed = [
        {"value": choice, "label": straight(words) if isinstance(words, str) else words}
        for choice, words in options
    ]
    given = {"id": control_id, "options": listed, "value": value, "aria-label": label, **more}
    return html.component(kind, given)


def segmented(
    control_id: str, options: Options, value: str, label: str, vertical: bool = False
) -> Any:
    """A row (or column) of mutually exclusive choices."""
    classes = "segments vertical" if vertical else "segments"
    return _choosing(_Segments, control_id, options, value, label, className=classes)


def choice(
    control_id: str,
    options: Options,
    value: str | None,
    label: str,
    *,
    empty: str = "",
    placeholder: str = "",
    searchable: bool = False,
) -> Any:
    """A drop-down.

    Parameters
    ----------
    empty : what is taken where none is chosen; without it one always is
    placeholder : stands there until one is chosen
    searchable : options are found by any part of their labels, for there are many
    """
    kind = _Find if searchable else _Select
    named = {"placeholder": empty or placeholder, "clearable": bool(empty)}
    return _choosing(kind, control_id, options, value, label, **named)


def boxes(
    control_id: str,
    options: Options,
    values: Sequence[str],
    label: str,
    classes: str = "options",
) -> Any:
    """A check box for each option."""
    return _choosing(_Boxes, control_id, options, list(values), label, className=classes)


def versus_data(page: PageRecord) -> list[dict[str, str]]:
    """The arms that can be compared with the reference, as the select has them."""
    shown = page.view.arms[1:]
    return [
        {"value": a.name, "label": straight(a.name)} for a in page.study.arms if a.name in shown
    ]


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
    options: Options,
    values: Sequence[str],
    label: str,
    placeholder: str = "None",
) -> Any:
    """A drop-down, any number of whose options may be chosen."""
    return _choosing(_Several, control_id, options, list(values), label, placeholder=placeholder)


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
    told = {"id": control_id, "value": value, "placeholder": placeholder, "debounce": debounce}
    return html.component(_Field, told | more)


LEVELS = ("0.8", "0.9", "0.95", "0.99")


class Settings:
    """The controls of a page, each under its label, in the words of ``controls.toml``.

    Parameters
    ----------
    page : what their ids start with; values : what each holds
    unit : of time; told : what the explanations name in braces
    """

    def __init__(self, page: str, values: Mapping[str, Any], unit: str = "", **told: str) -> None:
        self._page = page
        self._values = values
        self._unit = unit
        self._told = told

    def __call__(
        self, make: Callable[..., Any], name: str, options: Options | None = None, **more: Any
    ) -> Any:
        """A control of that name.

        Parameters
        ----------
        make : ``choice``, ``several``, ``segmented`` or ``boxes``; ``more`` is its own
        options : those of ``controls.toml`` if left out
        """
        words = {**self._words(name), **more}
        label, explained = words.pop("label"), words.pop("explained", "").format(**self._told)
        known = words.pop("options", {}).items()
        given = known if options is None else options
        above = words.pop("above", label)
        control = make(f"{self._page}-{name}", given, self._values[name], label, **words)
        return labeled(above, control, explained)

    def place(self, name: str) -> str:
        """The id of something of the page."""
        return f"{self._page}-{name}"

    def _words(self, name: str) -> dict[str, Any]:
        return {**WORDS["every"].get(name, {}), **WORDS[self._page].get(name, {})}

    def told(self, name: str, options: Mapping[str, str] | None = None) -> str:
        """What a control holds, in words: "Design: randomized"; ``options``: value -> its words."""
        words, value = self._words(name), self._values[name]
        known = words.get("options", {}) if options is None else options
        held = value if isinstance(value, list) else [value]
        return f"{words['label']}: {', '.join(names.uncapital(known.get(v, v)) for v in held)}"

    def field(self, name: str, **more: Any) -> Any:
        """A field for numbers; ``more`` as of ``field``."""
        words = {**self._words(name), **more}
        words["unit"] = self._unit if words.pop("timed", False) else ""
        return field(f"{self._page}-{name}", self._values[name], **words)

    def compared(self, arms: Sequence[str], alone: bool) -> Any:
        """Which arm is compared with which; ``alone``: nothing can be compared."""
        options = [(arm, arm) for arm in arms]
        others = [option for option in options if option[0] != self._values["reference"]]
        return html.Div(
            html.Div(self(choice, "versus", others), className="hidden" if len(arms) < 3 else ""),
            self(choice, "reference", options),
            className="hidden" if alone else "",
        )

    def time_unit(self) -> Any:
        """The unit in which the page writes times."""
        return self(segmented, "unit", [(unit, unit.capitalize()) for unit in DAYS_PER_UNIT])

    def level(self) -> Any:
        """How wide intervals are; a level that a link asks for stands among the usual."""
        levels = sorted({*LEVELS, self._values["level"]}, key=float)
        return self(choice, "level", [(v, f"{100 * float(v):g}%") for v in levels])


def number_text(value: float | None) -> str:
    """A number as typed into a field; nothing for none."""
    return "" if value is None else format_number(value)


def time_text(time: float | None) -> str:
    """A time as typed into a field, in six digits: until it is typed anew it is as exact as it was.

    >>> time_text(0.714579055441), time_text(12.0), time_text(None)
    ('0.714579', '12', '')
    """
    return number_text(None if time is None else float(f"{time:.6g}"))


def times_text(times: Sequence[float]) -> str:
    """ "12, 24, 36", as typed into a field."""
    return ", ".join(map(time_text, times))
