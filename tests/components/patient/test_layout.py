"""A patient's course as drawn. Oracle: the rows of the study's files, counted by hand."""

from __future__ import annotations

from components.island import to_html
from components.patient import layout as patient_layout
from services.pages.patient.page import patient_page
from services.views.study import View
from tests.components.figures import traces
from tests.studies import bundled


def test_a_patient_s_timeline_has_a_bar_per_event():
    found = patient_page(bundled(), View(id="E3A06-SIM-0004"))
    figure = patient_layout.figure(found, "light", False)
    assert len(traces(figure, "event")) == 9
    # The mildest is seen by its line, which is as strong as the treatment's bar.
    treated = traces(figure, "treatment")[0]["marker"]["color"]
    assert {t["marker"]["line"]["color"] for t in traces(figure, "event")} == {treated}
    bar = traces(figure, "treatment")[0]
    assert bar["base"] == [1 / 30.4375]
    assert bar["x"] == [288 / 30.4375]
    said = patient_layout.words(found, (), 10)["html"]
    assert "E3A06-SIM-0004" in said["patient-answer"]
    assert said["patient-tables"].count('data-label="Outcome: "') == 9


def test_an_arm_without_a_drug_has_no_dose_and_no_treatment():
    """ADSL of a patient on observation: TRTSDT is the day of randomization, no drug is given."""
    subjects = bundled().subjects
    who = subjects.index[(subjects["ARM_PLANNED"] == "Observation").to_numpy()][0]
    found = patient_page(bundled(), View(id=str(who)))
    figure = patient_layout.figure(found, "light", False)
    words = to_html(patient_layout.tables(found)) + str(figure["layout"])
    assert figure["layout"]["xaxis"]["title"]["text"] == "Months from day 1"
    assert figure["layout"]["yaxis"]["ticktext"][:2] == ["Arm", "Course"]
    assert "Treatment" not in words
    assert "first dose" not in f"{words}{found.provenance}{found.methods.whole}"
    assert "although no drug is given on observation" in dict(found.provenance)["Days"]
    treated = patient_page(bundled(), View(id="E3A06-SIM-0004"))
    assert dict(treated.provenance)["Days"].startswith("from the first dose, which is day 1;")
