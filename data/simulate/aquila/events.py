"""Adverse events of AQUILA: the severe ones to the published counts, a background around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.simulate import adverse_events as ae
from data.simulate.draw import Draw

TERMS = ae.read_terms(Path(__file__).with_name("terms.toml"))


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


def _plan(people: Sequence[ae.Person], n: Severe, draw: Draw) -> ae.Plan:
    chosen = ae.pick_severe(people, n.any, draw)
    infected = chosen[: n.infection]
    # a few have both
    both = n.hypertension // 5
    raised = [*infected[:both], *chosen[n.infection : n.infection + n.hypertension - both]]
    plan: dict[int, list[tuple[str, int]]] = {k: [] for k in chosen}
    for place, k in enumerate(infected):
        lung = place >= n.infection - n.pneumonia
        term = "Pneumonia" if lung else draw.weighted(TERMS.severe(within=ae.INFECTION))
        plan[k].append((term, 4 if term == "Sepsis" and draw.chance(0.5) else 3))
    for k in raised:
        plan[k].append(("Hypertension", 3))
    for k in chosen:
        for _ in range(int(not plan[k]) + int(draw.chance(0.2))):
            term = draw.weighted(TERMS.severe(without=ae.INFECTION))
            worse = term == "Neutropenia" and draw.chance(0.3)
            plan[k].append((term, 4 if worse else 3))
    return plan


def adverse_events(groups: Mapping[int, Sequence[ae.Person]], draw: Draw) -> list[ae.Event]:
    """Events of the treated (1), then of the monitored (0)."""

    def of(arm: int, severe: Severe, mean: float) -> list[ae.Event]:
        planned = ae.on_treatment(_plan(groups[arm], severe, draw), draw)
        return ae.draw_events(groups[arm], TERMS, arm == 1, lambda p: mean, planned, draw)

    return of(1, DARATUMUMAB, 5.2) + of(0, MONITORING, 2.2)
