"""Endpoints in words: what ended each time, and why it was censored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.simulate.draw import Draw

# What EOSSTT and the endpoints call the reasons for leaving, by code of CNSR.
LEAVING = {2: "Lost to follow-up", 3: "Withdrew consent"}
# What shows a progression, by its kind; weights.
SIGNS = {
    "CRAB": {
        "Progression: anemia (CRAB)": 5,
        "Progression: lytic bone lesions (CRAB)": 5,
        "Progression: renal insufficiency (CRAB)": 2,
        "Progression: hypercalcemia (CRAB)": 1,
    },
    "SLiM": {
        "Progression: marrow plasma cells >= 60% (SLiM)": 2,
        "Progression: FLC ratio >= 100 (SLiM)": 3,
        "Progression: more than one focal lesion on MRI (SLiM)": 3,
    },
}


@dataclass(frozen=True)
class Outcome:
    """One time to event of a patient, in days from 1. ``code`` is CNSR: 0 for an event."""

    param: str
    day: int
    code: int
    event: str = ""
    kind: str = ""
    reason: str = ""


def progression_free(
    day: int, kind: str, left: int, draw: Draw, reasons: Mapping[int, str] = LEAVING
) -> Outcome:
    """PFS: ``kind`` is Death, CRAB or SLiM, blank when censored; ``left`` is then the code."""
    if not kind:
        reason = reasons.get(left, "Alive without progression at data cutoff")
        return Outcome("PFS", day, left or 1, reason=reason)
    return Outcome("PFS", day, 0, draw.weighted(SIGNS[kind]) if kind in SIGNS else kind, kind)


def survival(day: int, died: bool, left: int = 0, seen: str = "data cutoff") -> Outcome:
    """OS; whoever is alive ``left`` for that reason, or was ``seen`` last at that time."""
    if died:
        return Outcome("OS", day, 0, "Death", "Death")
    return Outcome("OS", day, left or 1, reason=LEAVING.get(left, f"Alive at {seen}"))


def before_death(param: str, day: int, status: int, what: str, event: str, kind: str) -> Outcome:
    """A time that death competes with: status 1 ``event``, 2 death without ``what``, 0 alive."""
    if status == 1:
        return Outcome(param, day, 0, event, kind)
    if status == 2:
        return Outcome(param, day, 2, reason=f"Death without {what}")
    return Outcome(param, day, 1, reason=f"Alive without {what} at last contact")
