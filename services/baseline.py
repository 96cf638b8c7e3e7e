"""The baseline table: who the patients of each arm are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from services import population as pop
from services.format import MISSING
from services.overview_records import (
    BaselineGroups,
    BaselineNumber,
    BaselineRow,
    BaselineTable,
    LevelCount,
    NumberSummary,
    ResponseRate,
)
from services.page_records import FilterColumn, Population
from services.proportions import clopper_pearson
from services.reading.flags import flag
from services.study import Study
from services.view import DAYS_PER_UNIT

ALL = "All"
# What became of treatment and response: known only after the start, so a table of its own.
TREATMENT = ("BOR", "EOTSTT", "DCTREAS", "DCSREAS", "EOSSTT")
EXPOSURE = ("TRTSDT", "TRTEDT")
RESPONDERS = "RESPFL"
TREATED = "SAFFL"


def summarise(values: np.ndarray) -> NumberSummary:
    """Mean, SD and quantiles of an array; NaN is missing.

    >>> s = summarise(np.array([1.0, 2.0, 4.0, np.nan]))
    >>> (s.n, s.missing, s.median, round(s.sd, 3))
    (3, 1, 2.0, 1.528)
    """
    known = values[~np.isnan(values)]
    missing = int(len(values) - len(known))
    if not len(known):
        return NumberSummary(0, missing, None, None, None, None, None, None, None)
    q1, median, q3 = (float(q) for q in np.quantile(known, [0.25, 0.5, 0.75]))
    return NumberSummary(
        n=len(known),
        missing=missing,
        mean=float(known.mean()),
        sd=float(known.std(ddof=1)) if len(known) > 1 else None,
        median=median,
        q1=q1,
        q3=q3,
        low=float(known.min()),
        high=float(known.max()),
    )


def baseline_table(study: Study, population: Population, arms: Sequence[str]) -> BaselineTable:
    """Every characteristic offered as a filter, by arm, for the chosen patients.

    Parameters
    ----------
    arms : names in display order; the last column sums over them if there are several
    """
    columns = tuple(c for c in pop.filter_columns(study) if c.name not in TREATMENT)
    return _table(study, population, arms, columns)


def treatment_table(study: Study, population: Population, arms: Sequence[str]) -> BaselineTable:
    """Time treated, best response, and how treatment and follow-up ended, where known."""
    columns = tuple(
        made
        for name in TREATMENT
        if name in study.subjects.columns and (made := _groups(study, name)) is not None
    )
    table = _table(study, population, arms, columns)
    exposure = _exposure(study, population, arms)
    return replace(table, rows=(exposure, *table.rows)) if exposure else table


def _exposure(study: Study, population: Population, arms: Sequence[str]) -> BaselineNumber | None:
    """Months from the first to the last day of treatment, both counted (ADaM's TRTDURD)."""
    frame = study.subjects
    start, end = EXPOSURE
    if start not in frame.columns or end not in frame.columns:
        return None
    both = [pd.to_datetime(frame[name], errors="coerce") for name in EXPOSURE]
    days = (both[1].dt.normalize() - both[0].dt.normalize()).dt.days.to_numpy(dtype=float) + 1
    if np.isnan(days).all():
        return None
    months = days / DAYS_PER_UNIT["months"]
    known = study.columns.get(end)
    return BaselineNumber(
        "EXPOSURE",
        "Time on treatment or, where none is given, under observation",
        "months",
        known.provenance if known else "observed",
        tuple(summarise(months[mask]) for mask in _masks(study, population, arms)),
    )


def _masks(study: Study, population: Population, arms: Sequence[str]) -> list[np.ndarray]:
    """Chosen patients of each arm, then of all if there are several."""
    planned = study.subjects["ARM_PLANNED"].to_numpy()
    masks = [population.mask & (planned == arm) for arm in arms]
    return [*masks, np.logical_or.reduce(masks)] if len(masks) > 1 else masks


def response_rates(
    study: Study, population: Population, arms: Sequence[str]
) -> tuple[ResponseRate, ...]:
    """Responders of each arm with their exact interval.

    The denominator is the arm's safety population if the study has one, else all assigned to it.
    """
    frame = study.subjects
    said = flag(frame, RESPONDERS)
    if RESPONDERS not in frame.columns or said.lost:
        return ()
    responded = said.yes
    found = []
    for arm in arms:
        chosen = population.mask & (frame["ARM_PLANNED"] == arm).to_numpy()
        denominator = "assigned"
        if TREATED in frame.columns:
            treated = chosen & flag(frame, TREATED).yes
            if treated.any():
                chosen, denominator = treated, "in the safety population"
        n, x = int(chosen.sum()), int((chosen & responded).sum())
        found.append(ResponseRate(arm, x, n, clopper_pearson(x, n), denominator))
    return tuple(found)


def _groups(study: Study, name: str) -> FilterColumn | None:
    values = study.subjects[name]
    levels = sorted({pop.level_text(v) for v in values.dropna()})
    if not levels or len(levels) > pop.MAX_LEVELS:
        return None
    known = study.columns.get(name)
    ordered = [level for level in known.levels if level in levels] if known else []
    ordered += [level for level in levels if level not in ordered]
    missing = int(values.isna().sum())
    return FilterColumn(
        name=name,
        label=known.label if known else name,
        kind="categorical",
        levels=(*ordered, MISSING) if missing else tuple(ordered),
        missing=missing,
    )


def _table(
    study: Study, population: Population, arms: Sequence[str], columns: Sequence[FilterColumn]
) -> BaselineTable:
    masks = _masks(study, population, arms)
    names = (*arms, ALL) if len(arms) > 1 else tuple(arms)
    rows = tuple(_row(study, column, masks) for column in columns)
    return BaselineTable(names, tuple(int(m.sum()) for m in masks), rows)


def _row(study: Study, column: FilterColumn, masks: Sequence[np.ndarray]) -> BaselineRow:
    values = study.subjects[column.name]
    known = study.columns.get(column.name)
    provenance = known.provenance if known else "observed"
    if column.kind == "numeric":
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        return BaselineNumber(
            column.name,
            column.label,
            column.unit,
            provenance,
            tuple(summarise(numbers[mask]) for mask in masks),
        )
    texts = np.array([MISSING if pd.isna(v) else pop.level_text(v) for v in values], dtype=object)
    counts = tuple(tuple(_count(texts[mask] == level) for mask in masks) for level in column.levels)
    return BaselineGroups(column.name, column.label, provenance, column.levels, counts)


def _count(hits: np.ndarray) -> LevelCount:
    n = int(hits.sum())
    return LevelCount(n, 100 * n / len(hits) if len(hits) else None)
