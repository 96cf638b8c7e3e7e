"""Adverse events: how one is drawn, a plausible background, and the one that ends treatment.

What a trial's drug does stands in that trial's own module, as a ``Profile``. Terms are MedDRA
preferred terms, classes its system organ classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from data.simulate.draw import Draw

BLOOD = "Blood and lymphatic system disorders"
GENERAL = "General disorders and administration site conditions"
GUT = "Gastrointestinal disorders"
INFECTION = "Infections and infestations"
LABS = "Investigations"
METABOLISM = "Metabolism and nutrition disorders"
MUSCLE = "Musculoskeletal and connective tissue disorders"
NERVES = "Nervous system disorders"
MIND = "Psychiatric disorders"
LUNGS = "Respiratory, thoracic and mediastinal disorders"
SKIN = "Skin and subcutaneous tissue disorders"
VESSELS = "Vascular disorders"
HEART = "Cardiac disorders"


@dataclass(frozen=True)
class Term:
    """A preferred term: its class, its weights among mild and severe events, chance related."""

    soc: str
    mild: float
    severe: float
    related: float


Profile = Mapping[str, Term]


@dataclass(frozen=True)
class Person:
    """What the events of one patient hang on; days count from 1 (day 0 does not exist here).

    first, last : days of first and last dose, or of the observation period
    alive : day of death or last contact
    withdrawn : treatment stopped for an adverse event
    fatal : died of a related adverse event
    """

    key: int
    first: int
    last: int
    alive: int
    withdrawn: bool
    fatal: bool


@dataclass(frozen=True)
class Event:
    """One event; ``end`` is 0 when it had not resolved."""

    key: int
    term: str
    soc: str
    grade: int
    serious: bool
    related: bool
    outcome: str
    action: str
    start: int
    end: int


def in_order(e: Event) -> tuple[int, str, int]:
    """The order of a patient's events."""
    return e.start, e.term, e.grade


def one(
    p: Person, term: str, grade: int, start: int, profile: Profile, draw: Draw, drug: bool
) -> Event:
    """An event with its consequences; without the ``drug`` it is never related."""
    about = profile[term]
    related = drug and draw.chance(about.related)
    blood = about.soc == BLOOD
    serious = not blood and (grade == 4 or (grade == 3 and draw.chance(0.4)))
    if not drug:
        action = "NOT APPLICABLE"
    elif grade >= 3:
        action = draw.weighted(["DRUG INTERRUPTED", "DOSE REDUCED", "DOSE NOT CHANGED"], [5, 3, 2])
    else:
        action = draw.weighted(["DOSE NOT CHANGED", "DRUG INTERRUPTED", "DOSE REDUCED"], [88, 7, 5])
    end = start + int(3 + (110 if grade < 3 else 40) * draw.unit() ** 2)
    if end > p.alive or (grade < 3 and draw.chance(0.12)):
        outcome = draw.weighted(["NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING"], [3, 1])
        end = 0
    else:
        outcome = "RECOVERED/RESOLVED"
    return Event(p.key, term, about.soc, grade, serious, related, outcome, action, start, end)


def background(
    p: Person, mean: float, weights: Mapping[str, float], profile: Profile, draw: Draw, drug: bool
) -> list[Event]:
    """Grade 1 and 2 events, more of them early; a few were there before treatment."""
    out = []
    names, shares = list(weights), list(weights.values())
    for _ in range(int(mean * draw.between(0.35, 1.65) + draw.unit())):
        start = p.first + int(max(p.last - p.first, 1) * draw.unit() ** 2)
        if drug and draw.chance(0.02):
            # before randomisation there is no day, so stay after day 1
            start = max(1, p.first - draw.integer(1, 6))
        grade = 1 if draw.chance(0.66) else 2
        term = draw.weighted(names, shares)
        out.append(one(p, term, grade, min(start, p.alive), profile, draw, drug))
    return out


def severe_start(p: Person, draw: Draw) -> int:
    """The day a severe event starts: on treatment, sooner rather than later."""
    start = p.first + 5 + int(max(p.last - p.first - 8, 1) * draw.unit() ** 1.3)
    return min(start, p.alive)


def end_treatment(p: Person, mine: list[Event], profile: Profile, draw: Draw) -> list[Event]:
    """The patient's events, the worst of which now is the one that ended treatment."""
    mine = mine or [one(p, "Fatigue", 2, p.first, profile, draw, drug=True)]
    worst = max(range(len(mine)), key=lambda k: (mine[k].grade, mine[k].start))
    day = max(1, p.last - draw.integer(0, 9))
    again = one(p, mine[worst].term, max(mine[worst].grade, 2), day, profile, draw, drug=True)
    mine[worst] = replace(again, related=True, action="DRUG WITHDRAWN")
    return mine


def fatal(p: Person, term: str, soc: str, related: bool, action: str) -> Event:
    """The event a patient died of, from five days before death."""
    start = max(p.alive - 5, 1)
    return Event(p.key, term, soc, 5, True, related, "FATAL", action, start, p.alive)
