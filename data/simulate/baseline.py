"""Baseline values of the simulated patients, as text: what the studies share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.simulate.draw import Draw, climb
from data.simulate.packages import Columns, Package, settle
from data.simulate.stats import Bools, Ints

LOW, INTERMEDIATE, HIGH = 0, 1, 2
OVER = ("bmpc", "mprot", "flcr")


def risk_levels(high: Bools, low: int, weights: Sequence[float], draw: Draw) -> list[int]:
    """Mayo 2018 level of each patient: ``low`` of those who are not ``high``, by their weights."""
    rest = [int(i) for i in np.flatnonzero(~high)]
    chosen = set(draw.sample(rest, low, [weights[i] for i in rest]))
    return [HIGH if high[i] else LOW if i in chosen else INTERMEDIATE for i in range(high.size)]


def swap_high(
    high: Bools, arm: Ints, loss: Callable[[Bools], float], draw: Draw, *,
    steps: int, what: str, across: float = 0,
) -> Bools:  # fmt: skip
    """Who is at high risk, swapped until the loss is 0.

    Swaps stay within the arm; ``across`` is the chance that one may change the split between them.
    """

    def propose(state: Bools) -> Bools | None:
        out = state.copy()
        i = draw.one_of(out)
        anywhere = across > 0 and draw.chance(across)
        j = draw.one_of(~out if anywhere else ~out & (arm == arm[i]))
        out[i], out[j] = False, True
        return out

    return climb(high, propose, loss, draw, steps, what)


@dataclass(frozen=True)
class Population:
    """Whom a trial includes; mappings are weights.

    male : share of men
    age : mean, standard deviation, youngest, oldest
    race, ecog : a blank is missing; no race at all is not recorded
    no_cytogenetics : share without a result
    hemoglobin : mean of men, of women, standard deviation (g/dL)
    hemoglobin_limits : lowest, width over which the lowest are spread, highest
    """

    male: float
    age: tuple[float, float, int, int]
    race: Mapping[str, float]
    ecog: Mapping[str, float]
    no_cytogenetics: float
    hemoglobin: tuple[float, float, float]
    hemoglobin_limits: tuple[float, float, float]

    def person(self, draw: Draw) -> Package:
        """SEX, AGE, RACE and ECOGBL."""
        mean, sd, youngest, oldest = self.age
        out = {"SEX": "M" if draw.chance(self.male) else "F"}
        out["AGE"] = str(round(min(max(draw.normal(mean, sd), youngest), oldest)))
        if self.race:
            out["RACE"] = draw.weighted(self.race)
        return out | {"ECOGBL": draw.weighted(self.ecog)}

    def laboratory(self, sex: str, risky: float, shift: float, draw: Draw) -> Package:
        """CYTOGEN, high risk with probability ``risky``, and HGB, lower by ``shift``."""
        found = ""
        if not draw.chance(self.no_cytogenetics):
            found = "High risk" if draw.chance(risky) else "Standard risk"
        men, women, sd = self.hemoglobin
        low, spread, high = self.hemoglobin_limits
        value = draw.normal(men if sex == "M" else women, sd) - shift
        value = min(max(value, low + spread * draw.unit()), high)
        return {"CYTOGEN": found, "HGB": f"{value:.1f}"}


def marrow_cells(common: Mapping[int, float], low: int, high: int, draw: Draw) -> int:
    """Plasma cells in percent: read to the nearest 5 by most pathologists."""
    odd = draw.integer(low, high)
    return draw.weighted(common) if draw.chance(0.75) else odd


@dataclass(frozen=True)
class Burden:
    """The three values of the 20/2/20 rule, above its limits and up to them.

    one : weights of the value that is over at intermediate risk
    marrow_over, marrow : weights of the usual percentages; ``marrow_most`` of the unusual
    protein, ratio_over : standard deviation (of the logarithm) above the limit, and the most
    ratio : mean and standard deviation of the logarithm up to the limit
    """

    one: tuple[float, float, float]
    marrow_over: Mapping[int, float]
    marrow_most: int
    marrow: Mapping[int, float]
    protein: tuple[float, float]
    ratio_over: tuple[float, float]
    ratio: tuple[float, float]

    def over(self, level: int, draw: Draw) -> dict[str, bool]:
        """Which values are over at a level: none, one, or two to three."""
        over = dict.fromkeys(OVER, level == HIGH)
        if level == INTERMEDIATE:
            over[draw.weighted(dict(zip(OVER, self.one, strict=True)))] = True
        elif level == HIGH and not draw.chance(0.25):
            over[draw.weighted(dict(zip(OVER, (2, 3, 4), strict=True)))] = False
        return over

    def values(self, over: Mapping[str, bool], draw: Draw) -> Package:
        """MPROT (g/dL), BMPC (%) and FLCR, involved over uninvolved light chain."""
        if over["bmpc"]:
            marrow = marrow_cells(self.marrow_over, 21, self.marrow_most, draw)
        else:
            marrow = marrow_cells(self.marrow, 10, 19, draw)
        if over["mprot"]:
            protein = min(2.1 + abs(draw.normal(0, self.protein[0])), self.protein[1])
        else:
            protein = draw.between(1.0, 2.0)
        if over["flcr"]:
            sd, most = self.ratio_over
            ratio = min(20.6 * math.exp(abs(draw.normal(0, sd))), most)
        else:
            ratio = min(max(math.exp(draw.normal(*self.ratio)), 1.72), 19.4)
        # one decimal above 10 and two below
        ratio = round(ratio, 1 if ratio > 10 else 2)
        return {
            "MPROT": f"{round(protein, 1):.1f}",
            "BMPC": f"{marrow}",
            "FLCR": f"{ratio:.{1 if ratio > 10 else 2}f}",
        }


def age_bands(age: str) -> str:
    """The three bands the app derives."""
    return "< 65" if int(age) < 65 else "65-74" if int(age) < 75 else ">= 75"


def age_halves(age: str) -> str:
    """The usual cut in two."""
    return "< 65" if int(age) < 65 else ">= 65"


GROUPINGS: dict[str, tuple[Callable[[str], str], ...]] = {"AGE": (age_halves, age_bands)}


def settle_columns(
    columns: Columns, names: Sequence[str], times: tuple[Ints, Bools, Ints], draw: Draw
) -> None:
    """Swap values within each of these columns until no interaction with the arm shows.

    Only the interaction with Mayo 2018 risk is published, so every other one has to stay above
    p = 0.3, with a hazard ratio below 1 wherever both arms of a level have an event.
    """
    for name in names:
        columns[name] = settle(
            columns[name], [0] * len(columns[name]), GROUPINGS.get(name, (str,)), times, draw,
            most=0.75, steps=1_500, what=f"interaction of {name}",
        )  # fmt: skip
