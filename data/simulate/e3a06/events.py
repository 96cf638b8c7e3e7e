"""Adverse events of E3A06: the severe ones to the published counts, a background around them.

Hematologic means the class "Blood and lymphatic system disorders"; every other class is
non-hematologic. The terms are usual with lenalidomide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.simulate.adverse_events import (
    BLOOD,
    GENERAL,
    GUT,
    INFECTION,
    LABS,
    LUNGS,
    METABOLISM,
    MIND,
    MUSCLE,
    NERVES,
    SKIN,
    VESSELS,
    Event,
    Person,
    Profile,
    Term,
    background,
    end_treatment,
    fatal,
    in_order,
    one,
    severe_start,
)
from data.simulate.draw import Draw

TERMS: Profile = {
    "Fatigue": Term(GENERAL, 15, 0, 0.8),
    "Edema peripheral": Term(GENERAL, 5, 0, 0.5),
    "Pyrexia": Term(GENERAL, 3, 0, 0.3),
    "Neutropenia": Term(BLOOD, 11, 9, 0.95),
    "Anemia": Term(BLOOD, 9, 1, 0.7),
    "Thrombocytopenia": Term(BLOOD, 9, 1, 0.9),
    "Leukopenia": Term(BLOOD, 9, 2, 0.95),
    "Lymphopenia": Term(BLOOD, 5, 2, 0.9),
    "Diarrhea": Term(GUT, 13, 2, 0.8),
    "Constipation": Term(GUT, 11, 0, 0.7),
    "Nausea": Term(GUT, 7, 0.5, 0.6),
    "Abdominal pain": Term(GUT, 3, 0.5, 0.4),
    "Upper respiratory tract infection": Term(INFECTION, 7, 0, 0.3),
    "Pneumonia": Term(INFECTION, 1, 4, 0.5),
    "Urinary tract infection": Term(INFECTION, 3, 0.5, 0.2),
    "Sepsis": Term(INFECTION, 0, 1.5, 0.5),
    "Alanine aminotransferase increased": Term(LABS, 4, 0.5, 0.7),
    "Blood creatinine increased": Term(LABS, 3, 0, 0.5),
    "Hyperglycemia": Term(METABOLISM, 5, 2, 0.4),
    "Hypokalemia": Term(METABOLISM, 4, 2, 0.5),
    "Hypophosphatemia": Term(METABOLISM, 2, 1.5, 0.5),
    "Decreased appetite": Term(METABOLISM, 4, 0, 0.6),
    "Muscle spasms": Term(MUSCLE, 9, 0.3, 0.8),
    "Back pain": Term(MUSCLE, 4, 1, 0.2),
    "Arthralgia": Term(MUSCLE, 4, 0.5, 0.3),
    "Dizziness": Term(NERVES, 4, 0, 0.4),
    "Peripheral sensory neuropathy": Term(NERVES, 5, 0.3, 0.5),
    "Syncope": Term(NERVES, 0.3, 1, 0.3),
    "Insomnia": Term(MIND, 4, 0.2, 0.3),
    "Depression": Term(MIND, 1.5, 0.5, 0.2),
    "Dyspnea": Term(LUNGS, 4, 1, 0.4),
    "Cough": Term(LUNGS, 4, 0, 0.2),
    "Pulmonary embolism": Term(LUNGS, 0, 2.5, 0.9),
    "Rash maculo-papular": Term(SKIN, 11, 2, 0.9),
    "Pruritus": Term(SKIN, 7, 0.3, 0.8),
    "Deep vein thrombosis": Term(VESSELS, 1.5, 2, 0.9),
    "Hypertension": Term(VESSELS, 3, 2.5, 0.1),
    "Hot flush": Term(VESSELS, 2, 0, 0.3),
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
    terms = [t for t, about in TERMS.items() if about.soc != BLOOD and about.severe]
    weights = [TERMS[t].severe for t in terms]
    for k in other:
        fatigued = k in other[: n.fatigue]
        if fatigued:
            plan[k].append(("Fatigue", 3))
        for _ in range(int(not fatigued) + int(draw.chance(0.2))):
            term = draw.weighted(terms, weights)
            worse = term in ("Sepsis", "Pulmonary embolism") and draw.chance(0.5)
            plan[k].append((term, 4 if worse else 3))
    cytopenias = ["Neutropenia", "Leukopenia", "Lymphopenia", "Thrombocytopenia", "Anemia"]
    shares = [TERMS[t].severe for t in cytopenias]
    blood = draw.shuffled(only_blood + both)
    for place, k in enumerate(blood):
        if place < n.neutropenia4:
            plan[k].append(("Neutropenia", 4))
        elif place < n.blood4:
            plan[k].append(("Thrombocytopenia", 4))
        else:
            plan[k].append((draw.weighted(cytopenias, shares), 3))
    return plan


def on_drug(people: Sequence[Person], severe: Severe, draw: Draw) -> list[Event]:
    """All events of treated patients. ``DRUG WITHDRAWN`` stands at one event per toxicity stop."""
    plan = _plan_severe(people, severe, draw)
    usual = {t: about.mild for t, about in TERMS.items() if about.mild}
    out: list[Event] = []
    for p in people:
        mine = background(p, 5.5 if p.last > 200 else 3.0, usual, TERMS, draw, drug=True)
        for term, grade in plan.get(p.key, []):
            mine.append(one(p, term, grade, severe_start(p, draw), TERMS, draw, drug=True))
        if p.withdrawn:
            mine = end_treatment(p, mine, TERMS, draw)
        if p.fatal:
            mine.append(fatal(p, "Sepsis", INFECTION, True, "DRUG INTERRUPTED"))
        out += sorted(mine, key=in_order)
    return out


def on_observation(people: Sequence[Person], draw: Draw) -> list[Event]:
    """A small background, illustrative: no table of the observation arm is published."""
    weights = {t: float(w) for t, w in ON_OBSERVATION.items()}
    out: list[Event] = []
    grave = set(draw.sample([p.key for p in people], 5))
    for p in people:
        mine = background(p, 1.1, weights, TERMS, draw, drug=False)
        if p.key in grave:
            term = draw.pick(["Pneumonia", "Hypertension", "Back pain", "Anemia"])
            start = p.first + int((p.last - p.first) * draw.unit())
            mine.append(one(p, term, 3, start, TERMS, draw, drug=False))
        out += sorted(mine, key=in_order)
    return out
