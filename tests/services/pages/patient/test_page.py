"""One patient's course, against a study written by hand."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from services.errors import UserError
from services.pages.patient.export import patient_csv, patient_json
from services.pages.patient.page import patient_page
from services.views.study import View
from tests.adverse_events import tiny
from tests.studies import bundled


def test_a_course_by_hand():
    found = patient_page(tiny(), View(id="S2"))
    assert found.arm.name == "Drug"
    assert found.treatment == (1.0, 91.0)
    assert not found.ongoing
    assert [(e.term, e.grade, e.start_day, e.end_day) for e in found.events] == [
        ("Neutropenia", "Grade 4", 31.0, 91.0),
        ("Arrest", "Grade 5", 101.0, 101.0),
    ]
    # The endpoint's own time has no cause: the death comes from its date.
    assert [(m.kind, m.day) for m in found.milestones] == [("death", 101.0), ("event", 200.0)]
    assert (found.before, found.after) == ("S1", "S3")
    assert found.answer == "S2: Drug, until day 91, 2 adverse events, died on day 101."


def test_endpoints_are_moved_to_the_first_dose():
    """E3A06 counts from randomization; its patient 2 began treatment 6 days later."""
    found = patient_page(bundled(), View(id="E3A06-SIM-0002"))
    subject = bundled().subjects.loc["E3A06-SIM-0002"]
    assert (subject["TRTSDT"] - subject["RANDDT"]).days == 6
    times = bundled().times.set_index(["USUBJID", "PARAMCD"])["TIME"]
    days = {m.day for m in found.milestones}
    assert times["E3A06-SIM-0002", "PFS"] - 6 in days
    assert times["E3A06-SIM-0002", "OS"] - 6 in days
    assert found.ongoing
    assert found.response == "VGPR"


def test_an_endpoint_of_another_start_is_moved_from_there():
    """Patient 2 again, OS counted from 2 days after the first dose: its day 1 is day 3."""
    study, who = bundled(), "E3A06-SIM-0002"
    start = study.subjects.loc[who, "TRTSDT"] + pd.Timedelta(2, "D")
    own = (study.times["USUBJID"] == who) & (study.times["PARAMCD"] == "OS")
    times = study.times.assign(START=pd.Series(start, study.times.index).where(own))
    found = patient_page(replace(study, times=times, sha256="E3A06-SIM-0002 moved"), View(id=who))
    time = float(times["TIME"][own].iloc[0])
    label = study.endpoint("OS").label
    assert [m.day for m in found.milestones if label in m.label] == [time + 2]


def test_nothing_but_the_study_s_own_id_identifies():
    body = json.dumps(patient_json(patient_page(bundled(), View(id="E3A06-SIM-0002"))))
    subject = bundled().subjects.loc["E3A06-SIM-0002"]
    assert str(subject["TRTSDT"].date()) not in body
    # What the filters offer is shown, as in the patients' CSV; dates and sites are not.
    for word in ("SITEID", "DTHDT", "RANDDT", "TRTSDT", "SUBJID"):
        assert f'"{word}"' not in body


def test_a_response_is_said_in_words():
    found = patient_page(bundled(), View(id="E3A06-SIM-0014"))
    assert "best response PR (partial response), 3 adverse events" in found.answer
    assert patient_json(found)["best_response"] == "PR"


def test_never_treated_and_unknown():
    found = patient_page(tiny(), View(id="S7"))
    assert found.treatment is None
    assert found.events == ()
    assert patient_page(tiny(), View()).reason
    with pytest.raises(UserError, match="no such patient") as caught:
        patient_page(tiny(), View(id="S99"))
    assert caught.value.status == 404


def test_the_file_has_a_row_for_everything():
    found = patient_page(tiny(), View(id="S2"))
    lines = [line for line in patient_csv(found).splitlines() if not line.startswith("#")]
    assert [line.split(",")[0] for line in lines[1:]] == [
        "treatment", "death", "event", "adverse event", "adverse event",
    ]  # fmt: skip


def test_what_is_known_of_a_patient_at_the_start_stands_on_the_page() -> None:
    """Against the subjects table itself; risk groups come first."""
    study = bundled()
    subject = str(study.subjects.index[3])
    page = patient_page(study, View(id=subject))
    row = study.subjects.loc[subject]
    shown = {column: value for column, _, value in page.baseline}
    assert shown["AGE"] == f"{row['AGE']:g} years"
    assert shown["MAYO2018"] == row["MAYO2018"]
    assert page.baseline[0][0] in ("MAYO2018", "MAYO2008")
    assert "USUBJID" not in shown
    assert {"column": "AGE", "label": "Age", "value": shown["AGE"]} in patient_json(page)[
        "baseline"
    ]


@pytest.mark.parametrize("study_id", ["e3a06", "aquila", "quiredex", "mgus2"])
def test_the_numbers_of_a_patients_sentence_are_in_the_record(study_id: str) -> None:
    study = bundled(study_id)
    for subject in study.subjects.index[:40]:
        page = patient_page(study, View(id=str(subject)))
        body = patient_json(page)
        days = {m["day"] for m in body["milestones"]} | set(body["treatment"] or ())
        known = {f"{day:.0f}" for day in days} | {str(len(body["events"]))}
        said = page.answer.replace(str(subject), "")
        assert set(re.findall(r"\d+", said.replace(page.arm.name if page.arm else "", ""))) <= known


def test_a_study_without_doses_or_events_is_told_of_neither() -> None:
    """The MGUS cohort: no TRTSDT and no ADAE; its times count from diagnosis (study.toml)."""
    study = bundled("mgus2")
    page = patient_page(study, View(id=str(study.subjects.index[0])))
    told = dict(page.provenance)
    assert told["Days"].startswith("from diagnosis, as those of the endpoints: no date")
    assert told["Events"] == "the study has no adverse event table (ADAE)"
    assert "adverse event" not in page.answer
    assert "days from diagnosis" in patient_csv(page)
    # Four patients of E3A06 were never treated: their days are those of the endpoints.
    subjects = bundled().subjects
    never = str(subjects.index[subjects["TRTSDT"].isna().to_numpy()][0])
    told = dict(patient_page(bundled(), View(id=never)).provenance)
    assert told["Days"].startswith("from randomization, as those of the endpoints")
