"""Two hazard ratios of each type of event where others compete, and how they differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from services.pages.export import limit_cells
from services.pages.survival.records import CauseRatios, TypesOfEvent
from services.statistics.competing.fine_gray import subdistribution_hazard_ratio
from services.statistics.competing.incidence import cause_specific_hazard_ratio
from services.statistics.results import or_reason
from services.study.rows import measured
from services.views.study import View

SAID = (
    "The cause-specific hazard ratio compares how fast patients who are still free of every event"
    " have this one; the Fine-Gray hazard ratio compares how many have it by any time, so it also"
    " moves with what competes: a treatment that only prevents deaths leaves more patients to have"
    " the event."
)
COLUMNS = (
    *("cs_hr", "cs_lower", "cs_upper", "cs_reason"),
    *("fg_hr", "fg_lower", "fg_upper", "fg_reason"),
)


def ratios(
    records: pd.DataFrame, cause: np.ndarray, types: tuple[str, ...], view: View
) -> tuple[CauseRatios, ...]:
    """Of each type, each arm against the reference, without strata.

    Parameters
    ----------
    records : TIME (days), EVENT, ARM_PLANNED; cause : (n,) codes of ``types`` from 1, 0 censored
    """
    time, _, arm = measured(records, view.unit)
    found = []
    for code, name in enumerate(types, start=1):
        for other in view.arms[1:]:
            both = (arm == view.arms[0]) | (arm == other)
            data = time[both], cause[both], arm[both] == other
            options: dict[str, Any] = {
                "cause_of_interest": code,
                "level": view.level,
                "names": (view.arms[0], other),
            }
            specific = or_reason(cause_specific_hazard_ratio, *data, **options)
            fine_gray = or_reason(subdistribution_hazard_ratio, *data, **options)
            found.append(CauseRatios(name, other, view.arms[0], *specific, *fine_gray))
    return tuple(found)


def cells(extra: TypesOfEvent) -> dict[tuple[str, str], tuple[Any, ...]]:
    """By type and arm, the cells of ``COLUMNS``."""
    return {
        (r.cause, r.arm): (
            *limit_cells(r.cause_specific),
            r.cause_specific_reason,
            *limit_cells(r.subdistribution),
            r.subdistribution_reason,
        )
        for r in extra.ratios
    }
