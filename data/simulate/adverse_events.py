"""Adverse events: the severe ones to the published counts, a plausible background around them.

Hematologic means the class "Blood and lymphatic system disorders"; every other class is
non-hematologic. Terms are MedDRA preferred terms usual with lenalidomide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.simulate.calibrate import Draw

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

# term: class, weight in the background, weight among severe events, chance of being related
TERMS: dict[str, tuple[str, float, float, float]] = {
    "Fatigue": (GENERAL, 15, 0, 0.8),
    "Edema peripheral": (GENERAL, 5, 0, 0.5),
    "Pyrexia": (GENERAL, 3, 0, 0.3),
    "Neutropenia": (BLOOD, 11, 9, 0.95),
    "Anemia": (BLOOD, 9, 1, 0.7),
    "Thrombocytopenia": (BLOOD, 9, 1, 0.9),
    "Leukopenia": (BLOOD, 9, 2, 0.95),
    "Lymphopenia": (BLOOD, 5, 2, 0.9),
    "Diarrhea": (GUT, 13, 2, 0.8),
    "Constipation": (GUT, 11, 0, 0.7),
    "Nausea": (GUT, 7, 0.5, 0.6),
    "Abdominal pain": (GUT, 3, 0.5, 0.4),
    "Upper respiratory tract infection": (INFECTION, 7, 0, 0.3),
    "Pneumonia": (INFECTION, 1, 4, 0.5),
    "Urinary tract infection": (INFECTION, 3, 0.5, 0.2),
    "Sepsis": (INFECTION, 0, 1.5, 0.5),
    "Alanine aminotransferase increased": (LABS, 4, 0.5, 0.7),
    "Blood creatinine increased": (LABS, 3, 0, 0.5),
    "Hyperglycemia": (METABOLISM, 5, 2, 0.4),
    "Hypokalemia": (METABOLISM, 4, 2, 0.5),
    "Hypophosphatemia": (METABOLISM, 2, 1.5, 0.5),
    "Decreased appetite": (METABOLISM, 4, 0, 0.6),
    "Muscle spasms": (MUSCLE, 9, 0.3, 0.8),
    "Back pain": (MUSCLE, 4, 1, 0.2),
    "Arthralgia": (MUSCLE, 4, 0.5, 0.3),
    "Dizziness": (NERVES, 4, 0, 0.4),
    "Peripheral sensory neuropathy": (NERVES, 5, 0.3, 0.5),
    "Syncope": (NERVES, 0.3, 1, 0.3),
    "Insomnia": (MIND, 4, 0.2, 0.3),
    "Depression": (MIND, 1.5, 0.5, 0.2),
    "Dyspnea": (LUNGS, 4, 1, 0.4),
    "Cough": (LUNGS, 4, 0, 0.2),
    "Pulmonary embolism": (LUNGS, 0, 2.5, 0.9),
    "Rash maculo-papular": (SKIN, 11, 2, 0.9),
    "Pruritus": (SKIN, 7, 0.3, 0.8),
    "Deep vein thrombosis": (VESSELS, 1.5, 2, 0.9),
    "Hypertension": (VESSELS, 3, 2.5, 0.1),
    "Hot flush": (VESSELS, 2, 0, 0.3),
}
ON_OBSERVATION = {
    "Fatigue": 6, "Upper respiratory tract infection": 6, "Back pain": 5, "Arthralgia": 5,
    "Hypertension": 4, "Anemia": 3, "Cough": 3, "Insomnia": 2, "Hyperglycemia": 3,
    "Urinary tract infection": 2, "Constipation": 2, "Peripheral sensory neuropathy": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Severe:
    """How many treated patients have which severe event (each subject once).

    other : grade 3 to 4, non-hematologic
    any : grade 3 to 4 of either kind
    fatigue : grade 3 to 4 fatigue, among ``other``
    blood4 : grade 4 hematologic, of whom ``neutropenia4`` with neutropenia
    """

    other: int
    any: int
    fatigue: int
    blood4: int
    neutropenia4: int


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
    grade: int
    serious: bool
    related: bool
    outcome: str
    action: str
    start: int
    end: int

    @property
    def soc(self) -> str:
        """The MedDRA system organ class."""
        return TERMS[self.term][0]


def _plan_severe(
    people: Sequence[Person], n: Severe, draw: Draw
) -> dict[int, list[tuple[str, int]]]:
    """Terms and grades of the severe events of each patient, to the counts of ``n``."""
    pool = [p for p in people if not p.fatal]
    keys = [p.key for p in pool]
    # toxicity that ends treatment is more often severe
    chosen = draw.sample(keys, n.any, [3.0 if p.withdrawn else 1.0 for p in pool])
    chosen = draw.shuffled(chosen)
    other, only_blood = chosen[: n.other], chosen[n.other :]
    both = draw.sample(other, max(n.other // 4, 1))
    plan: dict[int, list[tuple[str, int]]] = {k: [] for k in chosen}
    terms = [t for t, (soc, _, w, _) in TERMS.items() if soc != BLOOD and w]
    weights = [TERMS[t][2] for t in terms]
    for k in other:
        fatigued = k in other[: n.fatigue]
        if fatigued:
            plan[k].append(("Fatigue", 3))
        for _ in range(int(not fatigued) + int(draw.chance(0.2))):
            term = draw.weighted(terms, weights)
            worse = term in ("Sepsis", "Pulmonary embolism") and draw.chance(0.5)
            plan[k].append((term, 4 if worse else 3))
    cytopenias = ["Neutropenia", "Leukopenia", "Lymphopenia", "Thrombocytopenia", "Anemia"]
    shares = [TERMS[t][2] for t in cytopenias]
    blood = draw.shuffled(only_blood + both)
    for place, k in enumerate(blood):
        if place < n.neutropenia4:
            plan[k].append(("Neutropenia", 4))
        elif place < n.blood4:
            plan[k].append(("Thrombocytopenia", 4))
        else:
            plan[k].append((draw.weighted(cytopenias, shares), 3))
    return plan


def _event(p: Person, term: str, grade: int, start: int, draw: Draw, drug: bool) -> Event:
    related = drug and draw.chance(TERMS[term][3])
    blood = TERMS[term][0] == BLOOD
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
    return Event(p.key, term, grade, serious, related, outcome, action, start, end)


def _background(
    p: Person, mean: float, terms: dict[str, float], draw: Draw, drug: bool
) -> list[Event]:
    """Grade 1 and 2 events, more of them early; a few were there before treatment."""
    out = []
    names, weights = list(terms), list(terms.values())
    for _ in range(int(mean * draw.between(0.35, 1.65) + draw.unit())):
        start = p.first + int(max(p.last - p.first, 1) * draw.unit() ** 2)
        if drug and draw.chance(0.02):
            # before randomisation there is no day, so stay after day 1
            start = max(1, p.first - draw.integer(1, 6))
        grade = 1 if draw.chance(0.66) else 2
        term = draw.weighted(names, weights)
        out.append(_event(p, term, grade, min(start, p.alive), draw, drug))
    return out


def on_drug(people: Sequence[Person], severe: Severe, draw: Draw) -> list[Event]:
    """All events of treated patients. ``DRUG WITHDRAWN`` stands at one event per toxicity stop."""
    plan = _plan_severe(people, severe, draw)
    usual = {t: w for t, (_, w, _, _) in TERMS.items() if w}
    out: list[Event] = []
    for p in people:
        mine = _background(p, 5.5 if p.last > 200 else 3.0, usual, draw, drug=True)
        for term, grade in plan.get(p.key, []):
            start = p.first + 5 + int(max(p.last - p.first - 8, 1) * draw.unit() ** 1.3)
            mine.append(_event(p, term, grade, min(start, p.alive), draw, drug=True))
        if p.withdrawn:
            # the worst event becomes the one that ended treatment
            mine = mine or [_event(p, "Fatigue", 2, p.first, draw, drug=True)]
            worst = max(range(len(mine)), key=lambda k: (mine[k].grade, mine[k].start))
            e = mine[worst]
            day = max(1, p.last - draw.integer(0, 9))
            grade = max(e.grade, 2)
            again = _event(p, e.term, grade, day, draw, drug=True)
            mine[worst] = Event(
                p.key, e.term, grade, again.serious, True, again.outcome, "DRUG WITHDRAWN",
                day, again.end,
            )  # fmt: skip
        if p.fatal:
            mine.append(
                Event(p.key, "Sepsis", 5, True, True, "FATAL", "DRUG INTERRUPTED",
                      p.alive - 5, p.alive)
            )  # fmt: skip
        out += sorted(mine, key=lambda e: (e.start, e.term, e.grade))
    return out


def on_observation(people: Sequence[Person], draw: Draw) -> list[Event]:
    """A small background, illustrative: no table of the observation arm is published."""
    weights = {t: float(w) for t, w in ON_OBSERVATION.items()}
    out: list[Event] = []
    grave = set(draw.sample([p.key for p in people], 5))
    for p in people:
        mine = _background(p, 1.1, weights, draw, drug=False)
        if p.key in grave:
            term = draw.pick(["Pneumonia", "Hypertension", "Back pain", "Anemia"])
            start = p.first + int((p.last - p.first) * draw.unit())
            mine.append(_event(p, term, 3, start, draw, drug=False))
        out += sorted(mine, key=lambda e: (e.start, e.term, e.grade))
    return out
