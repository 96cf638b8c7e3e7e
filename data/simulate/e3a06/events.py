"""Adverse events of E3A06: the severe ones to the published counts, a background around them.

Hematologic means the class "Blood and lymphatic system disorders"; every other class is
non-hematologic. The terms are usual with lenalidomide. On observation there is a small background,
illustrative: no table of that arm is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.simulate import adverse_events as ae
from data.simulate.draw import Draw

TERMS = ae.read_terms(Path(__file__).with_name("terms.toml"))
CYTOPENIAS = ("Neutropenia", "Leukopenia", "Lymphopenia", "Thrombocytopenia", "Anemia")
GRAVE = ("Pneumonia", "Hypertension", "Back pain", "Anemia")  # of grade 3 on observation


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


def _plan(people: Sequence[ae.Person], n: Severe, draw: Draw) -> ae.Plan:
    chosen = draw.shuffled(ae.pick_severe(people, n.any, draw))
    other, only_blood = chosen[: n.other], chosen[n.other :]
    both = draw.sample(other, max(n.other // 4, 1))
    plan: dict[int, list[tuple[str, int]]] = {k: [] for k in chosen}
    for k in other:
        fatigued = k in other[: n.fatigue]
        if fatigued:
            plan[k].append(("Fatigue", 3))
        for _ in range(int(not fatigued) + int(draw.chance(0.2))):
            term = draw.weighted(TERMS.severe(without=ae.BLOOD))
            worse = term in ("Sepsis", "Pulmonary embolism") and draw.chance(0.5)
            plan[k].append((term, 4 if worse else 3))
    shares = {name: TERMS.by_name[name].severe for name in CYTOPENIAS}
    for place, k in enumerate(draw.shuffled(only_blood + both)):
        if place < n.neutropenia4:
            plan[k].append(("Neutropenia", 4))
        elif place < n.blood4:
            plan[k].append(("Thrombocytopenia", 4))
        else:
            plan[k].append((draw.weighted(shares), 3))
    return plan


def adverse_events(
    groups: Mapping[int, Sequence[ae.Person]], severe: Severe, draw: Draw
) -> list[ae.Event]:
    """Events of the treated (1) and, where there is such an arm, of the observed (0)."""
    planned = ae.on_treatment(_plan(groups[1], severe, draw), draw)
    events = ae.draw_events(
        groups[1], TERMS, True, lambda p: 5.5 if p.last > 200 else 3.0, planned, draw
    )
    if not groups[0]:
        return events
    grave = set(draw.sample([p.key for p in groups[0]], 5))

    def now_and_then(p: ae.Person) -> Iterator[tuple[str, int, int]]:
        if p.key in grave:
            term = draw.pick(GRAVE)
            yield term, 3, p.first + int((p.last - p.first) * draw.unit())

    return events + ae.draw_events(groups[0], TERMS, False, lambda p: 1.1, now_and_then, draw)
