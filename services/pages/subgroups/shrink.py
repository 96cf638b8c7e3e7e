"""The effects of the forest drawn toward those of the other levels, where that was asked for."""

from __future__ import annotations

from services.statistics.results import ForestResult
from services.statistics.shrinkage import Shrunken, shrunken
from services.views.study import View

NOTE = (
    "Shrunken effects",
    "gray ticks: the log hazard ratios of a variable's levels, each drawn toward their mean by how"
    " uncertain it is (normal-normal empirical Bayes, variance between levels by Paule and Mandel)",
)
COLUMNS = ("shrunken_hr", "shrunken_lower", "shrunken_upper", "shrunken_weight", "tau2")


def of_forest(forest: ForestResult | None, view: View) -> dict[str, Shrunken]:
    """By "VARIABLE:level"; variables with fewer than two estimable levels have none."""
    if forest is None or view.shrink != "yes":
        return {}
    found: dict[str, Shrunken] = {}
    for group in forest.groups:
        known = [(row.level, row.hazard_ratio) for row in group.levels if row.hazard_ratio]
        if len(known) < 2:
            continue
        made = shrunken([ratio for _, ratio in known], view.level)
        keys = (f"{group.variable}:{level}" for level, _ in known)
        found.update(zip(keys, made, strict=True))
    return found
