"""Baseline columns of the simulated patients, within the trial's eligibility.

Eligibility (registry entry of NCT01169337): diagnosis within 60 months, marrow plasma cells at
least 10%, abnormal free light chain ratio, measurable M-protein, haemoglobin at least 11 g/dL,
ECOG 0 to 2. Below the 2014 myeloma-defining limits as well: marrow below 60%, ratio below 100.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from data.simulate.draw import Band, Draw, climb
from data.simulate.stats import Bools, Ints, hazard_ratio, interaction_p

LOW, INTERMEDIATE, HIGH = 0, 1, 2
HIGH_RISK = 56  # published
LOW_RISK = 58  # illustrative; the other 68 are intermediate
# two and ten events reach the top of the band only
HIGH_HR = (Band.printed(0.09, 2, 0.95), Band.printed(0.02, 2), Band.printed(0.44, 2, 0.95))

Columns = dict[str, list[str]]

BASELINE = (
    "AGE", "SEX", "RACE", "ECOGBL", "TSDIAG", "TSDIAGGR", "MPROT", "BMPC", "FLCR", "IMPARES",
    "CYTOGEN", "HGB",
)  # fmt: skip


def mayo_levels(time: Ints, event: Bools, arm: Ints, draw: Draw) -> list[int]:
    """Mayo 2018 level of each patient: 56 high, with the published hazard ratio among them."""
    high = np.zeros(arm.size, dtype=bool)
    for a, events in ((1, 2), (0, 10)):
        hit = [int(i) for i in np.flatnonzero((arm == a) & event)]
        free = [int(i) for i in np.flatnonzero((arm == a) & ~event)]
        chosen = draw.sample(hit, events) + draw.sample(free, HIGH_RISK // 2 - events)
        high[chosen] = True

    def propose(state: Bools) -> Bools | None:
        out = state.copy()
        i = draw.pick([int(k) for k in np.flatnonzero(out)])
        # mostly within the arm; now and then the split between the arms moves by one
        pool = ~out if draw.chance(0.1) else ~out & (arm == arm[i])
        j = draw.pick([int(k) for k in np.flatnonzero(pool)])
        out[i], out[j] = False, True
        return out

    def loss(state: Bools) -> float:
        h = hazard_ratio(time[state], event[state], arm[state])
        if h.ratio != h.ratio:
            return 1e3
        total: float = sum(
            b.loss(x) for b, x in zip(HIGH_HR, (h.ratio, h.lower, h.upper), strict=True)
        )
        return total + max(0, abs(int(np.sum(arm[state] == 1)) - HIGH_RISK // 2) - 3)

    high = climb(high, propose, loss, draw, 40_000, "Mayo 2018 high risk")
    rest = [int(i) for i in np.flatnonzero(~high)]
    # those who progress are more often intermediate than low
    low = draw.sample(rest, LOW_RISK, [0.35 if event[i] else 1.0 for i in rest])
    return [HIGH if high[i] else LOW if i in set(low) else INTERMEDIATE for i in range(arm.size)]


def _marrow(over: bool, draw: Draw) -> int:
    """Plasma cells in percent: read to the nearest 5 by most pathologists."""
    if over:
        common, odd = [25, 30, 35, 40, 45, 50, 55], draw.integer(21, 55)
        weights = [8, 9, 5, 5, 2, 2, 1]
    else:
        common, odd = [10, 12, 15, 20], draw.integer(10, 19)
        weights = [6, 2, 7, 6]
    return draw.weighted(common, weights) if draw.chance(0.75) else odd


def _protein(over: bool, draw: Draw) -> float:
    """Serum M-protein in g/dL."""
    if over:
        return round(min(2.1 + abs(draw.normal(0, 0.75)), 4.6), 1)
    return round(draw.between(1.0, 2.0), 1)


def _ratio(over: bool, draw: Draw) -> float:
    """Involved over uninvolved free light chain, one decimal above 10 and two below."""
    if over:
        return round(min(20.6 * math.exp(abs(draw.normal(0, 0.65))), 98.7), 1)
    x = min(max(math.exp(draw.normal(1.9, 0.65)), 1.72), 19.4)
    return round(x, 1) if x > 10 else round(x, 2)


def biomarkers(level: int, draw: Draw) -> tuple[str, str, str]:
    """BMPC, MPROT and FLCR that the 20/2/20 rule reads as ``level`` (0, 1, or 2 to 3 high)."""
    over = {"bmpc": False, "mprot": False, "flcr": False}
    if level == INTERMEDIATE:
        over[draw.weighted(list(over), [4, 4, 3])] = True
    elif level == HIGH:
        over = dict.fromkeys(over, True)
        if not draw.chance(0.25):
            over[draw.weighted(list(over), [2, 3, 4])] = False
    marrow, protein = _marrow(over["bmpc"], draw), _protein(over["mprot"], draw)
    ratio = _ratio(over["flcr"], draw)
    decimals = 1 if ratio > 10 else 2
    return f"{marrow}", f"{protein:.1f}", f"{ratio:.{decimals}f}"


def baseline(levels: list[int], early: list[bool], draw: Draw) -> Columns:
    """The baseline columns of ``adsl.csv`` as text, one entry per patient; blank is missing."""
    out: Columns = {name: [] for name in BASELINE}
    for level, recent in zip(levels, early, strict=True):
        sex = "M" if draw.chance(0.53) else "F"
        out["SEX"].append(sex)
        out["AGE"].append(str(round(min(max(draw.normal(63, 9.6), 36), 85))))
        races = ["WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN", ""]
        out["RACE"].append(draw.weighted(races, [84, 11, 2, 3]))
        out["ECOGBL"].append(draw.weighted(["0", "1", "2"], [79, 19, 2]))
        months = 0.4 + 11.5 * draw.unit() ** 1.4 if recent else 12.2 + 46.5 * draw.unit() ** 1.5
        out["TSDIAG"].append(f"{months:.1f}")
        out["TSDIAGGR"].append("<= 1 year" if recent else "> 1 year")
        marrow, protein, ratio = biomarkers(level, draw)
        out["BMPC"].append(marrow)
        out["MPROT"].append(protein)
        out["FLCR"].append(ratio)
        paresis = (0.5, 0.64, 0.78)[level]
        out["IMPARES"].append("" if draw.chance(0.03) else "Y" if draw.chance(paresis) else "N")
        risky = (0.2, 0.27, 0.36)[level]
        out["CYTOGEN"].append(
            "" if draw.chance(0.17) else "High risk" if draw.chance(risky) else "Standard risk"
        )
        haem = draw.normal(13.9 if sex == "M" else 12.8, 1.0) - (0.3 if level == HIGH else 0)
        out["HGB"].append(f"{min(max(haem, 11 + 0.4 * draw.unit()), 16.8):.1f}")
    return out


def age_bands(age: str) -> str:
    """The three bands the app derives."""
    return "< 65" if int(age) < 65 else "65-74" if int(age) < 75 else ">= 75"


def age_halves(age: str) -> str:
    """The usual cut in two."""
    return "< 65" if int(age) < 65 else ">= 65"


GROUPINGS: dict[str, tuple[Callable[[str], str], ...]] = {"AGE": (age_halves, age_bands)}


def settle(columns: Columns, name: str, time: Ints, event: Bools, arm: Ints, draw: Draw) -> None:
    """Swap values of one column between patients until no interaction with the arm shows.

    Only the interaction with Mayo 2018 risk is published, so every other one has to stay above
    p = 0.3, with a hazard ratio below 1 wherever both arms of a level have an event.
    """
    groupings = GROUPINGS.get(name, (str,))

    def propose(values: list[str]) -> list[str] | None:
        i, j = draw.integer(0, len(values) - 1), draw.integer(0, len(values) - 1)
        if all(group(values[i]) == group(values[j]) for group in groupings):
            return None
        out = list(values)
        out[i], out[j] = out[j], out[i]
        return out

    def loss(values: list[str]) -> float:
        total = 0.0
        for group in groupings:
            level = [group(v) for v in values]
            total += max(0.0, 0.3 - interaction_p(time, event, arm, level)) * 10
            for one in sorted({v for v in level if v}):
                mine = np.array([v == one for v in level])
                h = hazard_ratio(time[mine], event[mine], arm[mine])
                total += max(0.0, h.ratio - 0.75) if h.ratio == h.ratio else 0.0
        return total

    columns[name] = climb(columns[name], propose, loss, draw, 1_500, f"interaction of {name}")
