"""Small controls. Oracle: what a screen reader calls them and what they are given."""

from __future__ import annotations

from components.controls import (
    LEVELS,
    Settings,
    boxes,
    choice,
    endpoint_control,
    field,
    number_text,
    segmented,
    several,
    times_text,
    typed,
)
from services.pages.survival.page import survival_page
from services.units import DAYS_PER_UNIT
from services.views.study import View
from tests.components.text import text, walk
from tests.studies import bundled

OPTIONS = [("a", "First"), ("b", "Second")]


def test_choices_are_the_options_and_have_a_name() -> None:
    for made in (
        segmented("x", OPTIONS, "b", "Which"),
        choice("x", OPTIONS, "b", "Which"),
        choice("x", OPTIONS, "b", "Which", searchable=True),
        several("x", OPTIONS, ["b"], "Which"),
        boxes("x", OPTIONS, ["b"], "Which"),
    ):
        assert [(o["value"], o["label"]) for o in made.options] == OPTIONS
        assert made.value in ("b", ["b"])
        assert getattr(made, "aria-label") == "Which"


def test_a_field_is_named_by_its_label_with_the_unit() -> None:
    parts = list(walk(field("at", "12", "Compare at", unit="months")))
    control = next(p for p in parts if getattr(p, "id", "") == "at")
    label = next(p for p in parts if getattr(p, "id", "") == getattr(control, "aria-labelledby"))
    assert " ".join(text(label).split()) == "Compare at ( months )"
    assert (control.value, control.inputMode) == ("12", "decimal")
    assert getattr(typed("at", "", "Points"), "aria-label") == "Points"


def test_a_level_of_a_link_stands_among_the_usual_ones() -> None:
    for value, expected in (("0.95", [*LEVELS]), ("0.5", ["0.5", *LEVELS])):
        control = next(
            p for p in walk(Settings("survival", {"level": value}).level()) if hasattr(p, "options")
        )
        assert [o["value"] for o in control.options] == expected
        assert control.value == value


def test_every_unit_can_be_chosen() -> None:
    control = next(
        p
        for p in walk(Settings("survival", {"unit": "months"}).time_unit())
        if hasattr(p, "options")
    )
    assert [o["value"] for o in control.options] == [*DAYS_PER_UNIT]


def test_the_switch_of_endpoints_offers_those_of_the_study() -> None:
    page = survival_page(bundled(), View())
    control = next(p for p in walk(endpoint_control("x", page, False)) if hasattr(p, "options"))
    assert [o["value"] for o in control.options] == [e.id for e in bundled().endpoints]
    assert control.value == page.view.endpoint


def test_numbers_are_written_as_they_are_typed() -> None:
    assert (number_text(None), number_text(12.0), number_text(0.1)) == ("", "12", "0.1")
    assert times_text((12.0, 24.5)) == "12, 24.5"
