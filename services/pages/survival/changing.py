"""Whether an effect changes with time: before and after a time, and tests that weigh times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from services import lists, survival
from services.pages.export import limit_cells
from services.pages.survival.records import ChangingEffect, HazardsOverTime, WeightedTest
from services.statistics.distributions import normal_p
from services.statistics.log_rank import log_rank
from services.statistics.results import Test, or_reason
from services.study.rows import entry_of, measured
from services.views.study import View

SAID: dict[str, str] = lists.beside(__file__)
# Names of the four, rho and gamma of their weights: those of max-combo.
WEIGHTS = (
    ("log_rank", "Log-rank", 0.0, 0.0),
    ("early", "Early events weighed more", 1.0, 0.0),
    ("late", "Late events weighed more", 0.0, 1.0),
    ("middle", "Middle events weighed more", 1.0, 1.0),
)


def split_of(view: View, last: float) -> float:
    """The time asked for, else the middle one of the page's times, else half of the follow-up."""
    times = [t for t in view.at if 0 < t < last]
    return view.split or (times[len(times) // 2] if times else last / 2)


def of_pair(
    records: pd.DataFrame, view: View, arm: str, strata: np.ndarray | None
) -> ChangingEffect | None:
    """One arm against the reference; ``None`` where all times are 0.

    Parameters
    ----------
    records : TIME (days), EVENT, ARM_PLANNED; strata : (n,) codes

    With entry times there are the two ratios alone: R has no weighted test of them either.
    """
    time, event, planned = measured(records, view.unit)
    both = (planned == view.arms[0]) | (planned == arm)
    both &= True if strata is None else ~np.isnan(strata)
    entry = entry_of(records, view.unit)
    time, event, treated = time[both], event[both], planned[both] == arm
    codes = None if strata is None else strata[both]
    split = split_of(view, float(time.max(initial=0.0)))
    if split <= 0:
        return None
    pieces = survival.piecewise_hazard_ratio(
        time,
        event,
        treated,
        cut=split,
        strata=codes,
        entry=None if entry is None else entry[both],
        level=view.level,
        names=(view.arms[0], arm),
    )
    change: Test | None = None
    if pieces.before and pieces.after:
        apart = np.log(pieces.after.estimate / pieces.before.estimate)
        z = float(apart / np.hypot(pieces.before.log_se, pieces.after.log_se))
        change = Test(z**2, 1, normal_p(z), "Wald")
    if entry is not None:
        return ChangingEffect(pieces, change, (), None, SAID["entry"], SAID["piecewise"], "")
    tests = [
        or_reason(log_rank, time, event, treated, strata=codes, rho=rho, gamma=gamma)
        for _, _, rho, gamma in WEIGHTS
    ]
    weighted = tuple(
        WeightedTest(key, name, rho, gamma, SAID[key], test, reason)
        for (key, name, rho, gamma), (test, reason) in zip(WEIGHTS, tests, strict=True)
    )
    combined, reason = or_reason(
        survival.max_combo,
        time,
        event,
        treated,
        strata=codes,
        weights=[(rho, gamma) for _, _, rho, gamma in WEIGHTS],
    )
    return ChangingEffect(
        pieces, change, weighted, combined, reason, SAID["piecewise"], SAID["max_combo"]
    )


def rows(pair: HazardsOverTime) -> Iterator[tuple[Any, ...]]:
    """Rows of the CSV of hazards over time: what, time, ratio with limits, then a test."""
    found = pair.change
    if found is None:
        return
    pieces = found.piecewise
    own = [(*_test(found.change),), (None,) * 3]
    for what, ratio, test in zip(
        ("before", "after"), (pieces.before, pieces.after), own, strict=True
    ):
        yield (what, pieces.cut, *limit_cells(ratio), *test)
    for item in found.weighted:
        name = f"Fleming-Harrington ({item.rho:g}, {item.gamma:g})"
        yield (name, None, *[None] * 3, *_test(item.test))
    if not found.weighted:
        return
    p = found.max_combo.p if found.max_combo else None
    yield ("max-combo", None, *[None] * 3, None, None, p)


def _test(test: Test | None) -> tuple[float | int | None, ...]:
    return (test.chi2, test.df, test.p) if test else (None, None, None)
