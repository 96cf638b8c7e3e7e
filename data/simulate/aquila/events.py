"""Adverse events of AQUILA: the severe ones to the published counts, a background around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.simulate.adverse_events import (
    BLOOD,
    GENERAL,
    GUT,
    HEART,
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
    "Fatigue": Term(GENERAL, 12, 2, 0.6),
    "Injection site erythema": Term(GENERAL, 6, 0, 0.95),
    "Edema peripheral": Term(GENERAL, 5, 0, 0.2),
    "Pyrexia": Term(GENERAL, 5, 0.5, 0.4),
    "Influenza like illness": Term(GENERAL, 3, 0, 0.3),
    "Neutropenia": Term(BLOOD, 3, 3, 0.7),
    "Anemia": Term(BLOOD, 3, 1.5, 0.3),
    "Lymphopenia": Term(BLOOD, 2, 1.5, 0.6),
    "Diarrhea": Term(GUT, 10, 1, 0.3),
    "Nausea": Term(GUT, 6, 0.5, 0.4),
    "Constipation": Term(GUT, 5, 0, 0.2),
    "Upper respiratory tract infection": Term(INFECTION, 11, 2, 0.4),
    "Nasopharyngitis": Term(INFECTION, 9, 0, 0.3),
    "Bronchitis": Term(INFECTION, 4, 1.5, 0.3),
    "COVID-19": Term(INFECTION, 4, 4, 0.2),
    "Urinary tract infection": Term(INFECTION, 3, 1.5, 0.2),
    "Influenza": Term(INFECTION, 2, 2, 0.2),
    "Sepsis": Term(INFECTION, 0, 2, 0.4),
    "Cellulitis": Term(INFECTION, 1, 1.5, 0.2),
    "Pneumonia": Term(INFECTION, 2, 0, 0.4),
    "Alanine aminotransferase increased": Term(LABS, 3, 1, 0.3),
    "Hyperglycemia": Term(METABOLISM, 3, 2, 0.1),
    "Hypokalemia": Term(METABOLISM, 2, 1, 0.1),
    "Arthralgia": Term(MUSCLE, 9, 1, 0.2),
    "Back pain": Term(MUSCLE, 8, 2, 0.1),
    "Osteoarthritis": Term(MUSCLE, 2, 2, 0.05),
    "Headache": Term(NERVES, 6, 0.5, 0.3),
    "Dizziness": Term(NERVES, 4, 0, 0.2),
    "Syncope": Term(NERVES, 0.5, 1.5, 0.1),
    "Insomnia": Term(MIND, 6, 0, 0.3),
    "Cough": Term(LUNGS, 7, 0, 0.2),
    "Dyspnea": Term(LUNGS, 5, 1, 0.3),
    "Rash": Term(SKIN, 4, 0, 0.5),
    "Atrial fibrillation": Term(HEART, 1, 2, 0.05),
    "Hypertension": Term(VESSELS, 4, 0, 0.1),
}
# Without the drug: what people of that age have anyway.
ON_MONITORING = {
    "Fatigue": 6, "Arthralgia": 8, "Back pain": 8, "Nasopharyngitis": 5, "COVID-19": 4,
    "Upper respiratory tract infection": 4, "Hypertension": 5, "Headache": 3, "Diarrhea": 3,
    "Insomnia": 2, "Cough": 3, "Anemia": 3, "Urinary tract infection": 3, "Osteoarthritis": 2,
    "Dizziness": 2, "Hyperglycemia": 2,
}  # fmt: skip
FATAL = ("Cardiac arrest", "Cardiac failure", "Sudden death", "Cardiac arrest")


@dataclass(frozen=True)
class Severe:
    """How many patients have which grade 3 or 4 event, each patient once.

    pneumonia is among infection; infection and hypertension are among any
    """

    any: int
    infection: int
    pneumonia: int
    hypertension: int


DARATUMUMAB = Severe(any=78, infection=31, pneumonia=7, hypertension=11)
MONITORING = Severe(any=59, infection=9, pneumonia=1, hypertension=9)


def _plan(people: Sequence[Person], n: Severe, draw: Draw) -> dict[int, list[tuple[str, int]]]:
    """Terms and grades of the severe events of each patient, to the counts of ``n``."""
    pool = [p for p in people if not p.fatal]
    # toxicity that ends treatment is more often severe
    chosen = draw.sample([p.key for p in pool], n.any, [3.0 if p.withdrawn else 1.0 for p in pool])
    infected = chosen[: n.infection]
    # a few have both
    both = n.hypertension // 5
    raised = [*infected[:both], *chosen[n.infection : n.infection + n.hypertension - both]]
    plan: dict[int, list[tuple[str, int]]] = {k: [] for k in chosen}
    infections = {t: a.severe for t, a in TERMS.items() if a.soc == INFECTION and a.severe}
    others = {t: a.severe for t, a in TERMS.items() if a.soc != INFECTION and a.severe}
    for place, k in enumerate(infected):
        lung = place >= n.infection - n.pneumonia
        term = "Pneumonia" if lung else draw.weighted(list(infections), list(infections.values()))
        plan[k].append((term, 4 if term == "Sepsis" and draw.chance(0.5) else 3))
    for k in raised:
        plan[k].append(("Hypertension", 3))
    for k in chosen:
        for _ in range(int(not plan[k]) + int(draw.chance(0.2))):
            term = draw.weighted(list(others), list(others.values()))
            worse = term == "Neutropenia" and draw.chance(0.3)
            plan[k].append((term, 4 if worse else 3))
    return plan


def draw_events(people: Sequence[Person], drug: bool, draw: Draw) -> list[Event]:
    """All events of one arm. ``DRUG WITHDRAWN`` stands at one event per stop for toxicity."""
    plan = _plan(people, DARATUMUMAB if drug else MONITORING, draw)
    usual = {t: a.mild for t, a in TERMS.items() if a.mild}
    weights = usual if drug else {t: float(w) for t, w in ON_MONITORING.items()}
    out: list[Event] = []
    deaths = 0
    for p in people:
        mine = background(p, 5.2 if drug else 2.2, weights, TERMS, draw, drug)
        for term, grade in plan.get(p.key, []):
            mine.append(one(p, term, grade, severe_start(p, draw), TERMS, draw, drug))
        if p.withdrawn:
            mine = end_treatment(p, mine, TERMS, draw)
        if p.fatal:
            term = FATAL[deaths]
            deaths += 1
            soc = GENERAL if term == "Sudden death" else HEART
            action = "DRUG INTERRUPTED" if drug else "NOT APPLICABLE"
            mine.append(fatal(p, term, soc, False, action))
        out += sorted(mine, key=in_order)
    return out
