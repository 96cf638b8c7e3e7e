"""How much each comparison of the survival page rests on, as numbers and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from services import format as fmt
from services import names
from services.json_text import to_json
from services.pages.survival.records import SIMULATED, Robustness, SurvivalPage
from services.pages.survival.words import ratio_words
from services.statistics.results import Comparison, SurvivalResult
from services.statistics.tipping import TippingPoint, tipping
from services.study.model import Study
from services.study.rows import competed, entry_of, measured
from services.views.study import View


def of_result(
    records: pd.DataFrame,
    view: View,
    study: Study,
    result: SurvivalResult,
    strata: np.ndarray | None,
) -> dict[str, Robustness]:
    """By arm, how much its comparison with the reference rests on.

    Parameters
    ----------
    records : TIME (days), EVENT, EVENT_TYPE, ARM_PLANNED; strata : (n,) codes, or none
    """
    time, event, arm = measured(records, view.unit)
    entry = entry_of(records, view.unit)
    left = competed(records, study.endpoint(view.endpoint))
    found = {}
    for comparison in result.comparisons:
        both = (arm == comparison.reference) | (arm == comparison.arm)
        both &= True if strata is None else ~np.isnan(strata)
        ratios, points = tipping(
            time[both],
            event[both],
            arm[both] == comparison.arm,
            left=left[both],
            strata=None if strata is None else strata[both],
            entry=None if entry is None else entry[both],
            level=view.level,
            names=(comparison.reference, comparison.arm),
        )
        said = [_sentence(point, comparison, view) for point in points]
        said += [SIMULATED] if study.kind == "simulated" else []
        found[comparison.arm] = Robustness(ratios, points, tuple(dict.fromkeys(said)))
    return found


def _sentence(point: TippingPoint, comparison: Comparison, view: View) -> str:
    if point.k is None or point.hazard_ratio is None:
        return f"{names.capital(point.reason or '')}."
    interval = f"{fmt.level(view.level)} CI"
    if point.k == 0:
        return f"The {interval} includes 1 as it is, without any further event."
    more = "one further event" if point.k == 1 else f"{point.k:,} further events"
    who = "patient" if point.k == 1 else f"{point.k:,} patients"
    was = "was" if point.k == 1 else "were"
    return (
        f"With {more} {names.on(point.arm)}, when the {who} censored earliest {was} last seen,"
        f" the {interval} would include 1 ({ratio_words(point.hazard_ratio, view, True)})."
    )


def in_json(page: SurvivalPage, comparison: Comparison) -> dict[str, Any]:
    """The keys of a comparison that say how much it rests on."""
    found = page.robustness.get(comparison.arm)
    if found is None:
        return {}
    made = to_json(found)
    for item in (*made["tipping"], *made["points"]):
        ratio = item["hazard_ratio"]
        item["hazard_ratio"] = ratio and {k: ratio[k] for k in ("estimate", "lower", "upper")}
    return {
        "tipping": made["tipping"],
        "tipping_points": made["points"],
        "tipping_words": made["sentences"],
    }


def in_csv(page: SurvivalPage) -> list[tuple[str, str]]:
    """Lines for the head of a CSV, with all digits."""
    lines = []
    for arm, found in page.robustness.items():
        about = f"How much {names.arm(arm)} versus {names.arm(page.view.arms[0])} rests on"
        lines.append((about, " ".join(found.sentences)))
        for step in found.tipping:
            ratio = step.hazard_ratio
            numbers = (
                f"hazard ratio {ratio.estimate!r} ({ratio.lower!r} to {ratio.upper!r})"
                if ratio
                else f"not estimable: {step.reason}"
            )
            more = f"{names.count(step.k, 'further event')} {names.on(step.arm)}"
            lines.append((more, numbers))
    return lines
