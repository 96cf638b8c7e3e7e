"""One patient's course as JSON and CSV."""

from __future__ import annotations

from typing import Any

from services.csv_text import SafeWriter
from services.json_text import to_json
from services.pages.export import csv_head, study_header
from services.pages.patient.records import PatientPage


def patient_json(page: PatientPage) -> dict[str, Any]:
    """The body of ``/study/<id>/patient.json``; days count from the first dose (day 1)."""
    return {
        "study": study_header(page.study),
        "id": page.subject,
        "reason": page.reason,
        "arm": page.arm.name if page.arm else None,
        "treatment": to_json(page.treatment),
        "ongoing": page.ongoing,
        "best_response": page.response or None,
        "baseline": [
            {"column": column, "label": label, "value": value}
            for column, label, value in page.baseline
        ],
        "milestones": to_json(page.milestones),
        "events": to_json(page.events),
    }


def patient_csv(page: PatientPage) -> str:
    """One row per thing that happened."""
    out = csv_head(page.provenance, "days from the first dose, which is day 1", page.reason)
    writer = SafeWriter(out)
    writer.writerow(["what", "start day", "end day", "label", "grade", "serious", "related"])
    if page.treatment is not None:
        writer.writerow(
            ["treatment", *page.treatment, page.arm.name if page.arm else "", *[""] * 3]
        )
    for mark in page.milestones:
        writer.writerow([mark.kind, mark.day, "", mark.label, "", "", ""])
    for event in page.events:
        days = ["" if d is None else d for d in (event.start_day, event.end_day)]
        writer.writerow(
            ["adverse event", *days, event.term, event.grade, event.serious, event.related]
        )
    return out.getvalue()
