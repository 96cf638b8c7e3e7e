"""Baseline columns of the simulated AQUILA, within its eligibility.

Eligibility (Dimopoulos 2025 and the registry entry of NCT03301220): diagnosis within 5 years,
ECOG 0 or 1, measurable disease, clonal marrow plasma cells at least 10%, and at least one of IgA
type, serum M-protein at least 3 g/dL, FLC ratio from 8 to below 100, immunoparesis of two
uninvolved isotypes, marrow plasma cells above 50% and below 60%.
"""

from __future__ import annotations

import math

import numpy as np

from data.simulate.baseline import HIGH, INTERMEDIATE, LOW, Columns, settle
from data.simulate.draw import Draw, climb
from data.simulate.packages import Package, as_columns, settle_packages
from data.simulate.stats import Bools, Ints, hazard_ratio

HIGH_RISK = 160  # 41% of 390 meet two or three of 20/2/20, published
LOW_RISK = 84  # illustrative; the other 146 are intermediate


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

    def propose(state: Bools) -> Bools | None:
        out = state.copy()
        i = draw.pick([int(k) for k in np.flatnonzero(out)])
        j = draw.pick([int(k) for k in np.flatnonzero(~out & (arm == arm[i]))])
        out[i], out[j] = False, True
        return out

    def loss(state: Bools) -> float:
        within, rest = (hazard_ratio(time[s], event[s], arm[s]).ratio for s in (state, ~state))
        return max(0.0, within - 0.43) + max(0.0, 0.38 - within) + max(0.0, rest - 0.62)

    high = climb(high, propose, loss, draw, 5_000, "AQUILA Mayo 2018 high risk")
    rest = [int(i) for i in np.flatnonzero(~high)]
    low = set(draw.sample(rest, LOW_RISK, [0.6 if event[i] else 1.0 for i in rest]))
    return [HIGH if high[i] else LOW if i in low else INTERMEDIATE for i in range(arm.size)]


def _marrow(over: bool, draw: Draw) -> int:
    """Plasma cells in percent: read to the nearest 5 by most pathologists."""
    if over:
        common, odd = [25, 30, 35, 40, 45, 50, 55], draw.integer(21, 59)
        weights = [8, 9, 6, 6, 3, 3, 2]
    else:
        common, odd = [10, 12, 15, 18, 20], draw.integer(10, 19)
        weights = [5, 2, 7, 2, 6]
    return draw.weighted(common, weights) if draw.chance(0.75) else odd


def _protein(over: bool, draw: Draw) -> float:
    """Serum M-protein in g/dL."""
    if over:
        return round(min(2.1 + abs(draw.normal(0, 1.0)), 5.2), 1)
    return round(draw.between(1.0, 2.0), 1)


def _ratio(over: bool, draw: Draw) -> float:
    """Involved over uninvolved free light chain, one decimal above 10 and two below."""
    if over:
        return round(min(20.6 * math.exp(abs(draw.normal(0, 0.7))), 98.9), 1)
    x = min(max(math.exp(draw.normal(2.0, 0.75)), 1.72), 19.4)
    return round(x, 1) if x > 10 else round(x, 2)


def _draw_package(level: int, draw: Draw) -> Package:
    over = {"bmpc": False, "mprot": False, "flcr": False}
    if level == INTERMEDIATE:
        over[draw.weighted(list(over), [4, 4, 4])] = True
    elif level == HIGH:
        over = dict.fromkeys(over, True)
        if not draw.chance(0.25):
            over[draw.weighted(list(over), [2, 3, 4])] = False
    kind = draw.weighted(["IgG", "IgA", "Light chain"], [66, 28, 6])
    marrow, protein, ratio = (
        _marrow(over["bmpc"], draw),
        _protein(over["mprot"], draw),
        _ratio(over["flcr"], draw),
    )
    isotypes = draw.weighted(["0", "1", "2"], [(3, 3, 3), (2, 3, 4), (2, 3, 5)][level])
    return {
        "ISOTYPE": kind,
        "MPROT": f"{protein:.1f}",
        "BMPC": str(marrow),
        "FLCR": f"{ratio:.{1 if ratio > 10 else 2}f}",
        "NIMPARES": isotypes,
        "IMPARES": "N" if isotypes == "0" else "Y",
    }


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


def baseline(mayo: list[int], time: Ints, event: Bools, arm: Ints, draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv`` as text, one entry per patient; blank is missing."""
    out: Columns = {
        name: [] for name in ("AGE", "SEX", "RACE", "ECOGBL", "TSDIAG", "CYTOGEN", "HGB")
    }
    for level in mayo:
        sex = "M" if draw.chance(0.48) else "F"
        out["SEX"].append(sex)
        out["AGE"].append(str(round(min(max(draw.normal(63, 10), 31), 86))))
        races = ["WHITE", "ASIAN", "BLACK OR AFRICAN AMERICAN", ""]
        out["RACE"].append(draw.weighted(races, [83, 8, 3, 6]))
        out["ECOGBL"].append(draw.weighted(["0", "1"], [83, 17]))
        out["TSDIAG"].append(f"{0.3 + 59 * draw.unit() ** 2.4:.1f}")
        risky = (0.12, 0.16, 0.2)[level]
        out["CYTOGEN"].append(
            "" if draw.chance(0.2) else "High risk" if draw.chance(risky) else "Standard risk"
        )
        haem = draw.normal(13.7 if sex == "M" else 12.7, 1.1) - (0.3 if level == HIGH else 0)
        out["HGB"].append(f"{min(max(haem, 10.6 + 0.5 * draw.unit()), 16.9):.1f}")
    for name in ("SEX", "AGE", "RACE", "ECOGBL", "CYTOGEN"):
        settle(out, name, time, event, arm, draw)
    packages = [_package(level, draw) for level in mayo]
    settled = settle_packages(
        packages, mayo, GROUPINGS, time, event, arm, draw, "AQUILA entry criteria"
    )
    return out | as_columns(settled)
