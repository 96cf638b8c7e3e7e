"""An endpoint's records of the chosen subjects, and the strata they are in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from services import names
from services.arrays import BoolArray, FloatArray
from services.study import population as pop
from services.study.labels import MISSING_LABEL
from services.study.model import Endpoint, Study
from services.study.records import Stratum
from services.units import DAYS_PER_UNIT
from services.values.frames import with_columns
from services.views.study import View


def endpoint_records(study: Study, endpoint_id: str, mask: np.ndarray) -> pd.DataFrame:
    """Rows of ``study.times`` of one endpoint for the subjects in ``mask``, with their arm."""
    own = study.endpoint_rows(endpoint_id)
    rows = study.subject_rows[own]
    inside = (rows >= 0) & mask[rows]
    found: pd.DataFrame = study.times.iloc[own[inside]]
    arm = study.subjects["ARM_PLANNED"].to_numpy()[rows[inside]]
    return with_columns(found, ARM_PLANNED=arm)


def measured(records: pd.DataFrame, unit: str) -> tuple[FloatArray, BoolArray, Any]:
    """Time in ``unit``, whether there was an event, and the planned arm of each record."""
    return (
        records["TIME"].to_numpy(dtype=float) / DAYS_PER_UNIT[unit],
        records["EVENT"].to_numpy(dtype=bool),
        records["ARM_PLANNED"].to_numpy(dtype=str),
    )


def competed(records: pd.DataFrame, endpoint: Endpoint) -> BoolArray:
    """Whether a record's time ended with what can happen instead of the endpoint's event."""
    event = records["EVENT"].to_numpy(dtype=bool)
    if not endpoint.competing:
        return np.zeros_like(event)
    found: BoolArray = records["EVENT_TYPE"].isin(endpoint.competing).to_numpy() & ~event
    return found


def ended(records: pd.DataFrame, endpoint: Endpoint) -> BoolArray:
    """Whether a record's time ended with an event of any kind, and not with its observation."""
    found: BoolArray = records["EVENT"].to_numpy(dtype=bool) | competed(records, endpoint)
    return found


def entry_of(records: pd.DataFrame, unit: str) -> FloatArray | None:
    """Entry times in ``unit``; ``None`` where everyone is observed from the start on."""
    if "ENTRY" not in records or not (records["ENTRY"] > 0).any():
        return None
    return records["ENTRY"].to_numpy(dtype=float) / DAYS_PER_UNIT[unit]


def without_entry(study: Study, endpoint_id: str) -> str | None:
    """Why a page without entry times has no numbers of an endpoint; ``None`` if it has."""
    late = study.delayed(endpoint_id)
    if not late:
        return None
    label = study.endpoint(endpoint_id).label
    return (
        f"{names.count(late, 'patient')} came under observation after the start of {label} (entry"
        " times). This page would count them as observed from the start on; the survival,"
        " subgroups and risk models pages count them from their entry."
    )


def still_at_risk(
    records: pd.DataFrame, arms: Iterable[str], time: float, unit: str
) -> dict[str, int]:
    """Patients of each arm who came before ``time`` and whose own time is not before it."""
    times, _, planned = measured(records, unit)
    there = times >= time
    if (entry := entry_of(records, unit)) is not None:
        there &= (entry < time) | (entry == 0)
    return {arm: int(np.count_nonzero(there[planned == arm])) for arm in arms}


def strata_codes(study: Study, columns: Sequence[str], subjects: pd.Series) -> np.ndarray | None:
    """One code per subject for the crossing of ``columns``; NaN where a value is missing."""
    if not columns:
        return None
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    combined = np.zeros(len(rows))
    for name in columns:
        codes, levels = pop.level_codes(study, name)
        combined = combined * len(levels) + np.where(codes < 0, np.nan, codes)[rows]
    return combined


def facet_levels(study: Study, column: str, subjects: pd.Series) -> np.ndarray:
    """Each subject's level of a column; ``None`` is a missing value, "" no column."""
    if not column:
        return np.full(len(subjects), "", dtype=object)
    codes, levels = pop.level_codes(study, column)
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    found: np.ndarray = np.array([*levels, None], dtype=object)[codes[rows]]
    return found


def strata_names(study: Study, columns: Sequence[str], subjects: pd.Series) -> pd.Series:
    """The stratum of each subject in words: "<= 1 year / F"; "" without strata.

    Words alone do not tell strata apart: a level may hold " / ". The codes do.
    """
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    names = pd.Series("", index=subjects.index)
    for name in columns:
        codes, levels = pop.level_codes(study, name)
        texts = np.array([*levels, f"({MISSING_LABEL.lower()})"], dtype=object)[codes[rows]]
        names = names.where(names == "", names + " / ") + texts
    return names


def strata_told(study: Study, view: View, subjects: pd.Series) -> tuple[Stratum, ...]:
    """What is said of what comparisons are made within."""
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    labels = {c.name: c.label for c in pop.filter_columns(study)}
    told = []
    for name in view.factors:
        codes = pop.level_codes(study, name)[0][rows]
        missing, constant = int((codes < 0).sum()), bool(len(codes) and (codes == codes[0]).all())
        label = labels.get(name, name)
        told.append(
            Stratum(name, label, missing, name not in view.strata, constant and not missing)
        )
    return tuple(told)
