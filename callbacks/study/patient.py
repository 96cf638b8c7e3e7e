"""The page of one patient: a timeline, opened from the listing of events or a curve's patients."""

from __future__ import annotations

from dataclasses import replace

from callbacks.controls import Controls
from callbacks.study_page import StudyPage
from components.patient import layout as patient_layout
from services.pages.patient import export as patient_export
from services.pages.patient.page import patient_page
from services.pages.patient.records import PatientPage
from services.study.model import Study
from services.views.study import View


def view_from(_study: Study, controls: Controls) -> View:
    """The view of the patient chosen."""
    chosen = controls.touched("id") and controls["id"]
    return replace(controls.before, id=controls["id"]) if chosen else controls.before


def _unpinned(page: PatientPage) -> tuple[str, str] | None:
    if page.subject:
        return None
    return (
        "No patient is chosen in this view, so it has nothing for a report.",
        "Choose a patient on the page, then add it: its address ends in “?id=...”.",
    )


def _file_stem(page: PatientPage, _part: str) -> str:
    return patient_layout.file_stem(page)


PAGE = StudyPage(
    name="patient",
    tab="safety",
    make=patient_page,
    layout=patient_layout.patient_layout,
    words=patient_layout.words,
    minimal=lambda _study, view: view,
    figures={"graph": patient_layout.figure},
    controls=("id",),
    values=lambda page: {"id": page.subject or None},
    view_from=view_from,
    files={"json": patient_export.patient_json, "csv": patient_export.patient_csv},
    image=patient_layout.image,
    unpinned=_unpinned,
    file_stem=_file_stem,
    rail=False,
)
