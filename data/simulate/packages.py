"""Values of patients, swapped until no subgroup stands out by chance.

Entry criteria tie several columns together, so they are drawn as one set per patient and swapped
as one: whoever gets the set stays eligible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from data.simulate.draw import Draw, climb
from data.simulate.stats import Bools, Ints, hazard_ratio, interaction_p

T = TypeVar("T")
Package = dict[str, str]
Columns = dict[str, list[str]]


def settle(
    values: Sequence[T],
    same: Sequence[int],
    groupings: Sequence[Callable[[T], str]],
    times: tuple[Ints, Bools, Ints],
    draw: Draw,
    *,
    most: float,
    steps: int,
    what: str,
) -> list[T]:
    """Swap values between patients until no interaction of a grouping with the arm stands out.

    Parameters
    ----------
    values : one per patient: of a column, or a whole set
    same : swaps stay among patients with the same number
    groupings : each reads a level off a value; a blank is left out
    times : time, event and arm of each patient
    most : no hazard ratio within a level ends above it; every likelihood-ratio p ends above 0.3
    steps, what : give up after so many, and say of what
    """
    time, event, arm = times
    fellows = {v: [i for i, mine in enumerate(same) if mine == v] for v in set(same)}

    def propose(state: list[T]) -> list[T] | None:
        i = draw.integer(0, len(state) - 1)
        j = draw.pick(fellows[same[i]])
        if all(g(state[i]) == g(state[j]) for g in groupings):
            return None
        out = list(state)
        out[i], out[j] = out[j], out[i]
        return out

    def loss(state: list[T]) -> float:
        total = 0.0
        for g in groupings:
            level = [g(v) for v in state]
            total += max(0.0, 0.3 - interaction_p(time, event, arm, level)) * 10
            for one in sorted({v for v in level if v}):
                mine = np.array([v == one for v in level])
                h = hazard_ratio(time[mine], event[mine], arm[mine])
                total += max(0.0, h.ratio - most) if h.ratio == h.ratio else 0.0
        return total

    return climb(list(values), propose, loss, draw, steps, what)


def as_columns(packages: Sequence[Package]) -> Columns:
    """The sets as columns, one entry per patient."""
    return {name: [p[name] for p in packages] for name in packages[0]}
