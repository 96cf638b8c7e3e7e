"""One patient's course: treatment, response, adverse events, progression, death, last contact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from services import names
from services.adverse_events import coded
from services.adverse_events.coded import Coded, date_column, first_dose
from services.adverse_events.listing import listed
from services.errors import UserError
from services.names import isolated
from services.numbers import format_number
from services.pages.paragraph import written
from services.pages.patient.records import Milestone, PatientPage
from services.pages.words import kind_words
from services.risk.models import MODELS
from services.study.labels import level_label, value_label
from services.study.model import SUBJECT, Arm, Study
from services.study.population import filter_columns
from services.values.frames import number_text, text
from services.views.study import View

MODEL_IDS = frozenset(model.id for model in MODELS)


def patient_page(study: Study, view: View) -> PatientPage:
    """The page of the patient ``view.id``; without an id, of nobody: it asks for one.

    Raises
    ------
    UserError : the study has no such patient
    """
    subjects = tuple(map(str, study.subjects.index))
    if not view.id:
        return _nobody(study, view, subjects)
    if view.id not in subjects:
        raise UserError(
            f"“id={view.id}” cannot be used: {study.metadata.short_title} has no such patient.",
            f"Ids look like {subjects[0]}.",
            status=404,
        )
    row = subjects.index(view.id)
    events = coded.coded(study)
    rows = _event_rows(events, row) if events else np.array([], dtype=np.int64)
    shown = listed(study, events, rows) if events else ()
    treatment, ongoing = _treatment(study, row)
    milestones = _milestones(study, row)
    days = [m.day for m in milestones] + [d for e in shown for d in (e.start_day, e.end_day) if d]
    days += list(treatment or ())
    arm = str(study.subjects["ARM_ACTUAL"].iloc[row] or study.subjects["ARM_PLANNED"].iloc[row])
    known = next((a for a in study.arms if a.name == arm), None)
    first = first_dose(study)
    dated = first is not None and pd.notna(first.iloc[row])
    response = str(text(study.subjects.iloc[[row]], "BOR").iloc[0])
    return PatientPage(
        methods=written(["patient"], study=study, begin=from_words(study, known, dated)),
        study=study,
        view=view,
        subject=view.id,
        arm=known,
        treatment=treatment,
        ongoing=ongoing,
        response=response,
        milestones=milestones,
        events=shown,
        severity=events.severity if events else None,
        last_day=max(days, default=1.0),
        subjects=subjects,
        before=subjects[row - 1] if row else "",
        after=subjects[row + 1] if row + 1 < len(subjects) else "",
        reason=None,
        answer=answer(
            view.id, arm, treatment, ongoing, response, shown if events else None, milestones
        ),
        provenance=provenance(study, known, dated),
        baseline=_baseline(study, row),
        dated=dated,
    )


def _baseline(study: Study, row: int) -> tuple[tuple[str, str, str], ...]:
    """Column, label and value of what is known of a patient at the start, the risk groups first."""
    values = study.subjects.iloc[row]
    columns = filter_columns(study)
    first = [c for c in columns if c.name in MODEL_IDS]
    found = []
    for column in [*first, *(c for c in columns if c not in first)]:
        value = values[column.name]
        if pd.isna(value) or value == "":
            continue
        if column.kind == "numeric":
            unit = column.unit if column.unit == "%" else f" {column.unit}".rstrip()
            shown = f"{format_number(float(value))}{unit}"
        else:
            level = number_text(value) if isinstance(value, float) else str(value)
            shown = value_label(column.name, level)
        found.append((column.name, column.label, shown))
    return tuple(found)


def _nobody(study: Study, view: View, subjects: tuple[str, ...]) -> PatientPage:
    return PatientPage(
        study, view, "", None, None, False, "", (), (), None, 1.0, subjects, "", "",
        "Choose a patient above or in the listing of every event.", "",
        provenance(study, dated=first_dose(study) is not None),
    )  # fmt: skip


def _event_rows(events: Coded, row: int) -> np.ndarray:
    rows = np.flatnonzero(events.subject == row)
    return rows[np.argsort(np.nan_to_num(events.start[rows], nan=np.inf), kind="stable")]


def _day(study: Study, row: int, *names: str) -> float | None:
    """Study day of a date of the subjects table; there is no day 0."""
    dates = date_column(study, *names)
    return None if dates is None else _day_of(study, row, dates.iloc[row])


def _day_of(study: Study, row: int, when: Any) -> float | None:
    """Study day of a date, counted from the patient's first dose."""
    first = first_dose(study)
    if first is None or pd.isna(first.iloc[row]) or pd.isna(when):
        return None
    delta = (when - first.iloc[row]).days
    return float(delta + 1 if delta >= 0 else delta)


def _treatment(study: Study, row: int) -> tuple[tuple[float, float] | None, bool]:
    last = _day(study, row, "TRTEDT", "TRTEDTM")
    status = text(study.subjects.iloc[[row]], "EOTSTT", str.upper).iloc[0]
    return (None if last is None else (1.0, max(last, 1.0))), status == "ONGOING"


def _milestones(study: Study, row: int) -> tuple[Milestone, ...]:
    """Events and ends of follow-up of every endpoint; those of one day and name are one."""
    subject = study.subjects.index[row]
    records = study.times[study.times[SUBJECT] == subject]
    # Endpoints count from randomization or a start of their own, the timeline from the first dose.
    usual = _day(study, row, "RANDDT", "ENRLDT")
    found: dict[tuple[float, str], list[str]] = {}
    for record in records.to_dict("records"):
        endpoint = study.endpoint(str(record["PARAMCD"]))
        own = _day_of(study, row, record.get("START"))
        origin = usual if own is None else own
        shift = 0.0 if origin is None else origin - 1 if origin >= 1 else origin
        kind = "event" if record["EVENT"] else "censored"
        words = str(record["EVENT_TEXT"] or record["EVENT_TYPE"] or "")
        if kind == "event" and "DEATH" in f"{record['EVENT_TYPE']} {words}".upper():
            kind = "death"
        plain = "followed to this day without the event" if kind == "censored" else "event"
        label = f"{endpoint.label}: {level_label(words).lower() if words else plain}"
        found.setdefault((float(record["TIME"]) + shift, kind), []).append(label)
    death = _day(study, row, "DTHDT", "DTHDTM")
    if death is not None and not any(kind == "death" for _, kind in found):
        found[(death, "death")] = ["Death"]
    return tuple(
        Milestone(day, kind, "; ".join(labels)) for (day, kind), labels in sorted(found.items())
    )


def origin_words(study: Study) -> str:
    """What the times to events are counted from."""
    dated = date_column(study, "RANDDT", "ENRLDT") is not None and first_dose(study) is not None
    return "randomization or enrollment" if dated else "the first dose"


def answer(
    subject: str,
    arm: str,
    treatment: tuple[float, float] | None,
    ongoing: bool,
    response: str,
    events: tuple[Any, ...] | None,
    milestones: tuple[Milestone, ...],
) -> str:
    """The sentence above a patient's course; ``events`` are ``None`` if the study tells of none."""
    parts = [f"{subject}: {isolated(arm) if arm else 'no treatment'}"]
    if treatment is not None:
        until = "still ongoing at the data cutoff" if ongoing else f"until day {treatment[1]:.0f}"
        parts.append(until)
    if response:
        parts.append(f"best response {value_label('BOR', response)}")
    if events is not None:
        parts.append(names.count(len(events), "adverse event"))
    deaths = [m for m in milestones if m.kind == "death"]
    if deaths:
        parts.append(f"died on day {deaths[0].day:.0f}")
    return ", ".join(parts) + "."


def from_words(study: Study, arm: Arm | None, dated: bool = True) -> str:
    """From when the days of a patient count; an arm without a drug has no first dose.

    ``dated`` : the data hold the day of the patient's first dose
    """
    if not dated:
        origin = study.metadata.time_origin or "the start of observation"
        return f"from {origin}, as those of the endpoints: no date of a first dose is known"
    if arm is None or not names.without_drug(arm.name):
        return "from the first dose, which is day 1"
    return (
        f"from day 1, which the data give as the start of treatment although no drug is given"
        f" {names.on(arm.name)}"
    )


def provenance(
    study: Study, arm: Arm | None = None, dated: bool = True
) -> tuple[tuple[str, str], ...]:
    """Label and text of what a patient's course rests on."""
    counted = f"; endpoints are counted from {origin_words(study)}" if dated else ""
    return (
        ("Study", f"{study.short_title}. {kind_words(study)}"),
        ("Days", f"{from_words(study, arm, dated)}{counted}"),
        (
            "Events",
            "the study has no adverse event table (ADAE)"
            if study.adverse_events is None
            else "all adverse events, treatment-emergent or not",
        ),
    )
