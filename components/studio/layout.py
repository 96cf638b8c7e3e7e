"""The figure studio: the settings of a figure's file, opened on demand over its page.

``assets/studio.js`` makes an address of them and shows the figure of that address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from components.markup import Markup, join, tag
from services import lists
from services.numbers import format_number

if TYPE_CHECKING:
    from services.study.model import Arm

_TEXTS: Mapping[str, Any] = lists.beside(__file__)
# What is asked of the figure on the screen too, where it draws curves.
SHARED: Mapping[str, Any] = {"scale": "survival", "hide": (), "ticks": None, "xmax": None}


def studio_form(page: Any, base: str, name: str, curves: bool) -> Markup:
    """The form, as the view has it.

    Parameters
    ----------
    page : its record, of a study or of none
    base : the page's path; name : of the figure's files, without ending
    curves : whether curves are drawn, with an axis and a table of their own
    """
    shared = SHARED if curves else {}
    arms = getattr(page, "arms", ())
    rest = replace(getattr(page, "address", page.view).without_figure(), **shared).query
    given = _given(page, shared)
    size = _group(
        "Size",
        _part("choices", ["fig_size", "fig_dpi"], given),
        _part("fields", ["fig_own", "fig_font"], given),
    )
    words = _group("Words", _part("boxes", ["fig_hide", "fig_inside"], given, curves))
    axes = _group(
        "Curves",
        _part("boxes", ["hide", "fig_rows"], given, curves),
        _part("choices", ["scale", "fig_y"], given, curves),
        _part("fields", ["fig_range", "xmax", "ticks"], given, curves),
    )
    return tag(
        "form",
        tag("p", _TEXTS["lead"], class_="hint"),
        _presets() if curves else None,
        size,
        words,
        axes if curves else None,
        _group(
            "Arms" if arms else "Colors",
            _part("choices", ["fig_palette"], given),
            _arms(page, arms),
        ),
        class_="studio-form",
        data_base=base,
        data_rest=rest,
        data_name=name,
    )


def _given(page: Any, shared: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the form's parts."""
    view = page.view
    asked = view.figure
    size, span = asked.get("fig_size", ""), asked.get("fig_range")
    named = size in {value for value, _ in _TEXTS["choices"]["fig_size"]["options"]}
    given: dict[str, Any] = {
        "fig_size": size if named else "own",
        "fig_own": "" if named else size,
        "fig_dpi": asked.get("fig_dpi", "").replace("300", ""),
        "fig_font": _number(asked.get("fig_font")),
        "fig_range": "..".join(map(format_number, span)) if span else "",
        "fig_palette": asked.get("fig_palette", "color"),
        "fig_y": asked.get("fig_y", "percent"),
        "fig_hide": [part for part in ("title", "subtitle") if part not in view.fig_hide],
        "fig_inside": asked.get("fig_inside", ()),
        "fig_rows": asked.get("fig_rows", ("risk", "events", "censored")),
    }
    if shared:
        given |= {"scale": view.scale, "hide": view.layers}
        given |= {"xmax": _number(view.xmax), "ticks": _number(view.ticks)}
    return given


def _number(value: float | None) -> str:
    return "" if value is None else format_number(value)


def _group(title: str, *parts: Markup | None) -> Markup:
    inside = tag("div", *parts, class_="studio-parts")
    return tag("fieldset", tag("legend", title), inside, class_="studio-group")


def _part(
    kind: str, names: Sequence[str], given: Mapping[str, Any], curves: bool = False
) -> Markup:
    make = {"choices": _choice, "fields": _field, "boxes": _boxes}[kind]
    there = {
        name: said
        for name in names
        if (said := _TEXTS[kind].get(name)) and (curves or said.get("of") != "curves")
    }
    return join(make(name, said, given[name]) for name, said in there.items())


def _choice(name: str, said: Mapping[str, Any], value: str) -> Markup:
    options = [
        tag("option", words, value=option, selected="" if option == value else None)
        for option, words in said["options"]
    ]
    made = tag("select", *options, class_="field-box select", data_key=name)
    return tag("label", said["label"], made, class_="basket-field")


def _field(name: str, said: Mapping[str, Any], value: str) -> Markup:
    made = _input("field-box", value, placeholder=said["hint"], data_key=name)
    return tag("label", said["label"], made, class_="basket-field")


def _input(classes: str, value: str, **more: Any) -> Markup:
    # Closed like one that has content: browsers read it as what it is.
    made = tag("input", class_=classes, value=value, autocomplete="off", **more)
    return Markup(made.removesuffix("</input>"))


def _boxes(name: str, said: Mapping[str, Any], ticked: Sequence[str]) -> Markup:
    boxes = [
        tag(
            "label",
            _input("", option, type="checkbox", checked="" if option in ticked else None),
            f" {words}",
            class_="studio-box",
        )
        for option, words in said["options"]
    ]
    head = tag("span", said["label"], class_="studio-label")
    called = {"role": "group", "aria_label": said["label"]}
    return tag("div", head, *boxes, data_key=name, data_says=said["says"], **called)


def _presets() -> Markup:
    made = [
        tag(
            "div",
            tag("button", one["name"], type="button", class_="plain-button",
                data_preset=json.dumps(one["set"])),
            tag("span", one["words"], class_="hint"),
        )
        for one in _TEXTS["presets"]
    ]  # fmt: skip
    lead = tag("p", _TEXTS["presets_lead"], class_="hint")
    inside = tag("div", *made, class_="studio-presets")
    return tag(
        "fieldset", tag("legend", "Like the figures of"), lead, inside, class_="studio-group"
    )


def _arms(page: Any, arms: Sequence[Arm]) -> Markup | None:
    """A row for each arm shown: its name, its color, and its place."""
    if not arms:
        return None
    view = page.view
    names, colors = dict(view.fig_names), dict(view.fig_colors)
    place = {name: i for i, name in enumerate(view.fig_order)}
    rows = [
        tag(
            "li",
            _input("field-box", names.get(arm.name, arm.name), maxlength="60",
                   aria_label=f"Name of {arm.name} in the figure"),
            _input("", f"#{colors[arm.name]}" if arm.name in colors else arm.color, type="color",
                   aria_label=f"Color of {arm.name} in the figure"),
            tag("button", "Up", type="button", class_="text-button", data_up="",
                aria_label=f"Move {arm.name} up"),
            data_arm=arm.name,
            data_color=arm.color,
        )
        for arm in sorted(arms, key=lambda arm: place.get(arm.name, len(place)))
    ]  # fmt: skip
    return tag("ol", *rows, class_="studio-arms")
