"""What the values of adverse events are taken for. Oracle: small studies counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services.adverse_events.meanings import event_values
from services.adverse_events.terms import event_terms, no_events
from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.safety.export import safety_csv, safety_json
from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.reading import build as reading_build
from services.reading.files import read_study
from services.reading.formats.read import read_table
from services.study.model import Study
from services.views.study import decode

Rows = list[dict[str, Any]]
WHO = [f"P{i}" for i in range(1, 7)]


def event(who: int, **values: str) -> dict[str, str]:
    base = {"AEBODSYS": "Skin", "AEDECOD": "Rash", "AETOXGR": "3", "AESER": "Y", "AEREL": "Y",
            "AEACN": "DRUG WITHDRAWN", "AEOUT": "FATAL", "TRTEMFL": "Y"}  # fmt: skip
    return {"USUBJID": f"P{who}"} | base | values


def build(rows: Rows, adsl: Rows | None = None) -> Study:
    subjects = adsl or [{"USUBJID": w, "TRT01P": "DDDPPP"[i]} for i, w in enumerate(WHO)]
    times = [{"USUBJID": w, "PARAMCD": "OS", "AVAL": 9, "AVALU": "DAYS", "CNSR": 0} for w in WHO]
    tables = (
        read_table(pd.DataFrame(rows).to_csv(index=False).encode(), name)
        for name, rows in (("adsl.csv", subjects), ("adtte.csv", times), ("adae.csv", rows))
    )
    return reading_build.build(*tables, id="events")


def three(**values: str) -> Study:
    """Two patients on D and one on P with an event of these values."""
    return build([event(i, **values) for i in (1, 2, 4)])


def page(study: Study, query: str = "") -> SafetyPage:
    return safety_page(study, decode(query))


def counted(study: Study, row: str) -> dict[str, int] | str:
    """Patients by arm, or the reason why there is no number."""
    found = next(r for r in page(study).overview if r.id == row)
    return found.reason or {a: c.subjects for a, c in found.arms.items()}


def told(study: Study) -> str:
    report = study.report
    return "\n".join([f.message for f in report.findings] + [" = ".join(m) for m in report.mapped])


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
    said = f"{reason} recorded but not understood: {column} holds “{value}”"
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
    assert "TRTEMFL holds “on study”" in told(study)


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
    assert "AETOXGR where ATOXGR is blank (1 events)" in said
    assert (
        "AEBODSYS; AESOC where that is blank (1 events); AESOC says otherwise in 1 events" in said
    )


def test_terms_without_a_code_keep_their_own_words() -> None:
    study = build([event(1, AETERM="Itch"), event(2, AEDECOD="", AETERM="Itch"), event(4)])
    assert {r.name for r in page(study).leading} == {"Rash", "Itch"}
    assert event_terms(pd.DataFrame({"AEDECOD": ["", None]})).pairs == (
        ("No class recorded", "Not coded"),
    )


def test_terms_that_differ_in_case_are_one_and_told() -> None:
    study = build([event(1), event(2, AEDECOD="RASH", AEBODSYS="SKIN"), event(4)])
    assert [(r.name, r.arms["D"].subjects) for r in page(study).leading] == [("Rash", 2)]
    assert "written in several ways count as one: “Rash”, “RASH”" in told(study)
    assert "“Skin”, “SKIN”" in told(study)


def test_rows_without_an_event() -> None:
    blank = dict.fromkeys(event(1), "") | {"AESEQ": "1", "AGE": "60"}
    study = build(
        [event(1), blank | {"USUBJID": "P3"}, blank | {"USUBJID": "P6", "TRTEMFL": "N"},
         blank | {"USUBJID": "P5", "AETERM": "No adverse events"}]
    )  # fmt: skip
    assert counted(study, "any") == {"D": 1, "P": 0}
    assert "adae.csv: rows that hold no event (of patients who had none) left out." in told(study)
    for word in ("-", "keine", "NONE", "No AE", "n/a"):
        assert no_events(pd.DataFrame({"AETERM": [word, "Rash"]})).tolist()[1] is False
        assert counted(build([event(1), blank | {"USUBJID": "P3", "AETERM": word}]), "any") == {
            "D": 1,
            "P": 0,
        }
    flagged = pd.DataFrame({"AEDECOD": ["", "x"], "TRTEMFL": ["Y", ""]})
    assert no_events(flagged).tolist() == [False, False]
    assert no_events(pd.DataFrame({"SEX": ["F"]})).tolist() == [False]


def test_events_of_nobody_are_refused_with_ids_of_both_sides() -> None:
    with pytest.raises(UserError, match="USUBJID is “p1”, “p2”, “p4” there, “P1”, “P2”, “P3” and"):
        build([event(i) | {"USUBJID": f"p{i}"} for i in (1, 2, 4)])
    some = build([event(1), event(2) | {"USUBJID": "p2"}])
    finding = next(f for f in some.report.findings if "not in the study" in f.message)
    assert finding.count == 1
    assert "p2" in finding.message
    assert "“P1”" in finding.remedy


def test_events_that_drop_out_are_told() -> None:
    adsl: Rows = [
        {"USUBJID": w, "TRT01P": arm, "TRT01A": actual, "SAFFL": safe}
        for w, arm, actual, safe in zip(
            WHO, ["D", "D", "D", "P", "P", ""], ["D", "D", "", "P", "P", ""], "YNNYYN", strict=True
        )
    ]
    study = build([event(i) | {"TRTA": "P"} for i in range(1, 7)], adsl)
    said = {f.message: f.count for f in study.report.findings}
    assert said["adae.csv: adverse events of patients without an arm left out: P6."] == 1
    assert (
        said[
            "adae.csv: adverse events of patients outside the safety population (SAFFL) are not"
            " counted: P2."
        ]
        == 1
    )
    assert (
        said[
            "adae.csv: adverse events of patients without one of the study's arms as the actual arm"
            " are not counted: P3."
        ]
        == 1
    )
    assert said["TRTA of adae.csv is not the patient's actual arm, which is used: P1, P2."] == 2


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


def test_the_view_still_refuses_what_is_not_understood() -> None:
    with pytest.raises(UserError, match="recorded but not understood"):
        page(three(AESER="perhaps"), "only=serious")


RANDOM = Path(__file__).parents[4] / "shared" / "data" / "adam" / "random_cdisc_data"


@pytest.mark.skipif(not RANDOM.is_dir(), reason="the public data are absent")
def test_classes_of_a_public_study_are_those_of_its_own_tables() -> None:
    """By AEBODSYS, as the tables of tern have them: cl B is B.1 and B.2."""
    found = page(read_study(RANDOM))
    assert sorted(c.row.name for c in found.classes) == [
        f"cl {name}" for name in ("A.1", "B.1", "B.2", "C.1", "C.2", "D.1", "D.2")
    ]
    rows = {c.row.name: c.row.arms["A: Drug X"].subjects for c in found.classes}
    assert (rows["cl B.1"], rows["cl B.2"]) == (47, 79)


def test_benefit_and_risk_know_what_was_not_understood() -> None:
    adsl: Rows = [
        {"USUBJID": w, "TRT01P": "DDDPPP"[i], "SAFFL": "dosed", "TRTSDT": "2020-01-01",
         "TRTEDT": "2020-12-31"}
        for i, w in enumerate(WHO)
    ]  # fmt: skip
    rows = [event(1, ASTDT="2020-02-01"), event(2, AETOXGR="?", ASTDT="2020-02-01")]
    harm = benefit_risk_page(build(rows, adsl), decode("")).outcomes[1]
    assert harm.reason is not None
    assert harm.reason.startswith("The safety population is not known: SAFFL is recorded but not")
    known = build(rows, [r | {"SAFFL": "Y"} for r in adsl])
    assert (
        benefit_risk_page(known, decode(""))
        .outcomes[1]
        .method.endswith("AETOXGR of 1 event was not understood (“?”), counted as not severe")
    )
