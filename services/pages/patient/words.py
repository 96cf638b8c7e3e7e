"""Sentences of the page of one patient."""

from __future__ import annotations

from typing import Any

from services.adverse_events.coded import date_column, first_dose
from services.names import isolated
from services.pages.patient.records import Milestone
from services.pages.words import kind_words
from services.study.model import Study


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
    events: tuple[Any, ...],
    milestones: tuple[Milestone, ...],
) -> str:
    """The sentence above a patient's course, and its detail."""
    parts = [f"{subject}: {isolated(arm) if arm else 'no treatment'}"]
    if treatment is not None:
        until = "still ongoing at the data cutoff" if ongoing else f"until day {treatment[1]:.0f}"
        parts.append(until)
    if response:
        parts.append(f"best response {response}")
    parts.append(f"{len(events)} adverse event{'' if len(events) == 1 else 's'}")
    deaths = [m for m in milestones if m.kind == "death"]
    if deaths:
        parts.append(f"died on day {deaths[0].day:.0f}")
    return ", ".join(parts) + "."


def provenance(study: Study) -> tuple[tuple[str, str], ...]:
    """Label and text of what a patient's course rests on."""
    return (
        ("Study", f"{study.short_title}. {kind_words(study)}"),
        (
            "Days",
            "from the first dose, which is day 1; endpoints are counted from"
            f" {origin_words(study)}",
        ),
        ("Events", "all adverse events, treatment-emergent or not"),
    )
