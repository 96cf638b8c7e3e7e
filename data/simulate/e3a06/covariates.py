"""Baseline columns of E3A06, within its eligibility.

Eligibility (registry entry of NCT01169337): diagnosis within 60 months, marrow plasma cells at
least 10%, abnormal free light chain ratio, measurable M-protein, hemoglobin at least 11 g/dL,
ECOG 0 to 2. Below the 2014 myeloma-defining limits as well: marrow below 60%, ratio below 100.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.simulate.baseline import HIGH, Burden, Population, risk_levels, swap_high
from data.simulate.draw import Band, Draw
from data.simulate.packages import Columns, Package, as_columns
from data.simulate.stats import Bools, Ints
from data.simulate.times import ratio_loss

HIGH_RISK = 56  # published
LOW_RISK = 58  # illustrative; the other 68 are intermediate
# two and ten events reach the top of the band only
HIGH_HR = (Band.printed(0.09, 2, 0.95), Band.printed(0.02, 2), Band.printed(0.44, 2, 0.95))

POPULATION = Population(
    male=0.53, age=(63, 9.6, 36, 85),
    race={"WHITE": 84, "BLACK OR AFRICAN AMERICAN": 11, "ASIAN": 2, "": 3},
    ecog={"0": 79, "1": 19, "2": 2}, no_cytogenetics=0.17, hemoglobin=(13.9, 12.8, 1.0),
    hemoglobin_limits=(11, 0.4, 16.8),
)  # fmt: skip
BURDEN = Burden(
    one=(4, 4, 3), marrow_over={25: 8, 30: 9, 35: 5, 40: 5, 45: 2, 50: 2, 55: 1}, marrow_most=55,
    marrow={10: 6, 12: 2, 15: 7, 20: 6}, protein=(0.75, 4.6), ratio_over=(0.65, 98.7),
    ratio=(1.9, 0.65),
)  # fmt: skip


def mayo_levels(time: Ints, event: Bools, arm: Ints, draw: Draw) -> list[int]:
    """Mayo 2018 level of each patient: 56 high, with the published hazard ratio among them."""
    high = np.zeros(arm.size, dtype=bool)
    for a, events in ((1, 2), (0, 10)):
        hit = [int(i) for i in np.flatnonzero((arm == a) & event)]
        free = [int(i) for i in np.flatnonzero((arm == a) & ~event)]
        chosen = draw.sample(hit, events) + draw.sample(free, HIGH_RISK // 2 - events)
        high[chosen] = True

    def loss(state: Bools) -> float:
        total = ratio_loss(HIGH_HR, time[state], event[state], arm[state])
        return total + max(0, abs(int(np.sum(arm[state] == 1)) - HIGH_RISK // 2) - 3)

    high = swap_high(high, arm, loss, draw, steps=40_000, what="Mayo 2018 high risk", across=0.1)
    # those who progress are more often intermediate than low
    return risk_levels(high, LOW_RISK, [0.35 if e else 1.0 for e in event], draw)


def _patient(level: int, recent: bool, draw: Draw) -> Package:
    p = POPULATION.person(draw)
    months = 0.4 + 11.5 * draw.unit() ** 1.4 if recent else 12.2 + 46.5 * draw.unit() ** 1.5
    p |= {"TSDIAG": f"{months:.1f}", "TSDIAGGR": "<= 1 year" if recent else "> 1 year"}
    p |= BURDEN.values(BURDEN.over(level, draw), draw)
    paresis = (0.5, 0.64, 0.78)[level]
    p["IMPARES"] = "" if draw.chance(0.03) else "Y" if draw.chance(paresis) else "N"
    shift = 0.3 if level == HIGH else 0
    return p | POPULATION.laboratory(p["SEX"], (0.2, 0.27, 0.36)[level], shift, draw)


def baseline(levels: Sequence[int], early: Sequence[bool], draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv``, one entry per patient; blank is missing."""
    return as_columns([_patient(*one, draw) for one in zip(levels, early, strict=True)])
