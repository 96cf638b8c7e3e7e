"""Adverse events of QuiRedex: the few published counts, a background around them."""

from __future__ import annotations

from collections.abc import Sequence

from data.simulate.adverse_events import (
    BLOOD,
    GENERAL,
    GUT,
    HEART,
    INFECTION,
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

CLOT = "Deep vein thrombosis"
TERMS: Profile = {
    "Fatigue": Term(GENERAL, 11, 4, 0.8),
    "Edema peripheral": Term(GENERAL, 4, 0, 0.6),
    "Neutropenia": Term(BLOOD, 9, 3, 0.95),
    "Anemia": Term(BLOOD, 7, 1, 0.7),
    "Thrombocytopenia": Term(BLOOD, 6, 0.5, 0.9),
    "Diarrhea": Term(GUT, 8, 1, 0.8),
    "Constipation": Term(GUT, 9, 0, 0.7),
    "Upper respiratory tract infection": Term(INFECTION, 9, 0, 0.4),
    "Bronchitis": Term(INFECTION, 3, 0, 0.3),
    "Pneumonia": Term(INFECTION, 0, 1, 0.5),
    "Hyperglycemia": Term(METABOLISM, 5, 1, 0.7),
    "Muscle spasms": Term(MUSCLE, 6, 0, 0.7),
    "Back pain": Term(MUSCLE, 4, 0, 0.1),
    "Arthralgia": Term(MUSCLE, 4, 0, 0.2),
    "Paresthesia": Term(NERVES, 4, 0, 0.5),
    "Tremor": Term(NERVES, 3, 0, 0.7),
    "Insomnia": Term(MIND, 6, 0.5, 0.8),
    "Rash": Term(SKIN, 8, 1.5, 0.9),
    CLOT: Term(VESSELS, 0, 0, 0.9),
    "Hypertension": Term(VESSELS, 3, 0, 0.1),
}
ON_OBSERVATION = {
    "Back pain": 6, "Arthralgia": 5, "Fatigue": 5, "Upper respiratory tract infection": 6,
    "Bronchitis": 3, "Hypertension": 4, "Anemia": 3, "Insomnia": 2, "Constipation": 2,
}  # fmt: skip
GRADE_3 = 16  # cases, published; one per patient
INFECTIONS = 3  # of grade 3: the count of 57 next to the published 6%, which none gives
CLOTS = 3  # 5%, published without a grade: two of grade 3, one of grade 2


def on_treatment(people: Sequence[Person], draw: Draw) -> list[Event]:
    """All events of treated patients. ``DRUG WITHDRAWN`` stands at one event per toxicity stop."""
    pool = [p for p in people if not p.fatal]
    chosen = draw.sample([p.key for p in pool], GRADE_3 + 1, [float(p.last) for p in pool])
    plan = {chosen[GRADE_3]: (CLOT, 2)}
    others = {t: a.severe for t, a in TERMS.items() if a.severe and a.soc != INFECTION}
    for place, k in enumerate(chosen[:GRADE_3]):
        if place < INFECTIONS:
            term = "Pneumonia"
        elif place < INFECTIONS + CLOTS - 1:
            term = CLOT
        else:
            term = draw.weighted(list(others), list(others.values()))
        plan[k] = (term, 3)
    usual = {t: a.mild for t, a in TERMS.items() if a.mild}
    out: list[Event] = []
    for p in people:
        mine = background(p, 6.0, usual, TERMS, draw, drug=True)
        if p.key in plan:
            term, grade = plan[p.key]
            mine.append(one(p, term, grade, severe_start(p, draw), TERMS, draw, drug=True))
        if p.withdrawn:
            mine = end_treatment(p, mine, TERMS, draw)
        if p.fatal:
            mine.append(fatal(p, "Cardiac failure", HEART, True, "DRUG INTERRUPTED"))
        out += sorted(mine, key=in_order)
    return out


def on_observation(people: Sequence[Person], draw: Draw) -> list[Event]:
    """A small background, illustrative: no table of the observation arm is published."""
    weights = {t: float(w) for t, w in ON_OBSERVATION.items()}
    out: list[Event] = []
    for p in people:
        out += sorted(background(p, 1.6, weights, TERMS, draw, drug=False), key=in_order)
    return out
