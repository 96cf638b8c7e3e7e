"""Sets of linked baseline values, handed out so that no subgroup stands out by chance.

Entry criteria tie several columns together, so they are drawn as one set per patient and swapped
as one: whoever gets the set stays eligible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from data.simulate.baseline import Columns
from data.simulate.draw import Draw, climb
from data.simulate.stats import Bools, Ints, hazard_ratio, interaction_p

Package = dict[str, str]
Grouping = Callable[[Package], str]


def settle_packages(
    packages: Sequence[Package],
    levels: Sequence[int],
    groupings: Sequence[Grouping],
    time: Ints,
    event: Bools,
    arm: Ints,
    draw: Draw,
    what: str,
) -> list[Package]:
    """Swap whole sets between patients of one risk level until no interaction stands out.

    Every likelihood-ratio p of arm by grouping ends above 0.3, every hazard ratio within a level
    below 0.85. ``groupings`` read a level off a set; a blank is left out.
    """
    same = {v: [i for i, level in enumerate(levels) if level == v] for v in set(levels)}

    def propose(state: list[Package]) -> list[Package] | None:
        i = draw.integer(0, len(state) - 1)
        j = draw.pick(same[levels[i]])
        if all(g(state[i]) == g(state[j]) for g in groupings):
            return None
        out = list(state)
        out[i], out[j] = out[j], out[i]
        return out

    def loss(state: list[Package]) -> float:
        total = 0.0
        for g in groupings:
            level = [g(p) for p in state]
            total += max(0.0, 0.3 - interaction_p(time, event, arm, level)) * 10
            for one in sorted({v for v in level if v}):
                mine = np.array([v == one for v in level])
                h = hazard_ratio(time[mine], event[mine], arm[mine])
                total += max(0.0, h.ratio - 0.85) if h.ratio == h.ratio else 0.0
        return total

    return climb(list(packages), propose, loss, draw, 2_500, what)


def as_columns(packages: Sequence[Package]) -> Columns:
    """The sets as columns, one entry per patient."""
    return {name: [p[name] for p in packages] for name in packages[0]}
