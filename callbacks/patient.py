"""The page of one patient: a timeline, opened from the listing of events or a curve's patients."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components import patient
from services import patient_export
from services.patient import patient_page
from services.patient_records import PatientPage
from services.study import Study
from services.view import View


def view_from(_study: Study, controls: Controls) -> View:
    """The view of the patient chosen."""
    chosen = controls.changed == "id" and controls["id"]
    return replace(controls.before, id=controls["id"]) if chosen else controls.before


def _file_stem(page: PatientPage, _part: str) -> str:
    return patient.file_stem(page)


PAGE = StudyPage(
    name="patient",
    tab="safety",
    make=patient_page,
    layout=patient.patient_layout,
    words=patient.words,
    minimal=lambda _study, view: view,
    figures={"graph": patient.figure},
    controls=("id",),
    values=lambda page: {"id": page.subject or None},
    view_from=view_from,
    files={"json": patient_export.patient_json, "csv": patient_export.patient_csv},
    image=patient.image,
    file_stem=_file_stem,
    rail=False,
)
