"""Adverse events of QuiRedex: the few published counts, a background around them.

On observation the background is illustrative: no table of that arm is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from data.simulate import adverse_events as ae
from data.simulate.draw import Draw

TERMS = ae.read_terms(Path(__file__).with_name("terms.toml"))
CLOT = "Deep vein thrombosis"
GRADE_3 = 16  # cases, published; one per patient
INFECTIONS = 3  # of grade 3: of 57 per protocol; the published 6% is of 62 or 63 treated
CLOTS = 3  # 5%, published without a grade: two of grade 3, one of grade 2


def _plan(people: Sequence[ae.Person], draw: Draw) -> ae.Plan:
    pool = [p for p in people if not p.fatal]
    chosen = draw.sample([p.key for p in pool], GRADE_3 + 1, [float(p.last) for p in pool])
    plan = {chosen[GRADE_3]: [(CLOT, 2)]}
    for place, k in enumerate(chosen[:GRADE_3]):
        if place < INFECTIONS:
            term = "Pneumonia"
        elif place < INFECTIONS + CLOTS - 1:
            term = CLOT
        else:
            term = draw.weighted(TERMS.severe(without=ae.INFECTION))
        plan[k] = [(term, 3)]
    return plan


def adverse_events(groups: Mapping[int, Sequence[ae.Person]], draw: Draw) -> list[ae.Event]:
    """Events of the treated (1), then of the observed (0)."""
    planned, nothing = ae.on_treatment(_plan(groups[1], draw), draw), ae.on_treatment({}, draw)
    return ae.draw_events(groups[1], TERMS, True, lambda p: 6.0, planned, draw) + ae.draw_events(
        groups[0], TERMS, False, lambda p: 1.6, nothing, draw
    )
