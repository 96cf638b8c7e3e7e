"""Randomization in blocks, and days of inclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

from data.simulate.draw import Draw
from data.simulate.stats import Bools, Ints


def blocks(sizes: Mapping[int, int], draw: Draw, scatter: bool = True) -> list[int]:
    """Arms 1 and 0 in order of inclusion: blocks of four, whoever is left over at random.

    Without ``scatter`` these come last.
    """
    pairs = min(sizes.values())
    queue: list[int] = []
    while pairs:
        half = min(2, pairs)
        queue += draw.shuffled([1] * half + [0] * half)
        pairs -= half
    larger = max(sizes, key=lambda a: sizes[a])
    for _ in range(max(sizes.values()) - min(sizes.values())):
        queue.insert(draw.integer(0, len(queue)) if scatter else len(queue), larger)
    return queue


def stratified(
    sizes: Mapping[int, int], early: Mapping[int, int], draw: Draw, scatter: bool = True
) -> tuple[Ints, Bools]:
    """Arm and stratum in order of inclusion: ``blocks`` among the early and among the others."""
    late = {a: n - early[a] for a, n in sizes.items()}
    queues = {True: blocks(early, draw, scatter), False: blocks(late, draw, scatter)}
    strata = draw.shuffled([stratum for stratum, queue in queues.items() for _ in queue])
    return np.array([queues[s].pop(0) for s in strata]), np.array(strata)


def working_day(day: int) -> int:
    """The ordinal itself, or of the Friday before: nobody is included at a weekend."""
    return day - max(0, dt.date.fromordinal(day).weekday() - 4)


def days(
    n: int,
    first: dt.date,
    last: dt.date,
    pace: Callable[[float], float],
    draw: Draw,
    both_ends: bool = True,
) -> Ints:
    """Ordinals of ``n`` days of inclusion from the first to the last day.

    ``pace`` maps the share of patients to the share of the period. With ``both_ends`` the first
    and the last day have a patient each.
    """
    span = (last - first).days
    passed = [int(span * pace((i + draw.unit()) / n)) for i in range(n)]
    out = [max(working_day(first.toordinal() + day), first.toordinal()) for day in passed]
    if both_ends:
        out[0], out[-1] = first.toordinal(), last.toordinal()
    return np.array(out, dtype=np.int64)
