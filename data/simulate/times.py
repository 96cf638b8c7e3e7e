"""Event times: placed where the published figures want them, then moved until those print.

What the trials' own ``times.py`` share. Days count from 1, the day of randomization.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from data.simulate.draw import Band, Draw
from data.simulate.stats import DAYS_PER_MONTH, Bools, Ints, hazard_ratio

LOST, WITHDREW = 2, 3  # codes of CNSR


@dataclass(frozen=True)
class Followed:
    """One entry per patient, in order of inclusion.

    arm : 1 on the drug, 0 watched
    start : proleptic ordinal of day 1
    cap : days to the data cutoff
    pfs : days to progression, death or censoring
    dropout : why observation for progression ended before the cut-off, 0 if it did not
    os, died : days to death or last contact; whether dead
    """

    arm: Ints
    start: Ints
    cap: Ints
    pfs: Ints
    dropout: Ints
    os: Ints
    died: Bools


F = TypeVar("F", bound=Followed)


def take(free: list[int], latest: Ints, day: int, draw: Draw) -> int:
    """Somebody ``free``, and no longer so, whose ``latest`` day is after ``day``."""
    who = draw.pick([i for i in free if latest[i] > day])
    free.remove(who)
    return who


def place_events(
    free: list[int],
    counts: Sequence[int],
    latest: Ints,
    first: float,
    draw: Draw,
    *,
    last: float = np.inf,
    late_first: bool = True,
) -> dict[int, int]:
    """The days of events of so many of the ``free`` in each year of follow-up, by patient.

    None is before month ``first`` or after ``last``. Late years, which fewest can fill, come first.
    """
    out = {}
    years = list(enumerate(counts))
    for year, count in reversed(years) if late_first else years:
        for _ in range(count):
            month = draw.between(max(12 * year, first), min(12 * (year + 1), last))
            day = int(month * DAYS_PER_MONTH)
            out[take(free, latest, day, draw)] = day
    return out


def out_of_sight(t: Followed, draw: Draw) -> Bools:
    """Who is not followed for survival either: the lost, and most who withdrew."""
    most = np.array([draw.chance(0.6) for _ in range(t.arm.size)])
    return np.asarray((t.dropout == LOST) | ((t.dropout == WITHDREW) & most))


def ask_again(t: F, draw: Draw) -> F:
    """Somebody who withdrew now agrees to be followed for survival, or no longer does."""
    os = t.os.copy()
    i = draw.one_of(t.dropout == WITHDREW)
    os[i] = t.pfs[i] if os[i] == t.cap[i] else t.cap[i]
    return replace(t, os=os)


def ratio_loss(bands: Sequence[Band], time: Ints, event: Bools, arm: Ints) -> float:
    """How far the hazard ratio, its limits and its p are from printing as published.

    The ``bands`` stand in this order; p may be left out.
    """
    h = hazard_ratio(time, event, arm)
    found = (h.ratio, h.lower, h.upper, h.p)[: len(bands)]
    return sum(b.loss(x) for b, x in zip(bands, found, strict=True))


def arm_loss(bands: Mapping[int, Band], arm: Ints, of: Callable[[Bools], float]) -> float:
    """How far a figure ``of`` the patients of each arm is from printing as published."""
    return sum(band.loss(of(arm == a)) for a, band in bands.items())
