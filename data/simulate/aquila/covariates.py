"""Baseline columns of the simulated AQUILA, within its eligibility.

Eligibility (Dimopoulos 2025 and the registry entry of NCT03301220): diagnosis within 5 years,
ECOG 0 or 1, measurable disease, clonal marrow plasma cells at least 10%, and at least one of IgA
type, serum M-protein at least 3 g/dL, FLC ratio from 8 to below 100, immunoparesis of two
uninvolved isotypes, marrow plasma cells above 50% and below 60%.
"""

from __future__ import annotations

import numpy as np

from data.simulate.baseline import HIGH, Burden, Population, risk_levels, settle_columns, swap_high
from data.simulate.draw import Draw
from data.simulate.packages import Columns, Package, as_columns, settle
from data.simulate.stats import Bools, Ints, hazard_ratio

HIGH_RISK = 160  # 41% of 390 meet two or three of 20/2/20, published
LOW_RISK = 84  # illustrative; the other 146 are intermediate

POPULATION = Population(
    male=0.48, age=(63, 10, 31, 86),
    race={"WHITE": 83, "ASIAN": 8, "BLACK OR AFRICAN AMERICAN": 3, "": 6}, ecog={"0": 83, "1": 17},
    no_cytogenetics=0.2, hemoglobin=(13.7, 12.7, 1.1), hemoglobin_limits=(10.6, 0.5, 16.9),
)  # fmt: skip
BURDEN = Burden(
    one=(4, 4, 4), marrow_over={25: 8, 30: 9, 35: 6, 40: 6, 45: 3, 50: 3, 55: 2}, marrow_most=59,
    marrow={10: 5, 12: 2, 15: 7, 18: 2, 20: 6}, protein=(1.0, 5.2), ratio_over=(0.7, 98.9),
    ratio=(2.0, 0.75),
)  # fmt: skip


def criteria(p: Package) -> int:
    """How many of the five entry criteria a set of values meets."""
    marrow, protein, ratio = int(p["BMPC"]), float(p["MPROT"]), float(p["FLCR"])
    return sum(
        (
            p["ISOTYPE"] == "IgA",
            protein >= 3,
            8 <= ratio < 100,
            p["NIMPARES"] == "2",
            50 < marrow < 60,
        )
    )


def levels(time: Ints, event: Bools, arm: Ints, draw: Draw) -> list[int]:
    """Mayo 2018 level of each patient; the high ones progress sooner and gain more.

    Reports say that the benefit was larger at high risk, without a figure: the hazard ratio there
    is kept some way below the one of the others, and the arms are balanced.
    """
    weights = [1.6 if e else 1.0 for e in event]
    high = np.zeros(arm.size, dtype=bool)
    for a in (1, 0):
        mine = [int(i) for i in np.flatnonzero(arm == a)]
        high[draw.sample(mine, HIGH_RISK // 2, [weights[i] for i in mine])] = True

    def loss(state: Bools) -> float:
        within, rest = (hazard_ratio(time[s], event[s], arm[s]).ratio for s in (state, ~state))
        return max(0.0, within - 0.43) + max(0.0, 0.38 - within) + max(0.0, rest - 0.62)

    what = "AQUILA Mayo 2018 high risk"
    high = swap_high(high, arm, loss, draw, steps=5_000, what=what)
    return risk_levels(high, LOW_RISK, [0.6 if e else 1.0 for e in event], draw)


def _draw_package(level: int, draw: Draw) -> Package:
    over = BURDEN.over(level, draw)
    kind = draw.weighted({"IgG": 66, "IgA": 28, "Light chain": 6})
    values = BURDEN.values(over, draw)
    suppressed = [(3, 3, 3), (2, 3, 4), (2, 3, 5)][level]
    isotypes = draw.weighted(dict(zip("012", suppressed, strict=True)))
    paresis = {"NIMPARES": isotypes, "IMPARES": "N" if isotypes == "0" else "Y"}
    return {"ISOTYPE": kind} | values | paresis


def _package(level: int, draw: Draw) -> Package:
    """A set of values of that Mayo 2018 level that meets the entry criteria."""
    while True:
        p = _draw_package(level, draw)
        if p["ISOTYPE"] == "Light chain":
            # no heavy chain, no serum M-protein: the involved light chain makes it measurable
            if float(p["MPROT"]) > 2 or float(p["FLCR"]) <= 20:
                continue
            p["MPROT"] = "0.0"
        if criteria(p) >= 1:
            return p | {"RISKN": str(criteria(p))}


GROUPINGS = (
    lambda p: p["ISOTYPE"] if p["ISOTYPE"] != "Light chain" else "",
    lambda p: p["IMPARES"],
    lambda p: p["NIMPARES"],
    lambda p: "3 or more" if int(p["RISKN"]) >= 3 else "fewer",
    lambda p: "3 g/dL or more" if float(p["MPROT"]) >= 3 else "less",
)


def _patient(level: int, draw: Draw) -> Package:
    p = POPULATION.person(draw) | {"TSDIAG": f"{0.3 + 59 * draw.unit() ** 2.4:.1f}"}
    shift = 0.3 if level == HIGH else 0
    return p | POPULATION.laboratory(p["SEX"], (0.12, 0.16, 0.2)[level], shift, draw)


def baseline(mayo: list[int], time: Ints, event: Bools, arm: Ints, draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv``, one entry per patient; blank is missing."""
    times = (time, event, arm)
    out = as_columns([_patient(level, draw) for level in mayo])
    settle_columns(out, ("SEX", "AGE", "RACE", "ECOGBL", "CYTOGEN"), times, draw)
    packages = [_package(level, draw) for level in mayo]
    settled = settle(
        packages, mayo, GROUPINGS, times, draw,
        most=0.85, steps=2_500, what="AQUILA entry criteria",
    )  # fmt: skip
    return out | as_columns(settled)
