"""A patient's course as drawn. Oracle: the rows of the study's files, counted by hand."""

from __future__ import annotations

from components.patient import layout as patient_layout
from services.pages.patient.page import patient_page
from services.views.study import View
from tests.components.figures import traces
from tests.studies import bundled


def test_a_patient_s_timeline_has_a_bar_per_event():
    found = patient_page(bundled(), View(id="E3A06-SIM-0004"))
    figure = patient_layout.figure(found, "light", False)
    assert len(traces(figure, "event")) == 9
    bar = traces(figure, "treatment")[0]
    assert bar["base"] == [1 / 30.4375]
    assert bar["x"] == [288 / 30.4375]
    said = patient_layout.words(found, (), 10)["html"]
    assert "E3A06-SIM-0004" in said["patient-answer"]
