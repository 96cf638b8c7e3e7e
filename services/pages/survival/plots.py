"""What the survival page shows beside its curves: types of event, hazards and means over time.

Each is computed only when the page asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from services import survival
from services.pages.survival import changing, competing
from services.pages.survival.records import (
    Competing,
    Facet,
    HazardsOverTime,
    MeanOverTime,
    TypesOfEvent,
)
from services.statistics.competing import gray, incidence
from services.statistics.results import CumulativeIncidence, SurvivalResult, or_reason
from services.statistics.rmst import difference, rmst_of
from services.statistics.steps import steps_of
from services.study.model import Endpoint
from services.study.rows import ended, entry_of, measured
from services.values.natural import natural_key
from services.views.study import View

MEAN_POINTS = 40
OTHER = "Type not stated"

# The order SMM is read in: organ damage first, then what only a test shows, then death.
_TYPE_ORDER = ("CRAB", "SLiM", "Progression", "Malignancy")


def available(
    endpoint: Endpoint, records: pd.DataFrame, arms: int, adjusted: bool = False
) -> tuple[str, ...]:
    """The plots these records allow, what leads first."""
    types = set(records["EVENT_TYPE"].unique()) - {""}
    if endpoint.competing and event_types(records):
        plots = ["types", "curves"]
    else:
        plots = ["curves", "types"] if len(types) > 1 else ["curves"]
    if arms > 1:
        plots += ["hazards", "means", *(["adjusted"] if adjusted else [])]
    return tuple(plots)


def event_types(records: pd.DataFrame) -> tuple[str, ...]:
    """Types of event in these records, in reading order; unnamed events come last."""
    types = set(records["EVENT_TYPE"].unique()) - {""}
    known = [t for t in _TYPE_ORDER if t in types]
    rest = sorted((t for t in types if t not in known and t != "Death"), key=natural_key)
    last = ["Death"] if "Death" in types else []
    unnamed = (records["EVENT"] & (records["EVENT_TYPE"] == "")).any()
    return (*known, *rest, *last, *([OTHER] if unnamed else []))


def types_of_event(records: pd.DataFrame, view: View) -> TypesOfEvent:
    """Aalen-Johansen incidence of each type per arm, and Gray's test per type.

    ``records`` : TIME (days), EVENT, EVENT_TYPE, ARM_PLANNED
    """
    types = event_types(records)
    named = records["EVENT_TYPE"].where(
        (records["EVENT_TYPE"] != "") | ~records["EVENT"].to_numpy(), OTHER
    )
    codes = named.map({name: i for i, name in enumerate(types, start=1)}).fillna(0)
    cause = codes.to_numpy(dtype=np.int64)
    time, _, arm = measured(records, view.unit)
    tests = tuple(
        or_reason(gray.gray_test, time, cause, arm, cause_of_interest=code, cause_name=name)
        for code, name in enumerate(types, start=1)
    )
    ratios = competing.ratios(records, cause, types, view)
    said = competing.SAID if ratios else ""
    return TypesOfEvent(types, _incidences(records, cause, types, view), tests, ratios, said)


def _incidences(
    records: pd.DataFrame, cause: np.ndarray, causes: tuple[str, ...], view: View
) -> tuple[CumulativeIncidence, ...]:
    """Of each arm that has patients."""
    time, _, arm = measured(records, view.unit)
    return tuple(
        incidence.cumulative_incidence(
            time[arm == name],
            cause[arm == name],
            causes=causes,
            ci=view.ci,
            level=view.level,
            landmarks=view.at,
            arm=name,
        )
        for name in view.arms
        if (arm == name).any()
    )


def competing_events(endpoint: Endpoint, records: pd.DataFrame, view: View) -> Competing | None:
    """Aalen-Johansen incidence of the event and of what competes with it, per arm.

    All events are one cause here, whatever their types; ``None`` where nothing competes.
    """
    if not endpoint.competing:
        return None
    codes = {name: i for i, name in enumerate(endpoint.competing, start=2)}
    other = records["EVENT_TYPE"].astype(object).map(codes).fillna(0).to_numpy(dtype=np.int64)
    cause = np.where(records["EVENT"].to_numpy(dtype=bool), 1, other)
    causes = (endpoint.event, *endpoint.competing)
    return Competing(causes, _incidences(records, cause, causes, view))


def hazards_over_time(
    records: pd.DataFrame, view: View, strata: np.ndarray | None = None
) -> tuple[HazardsOverTime, ...]:
    """Scaled Schoenfeld residuals of each arm against the reference.

    Parameters
    ----------
    strata : (n,) codes; the residuals are then those of the stratified model
    """
    time, event, arm = measured(records, view.unit)
    entry = entry_of(records, view.unit)
    reference = view.arms[0]
    found = []
    for name in view.arms[1:]:
        both = (arm == reference) | (arm == name)
        both &= True if strata is None else ~np.isnan(strata)
        answer = or_reason(
            survival.schoenfeld,
            time[both],
            event[both],
            arm[both] == name,
            strata=None if strata is None else strata[both],
            entry=None if entry is None else entry[both],
            level=view.level,
            names=(reference, name),
        )
        change = changing.of_pair(records, view, name, strata)
        residuals, reason = answer
        found.append(HazardsOverTime(name, reference, residuals, reason, change))
    return tuple(found)


def means_over_time(view: View, result: SurvivalResult) -> tuple[MeanOverTime, ...]:
    """Difference in restricted means for horizons up to where both arms are followed."""
    reference = view.arms[0]
    curves = {c.arm: c for c in result.curves}
    found = []
    for name in view.arms[1:]:
        if name not in curves or reference not in curves:
            continue
        end = min(float(curves[side].time[-1]) for side in (name, reference))
        if end == 0:
            continue  # an arm that nobody was followed in has no mean
        horizons = np.linspace(end / MEAN_POINTS, end, MEAN_POINTS)
        sides = [steps_of(curves[side]) for side in (name, reference)]
        rows = [
            difference(
                rmst_of(sides[0], float(tau), view.level, view.ci),
                rmst_of(sides[1], float(tau), view.level, view.ci),
                view.level,
                view.ci,
            )
            for tau in horizons
        ]
        values = np.array(
            [[np.nan if v is None else v for v in (r.estimate, r.lower, r.upper)] for r in rows]
        )
        found.append(MeanOverTime(name, reference, horizons, *values.T))
    return tuple(found)


def facets(
    records: pd.DataFrame,
    endpoint: Endpoint,
    codes: np.ndarray,
    levels: Mapping[int, tuple[str, str]],
    view: View,
) -> tuple[tuple[int, Facet], ...]:
    """The same analysis within each level of a factor, with the level's code.

    Parameters
    ----------
    codes : (n,) level of each record; levels : code -> (level, label), in display order
    """
    found = []
    for code, (level, label) in levels.items():
        rows = codes == code
        if not rows.any():
            continue
        result = survival.analyse(
            *measured(records[rows], view.unit),
            entry=entry_of(records[rows], view.unit),
            arms=view.arms,
            ci=view.ci,
            level=view.level,
            landmarks=view.at,
            tau=view.tau,
            ended=ended(records[rows], endpoint),
        )
        found.append((code, Facet(level, label, int(rows.sum()), result)))
    return tuple(found)
