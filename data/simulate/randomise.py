"""Randomisation in blocks, and days of inclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from data.simulate.draw import Draw
from data.simulate.stats import Ints


def blocks(sizes: Mapping[int, int], draw: Draw) -> list[int]:
    """Arms 1 and 0 in order of inclusion: blocks of four, whoever is left over at random."""
    pairs = min(sizes.values())
    queue: list[int] = []
    while pairs:
        half = min(2, pairs)
        queue += draw.shuffled([1] * half + [0] * half)
        pairs -= half
    larger = max(sizes, key=lambda a: sizes[a])
    for _ in range(max(sizes.values()) - min(sizes.values())):
        queue.insert(draw.integer(0, len(queue)), larger)
    return queue


def days(n: int, first: dt.date, last: dt.date, power: float, draw: Draw) -> Ints:
    """Ordinals of ``n`` days of inclusion in order, from the first to the last day.

    A ``power`` below 1 makes most come late.
    """
    span = (last - first).days
    out = []
    for i in range(n):
        day = first + dt.timedelta(days=int(span * ((i + draw.unit()) / n) ** power))
        # nobody is included at a weekend
        out.append(max(day.toordinal() - max(0, day.weekday() - 4), first.toordinal()))
    out[0], out[-1] = first.toordinal(), last.toordinal()
    return np.array(out, dtype=np.int64)
