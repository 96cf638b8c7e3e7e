"""What the values of adverse events are taken for. Oracle: small studies counted by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from services.adverse_events.meanings import event_values
from services.pages.safety.export import safety_csv, safety_json
from tests.services.adverse_events.events import build, counted, event, page, three, told

ALL, NONE = {"D": 2, "P": 1}, {"D": 0, "P": 0}


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        ("serious", "AESER", "SERIOUS", ALL),
        ("serious", "AESER", "Not serious", NONE),
        ("serious", "AESER", "1.0", ALL),
        ("related", "AEREL", "RELATED TO STUDY DRUG", ALL),
        ("related", "AEREL", "1", ALL),
        ("related", "AEREL", "unrelated", NONE),
        ("severe", "AETOXGR", "Grade III", ALL),
        ("severe", "AETOXGR", "2 - Moderate", NONE),
        ("stopped", "AEACN", "Permanently discontinued", ALL),
        ("fatal", "AEOUT", "RECOVERED/RESOLVED", NONE),
        ("any", "TRTEMFL", "Treatment-emergent", ALL),
        ("any", "TRTEMFL", "No", NONE),
    ],
)
def test_values_in_other_words(row: str, column: str, value: str, expected: object) -> None:
    assert counted(three(**{column: value}), row) == expected


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("serious", "AESER", "perhaps", "seriousness is"),
        ("related", "AEREL", "A", "relation to treatment is"),
        ("severe", "AETOXGR", "bad", "severity or grade is"),
        ("stopped", "AEACN", "4", "action taken is"),
        ("changed", "AEACN", "4", "action taken is"),
    ],
)
def test_nothing_understood_is_a_reason_and_not_zero(
    row: str, column: str, value: str, reason: str
) -> None:
    study = three(**{column: value})
    said = f"{reason} recorded but not understood: {column} contains “{value}”"
    assert counted(study, row) == said
    assert said in told(study)
    assert f"{value}: not understood (3)" in told(study)
    assert said in safety_csv(page(study))


def test_outcome_not_understood_beside_grades_is_a_note() -> None:
    study = three(AEOUT="5")
    row = next(r for r in page(study).overview if r.id == "fatal")
    assert row.note.startswith("AEOUT of 3 events was not understood (“5”)")
    severity = [{k: v for k, v in e.items() if k != "AETOXGR"} for e in (event(1, AEOUT="5"),)]
    assert "fatal outcome is recorded but not understood" in str(counted(build(severity), "fatal"))


def test_an_outcome_that_is_nowhere_known_is_no_value_that_was_not_understood() -> None:
    study = three(AEOUT="UNKNOWN")
    assert counted(study, "fatal") == NONE  # by grade 5, which no event has
    assert "AEOUT of" not in told(study)


def test_severe_events_without_a_grade_are_told_beside_the_number() -> None:
    study = build(
        [event(1), event(2, AETOXGR="", AESEV="SEVERE"), event(4, AETOXGR="", AESEV="MILD")]
    )
    assert counted(study, "severe") == {"D": 1, "P": 0}
    words = "1 event is severe by AESEV and without a grade, counted as not severe"
    assert words in told(study)
    assert next(r for r in page(study).overview if r.id == "severe").note == words


def test_a_part_not_understood_stands_beside_the_number() -> None:
    study = build([event(1), event(2, AESER="?", AEREL="?", AETOXGR="?", AEACN="?"), event(4)])
    for row in ("serious", "related", "severe", "stopped"):
        assert counted(study, row) == {"D": 1, "P": 1}
    notes = {r.id: r.note for r in page(study).overview}
    assert notes["serious"] == "AESER of 1 event was not understood (“?”), counted as not serious"
    assert notes["related_severe"].count("not understood") == 2
    assert notes["any"] == ""
    assert notes["serious"] in told(study)
    body = safety_json(page(study))
    assert next(r for r in body["overview"] if r["id"] == "severe")["note"] == notes["severe"]
    json.dumps(body, allow_nan=False)


def test_what_is_emergent_and_not_understood_is_told_and_all_events_count() -> None:
    study = three(TRTEMFL="on study")
    assert counted(study, "any") == ALL
    assert any("what is treatment-emergent is recorded but" in n for n in page(study).notes)
    assert "TRTEMFL contains “on study”" in told(study)


@pytest.mark.parametrize(
    ("values", "row", "expected"),
    [
        ({"ATOXGR": "1"}, "severe", NONE),
        ({"ATOXGR": ""}, "severe", ALL),
        ({"AREL": "NOT RELATED"}, "related", NONE),
        ({"AETOXGR": "", "AETOXGRN": "4"}, "severe", ALL),
        ({"AETOXGR": "", "ASEV": "MILD", "AESEV": "SEVERE"}, "severe", NONE),
        ({"AETOXGR": "", "ASEV": "SEVERE", "AESEV": "MILD"}, "severe", ALL),
        ({"AETOXGR": "", "AESEV": "3"}, "severe", ALL),
        ({"AETOXGR": "", "AESEV": "Grade 3"}, "severe", ALL),
    ],
)
def test_analysis_variables_come_first(
    values: dict[str, str], row: str, expected: dict[str, int]
) -> None:
    assert counted(three(**values), row) == expected


def test_row_by_row_the_next_column_where_one_is_blank() -> None:
    study = build(
        [event(1, ATOXGR="1", AESOC="Immune"), event(2, ATOXGR="", AESOC="Immune", AEBODSYS=""),
         event(4, ATOXGR="4", AESOC="Skin")]
    )  # fmt: skip
    assert counted(study, "severe") == {"D": 1, "P": 1}  # P1 by ATOXGR 1, P2 by AETOXGR 3
    assert [c.row.name for c in page(study).classes] == ["Skin", "Immune"]
    said = told(study)
    assert "AETOXGR where ATOXGR is blank (1 event)" in said
    assert "AEBODSYS; AESOC where that is blank (1 event); AESOC differs in 1 event" in said


def test_every_value_is_listed_with_what_it_was_read_as() -> None:
    study = build([event(1), event(2, AESER="N"), event(4, AESER="?")])
    lines = dict(study.report.mapped)
    assert lines["Serious, by AESER"] == "?: not understood (1); N: not serious (1); Y: serious (1)"
    assert lines["Grade, by AETOXGR"] == "3: grade 3 (3)"
    assert lines["Action taken, by AEACN"] == "DRUG WITHDRAWN: treatment stopped (3)"
    assert lines["Outcome, by AEOUT"] == "FATAL: fatal (3)"


def test_all_columns_blank_is_not_recorded() -> None:
    values = event_values(pd.DataFrame({"AESER": [None, None], "AEREL": ["", None]}))
    assert values.unknown["serious"] == "seriousness is not recorded (AESER)"
    assert not values.flags["serious"].any()
