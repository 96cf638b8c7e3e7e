"""One patient's course as JSON and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.csv_text import write_table
from services.json_text import to_json
from services.pages.export import csv_head, methods_told, study_header
from services.pages.patient.page import from_words
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
        **methods_told(page.methods),
    }


def patient_csv(page: PatientPage) -> str:
    """One row per thing that happened."""
    out = csv_head(
        page.provenance, f"days {from_words(page.study, page.arm, page.dated)}", page.reason
    )
    none = [None] * 3
    rows: list[Sequence[Any]] = []
    if page.treatment is not None:
        rows.append(["treatment", *page.treatment, page.arm.name if page.arm else "", *none])
    rows += [[mark.kind, mark.day, None, mark.label, *none] for mark in page.milestones]
    rows += [
        ["adverse event", e.start_day, e.end_day, e.term, e.grade, e.serious, e.related]
        for e in page.events
    ]
    columns = ("what", "start day", "end day", "label", "grade", "serious", "related")
    return write_table(out, columns, rows)
