"""The page that asks what columns mean. Oracle: the record, and what a mapping is sent as."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash.html import Section

from components.mapping.layout import (
    ADSL_TARGETS,
    ADTTE_TARGETS,
    alike_placeholder,
    arm_choices,
    control_id,
    event_levels,
    good_placeholder,
    mapping_content,
    model,
    preview,
    readings,
    role_options,
    role_placeholder,
    said,
    states_class,
)
from services.pages.mapping.records import (
    MappingPage,
    ModelPreview,
    Problem,
    Readings,
    TableChoices,
)
from services.reading.mapping import parse_mapping
from tests.components.text import text, walk

TABLE = TableChoices(
    "adtte",
    "times.csv",
    (("ID", "ID"), ("DEAD", "DEAD"), ("WEEKS", "WEEKS")),
    (("USUBJID", "Patient"), ("CNSR", "Status")),
    {"DEAD": ("0", "1")},
    {"CNSR": "DEAD", "AVAL": "GONE"},
)
PAGE = MappingPage(
    study_id="x", draft=True, tables=(TABLE,), events=("1",), unit="weeks",
    units=("days", "weeks"), reference="C", arms=("A", "B"), title="", endpoint="",
    problem=Problem("No column says the arm.", "Choose one.", ("first", "second")), preview=None,
    until="July 1, 2030",
)  # fmt: skip


def test_every_target_has_a_control_with_its_columns() -> None:
    controls = {getattr(p, "id", None): p for p in walk(mapping_content(PAGE))
                if isinstance(getattr(p, "id", None), str)}  # fmt: skip
    wanted = {control_id("adtte", t) for t in ADTTE_TARGETS}
    wanted |= {control_id("adsl", t) for t in ADSL_TARGETS}
    assert wanted <= controls.keys()
    status = controls[control_id("adtte", "CNSR")]
    assert [o["value"] for o in status.options] == ["ID", "DEAD", "WEEKS"]
    assert status.value == "DEAD"
    assert controls[control_id("adtte", "AVAL")].value is None, "a column that is not there"
    assert controls["mapping-save"].disabled is True
    assert controls["mapping-good"].value is None
    good = mapping_content(replace(PAGE, good=True))
    assert [p.value for p in walk(good) if getattr(p, "id", "") == "mapping-good"] == ["good"]


def test_the_key_is_asked_for_before_what_it_saves() -> None:
    made = list(walk(mapping_content(replace(PAGE, keyed=True))))
    (place,) = (i for i, p in enumerate(made) if getattr(p, "data-key-of", None) == "x")
    assert getattr(made[place], "data-key-needed", None) == ""
    assert place < min(i for i, p in enumerate(made) if isinstance(p, Section))
    assert not [p for p in walk(mapping_content(PAGE)) if getattr(p, "data-key-of", None)]


def test_a_problem_is_told_whole() -> None:
    shown = " ".join(text(preview(PAGE)).split())
    for words in ("No column says the arm.", "Choose one.", "first", "second"):
        assert words in shown


@pytest.mark.parametrize(
    ("rows", "chosen", "words"),
    [
        ((("0", 3), ("1", 1)), ("1",), "If 0 is the event: 3 events; if 1 is the event: 1 event."),
        ((("a", 3), ("b", 1), ("c", 2)), ("a", "c"), "Chosen: a, c, 5 rows."),
        ((("a", 3), ("b", 1)), (), "If a is the event: 3 events; if b is the event: 1 event."),
    ],
)
def test_each_reading_has_its_number_of_events(
    rows: tuple[tuple[str, int], ...], chosen: tuple[str, ...], words: str
) -> None:
    shown = " ".join(text(readings(Readings("DEAD", rows, chosen))).split())
    assert words.replace(" ", "") in shown.replace(" ", "")


def test_what_is_not_said_is_told_as_it_would_be_taken() -> None:
    assert event_levels(PAGE) == ("0", "1")
    assert arm_choices(PAGE) == ("A", "B", "C"), "a reference that is no arm yet stays chosen"
    assert good_placeholder(PAGE) == "Not specified"
    assert good_placeholder(replace(PAGE, good_by_name=True)).startswith("Good for the patient")
    assert alike_placeholder(replace(PAGE, alike=("a", "A"))) == "Separate: a, A"


def test_what_the_controls_say_is_a_mapping() -> None:
    controls = {
        "adtte": {"USUBJID": "ID", "AVAL": "WEEKS", "CNSR": "DEAD", "TRTP": "*", "PARAMCD": None},
        "adsl": dict.fromkeys(ADSL_TARGETS), "events": ["1"], "unit": "weeks", "reference": None,
        "title": None, "endpoint": "OS", "good": "bad", "arms_alike": None,
    }  # fmt: skip
    found = parse_mapping(said(controls))
    assert dict(found.adtte) == {"USUBJID": "ID", "AVAL": "WEEKS", "CNSR": "DEAD", "TRTP": "*"}
    assert (found.events, found.unit, found.endpoint, found.good) == (("1",), "weeks", "OS", False)


def test_endpoints_of_states_can_be_chosen_and_are_drawn() -> None:
    found = ModelPreview(
        ("Free of progression", "Progressed", "Died"),
        (("Progressed", "Time to progression"), ("Died", "Overall survival")),
        (("A", "#0072B2"), ("B", "#4D545E")),
        {(0, 1): (3, 4), (0, 2): (0, 0), (1, 2): (1, 2)},
        "2 patients without a record of each endpoint",
    )
    endpoints = (("TTP", "Time to progression"), ("OS", "Overall survival"))
    page = replace(PAGE, endpoints=endpoints, model=found, by_name={"death": "OS"},
                   states={"progression": "TTP"})  # fmt: skip
    assert states_class(page) == "card"
    assert states_class(PAGE) == "card hidden"
    assert role_options(page, "treatment")[-1][0] == "none"
    assert role_placeholder(page, "death") == "OS, based on its name"
    shown = " ".join(text(model(page, "light", False)).split())
    assert "Left out: 2 patients without a record of each endpoint." in shown
    assert "Patients who went each way, A · B." in shown
    texts = dict.fromkeys(("unit", "reference", "title", "endpoint", "arms_alike", "good"))
    controls = {"adtte": {}, "adsl": {}, "events": [], "progression": "TTP", **texts}
    assert parse_mapping(said(controls)).states == {"progression": "TTP"}
