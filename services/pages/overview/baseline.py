"""The baseline table: who the patients of each arm are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from services.arrays import BoolArray, FloatArray, IntArray
from services.pages.overview import records
from services.statistics.proportions import clopper_pearson
from services.study import population as pop
from services.study.labels import MISSING
from services.study.memory import remembered
from services.study.model import Study
from services.study.records import FilterColumn, Population
from services.units import DAYS_PER_UNIT
from services.values.flags import flag
from services.values.natural import natural_key

ALL = "All"
# What became of treatment and response: known only after the start, so a table of its own.
TREATMENT = ("BOR", "EOTSTT", "DCTREAS", "DCSREAS", "EOSSTT")
EXPOSURE = ("TRTSDT", "TRTEDT")
RESPONDERS = "RESPFL"
TREATED = "SAFFL"
# The status beside a reason for stopping, and what patients without a reason are.
STATUS_OF = {
    "DCTREAS": ("EOTSTT", {"ONGOING": "Still on treatment", "COMPLETED": "Completed treatment"}),
    "DCSREAS": ("EOSSTT", {"ONGOING": "Still in the study", "COMPLETED": "Completed the study"}),
}
NEVER_TREATED = "Never treated"


def summarize(values: np.ndarray) -> records.NumberSummary:
    """Mean, SD and quantiles of an array; NaN is missing.

    >>> s = summarize(np.array([1.0, 2.0, 4.0, np.nan]))
    >>> (s.n, s.missing, s.median, round(s.sd, 3))
    (3, 1, 2.0, 1.528)
    """
    known = values[~np.isnan(values)]
    missing = int(len(values) - len(known))
    if not len(known):
        return records.NumberSummary(0, missing, None, None, None, None, None, None, None)
    with np.errstate(over="ignore", invalid="ignore"):  # sums of what is near the largest number
        q1, median, q3 = (_finite(q) for q in np.quantile(known, [0.25, 0.5, 0.75]))
        mean = _finite(known.mean())
        sd = _finite(known.std(ddof=1)) if len(known) > 1 else None
    return records.NumberSummary(
        n=len(known),
        missing=missing,
        mean=mean,
        sd=sd,
        median=median,
        q1=q1,
        q3=q3,
        low=float(known.min()),
        high=float(known.max()),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def baseline_table(
    study: Study, population: Population, arms: Sequence[str]
) -> records.BaselineTable:
    """Every characteristic offered as a filter, by arm, for the chosen patients.

    Parameters
    ----------
    arms : names in display order; the last column sums over them if there are several
    """
    masks = _masks(study, population, arms)
    columns = (c for c in pop.filter_columns(study) if c.name not in TREATMENT)
    return _table(arms, masks, tuple(_row(study, column, masks) for column in columns))


def treatment_table(
    study: Study, population: Population, arms: Sequence[str]
) -> records.BaselineTable:
    """Time treated, best response, and how treatment and follow-up ended, where known."""
    masks = _masks(study, population, arms)
    rows = tuple(_groups_row(study, *told, masks) for told in _treatment(study))
    exposure = _exposure(study, masks)
    return _table(arms, masks, (exposure, *rows) if exposure else rows)


@remembered(64)
def _treatment(study: Study) -> tuple[tuple[FilterColumn, IntArray], ...]:
    """What is told of treatment: each column, and per subject which of its levels."""
    told = replace(study, subjects=_told(study.subjects))
    made = (_groups(told, name) for name in TREATMENT if name in told.subjects.columns)
    return tuple((column, _codes(column, *_coded(told, column.name))) for column in made if column)


def _coded(study: Study, name: str) -> tuple[IntArray, list[str]]:
    codes, found = pd.factorize(study.subjects[name], use_na_sentinel=True)
    return codes, [pop.level_text(value) for value in found]


def _codes(column: FilterColumn, codes: IntArray, texts: Sequence[str]) -> IntArray:
    """Per subject the place of its level among the column's; behind the last where it has none.

    Parameters
    ----------
    codes : (n,) place among ``texts``; -1 is missing
    """
    place = {level: i for i, level in enumerate(column.levels)}
    others = len(column.levels)
    places = [place.get(text, others) for text in texts] + [place.get(MISSING, others)]
    return np.array(places, dtype=np.int64)[codes]


def _told(subjects: pd.DataFrame) -> pd.DataFrame:
    """Subjects with what a blank means written out where another column tells it.

    Who has no reason for stopping is still on treatment, or has completed it, by the status.
    """
    changed = {}
    for name in TREATMENT:
        if name not in subjects:
            continue
        texts = subjects[name].astype(object)
        blank = texts.isna() | (texts.astype(str).str.strip() == "")
        status, words = STATUS_OF.get(name, ("", {}))
        if status in subjects:
            meant = subjects[status].astype(object).astype(str).str.strip().str.upper().map(words)
            texts = texts.where(~(blank & meant.notna()), meant)
            blank &= meant.isna()
        if TREATED in subjects:
            texts = texts.where(~(blank & flag(subjects, TREATED).no), NEVER_TREATED)
        changed[name] = texts
    return subjects.assign(**changed)


@remembered(64)
def _months(study: Study) -> FloatArray | None:
    """Months from the first to the last day of treatment, both counted (ADaM's TRTDURD)."""
    frame = study.subjects
    start, end = EXPOSURE
    if start not in frame.columns or end not in frame.columns:
        return None
    both = [pd.to_datetime(frame[name], errors="coerce") for name in EXPOSURE]
    days = (both[1].dt.normalize() - both[0].dt.normalize()).dt.days.to_numpy(dtype=float) + 1
    months: FloatArray = days / DAYS_PER_UNIT["months"]
    return None if np.isnan(days).all() else months


def _exposure(study: Study, masks: Sequence[BoolArray]) -> records.BaselineNumber | None:
    months = _months(study)
    if months is None:
        return None
    known = study.columns.get(EXPOSURE[1])
    return records.BaselineNumber(
        "EXPOSURE",
        "Time on treatment or, where none is given, under observation",
        "months",
        known.provenance if known else "observed",
        tuple(summarize(months[mask]) for mask in masks),
    )


def _masks(study: Study, population: Population, arms: Sequence[str]) -> list[BoolArray]:
    """Chosen patients of each arm, then of all if there are several."""
    planned = study.subjects["ARM_PLANNED"].to_numpy()
    masks = [population.mask & (planned == arm) for arm in arms]
    return [*masks, np.logical_or.reduce(masks)] if len(masks) > 1 else masks


def response_rates(
    study: Study, population: Population, arms: Sequence[str]
) -> tuple[records.ResponseRate, ...]:
    """Responders of each planned arm with their exact interval, for each response recorded.

    Of the response at any time (RESPFL) all assigned are counted, without those never treated
    whose response is blank; treated patients with a blank count as without a response. Of other
    flags (RESP...) those with a value are counted: they are about a part of the treatment.
    """
    frame = study.subjects
    names = [n for n in map(str, frame.columns) if n.startswith("RESP") and _is_flag(frame, n)]
    found = []
    # Published ones first, then the response at any time.
    for name in sorted(names, key=lambda n: (_made_up(study, n), n != RESPONDERS)):
        known = study.columns.get(name)
        for arm in arms:
            chosen = population.mask & (frame["ARM_PLANNED"] == arm).to_numpy()
            made = _rate_of(frame, name, chosen)
            if made is not None:
                n, x, words, blank = made
                found.append(
                    records.ResponseRate(
                        arm,
                        x,
                        n,
                        clopper_pearson(x, n),
                        words,
                        known.label if known else "Response",
                        blank,
                        known.provenance if known else "observed",
                    )
                )
    return tuple(found)


def _made_up(study: Study, name: str) -> bool:
    known = study.columns.get(name)
    return known is not None and known.provenance == "illustrative"


def _is_flag(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column says who responded; RESPFL may hold what is not understood beside it."""
    said = flag(frame, name)
    return said.understood and (name == RESPONDERS or not said.odd)


def _rate_of(
    frame: pd.DataFrame, name: str, chosen: np.ndarray
) -> tuple[int, int, str, int] | None:
    """Patients counted, responders, which patients they are, and how many have no record."""
    said = flag(frame, name)
    has = (said.yes | said.no) & chosen
    x = int((chosen & said.yes).sum())
    if name != RESPONDERS:
        n = int(has.sum())
        who = "assigned" if n == int(chosen.sum()) else "with this recorded"
        return (n, x, who, 0) if n else None
    untreated = np.zeros(len(frame), dtype=bool)
    if TREATED in frame:
        untreated = ~flag(frame, TREATED).yes & chosen & ~has
    counted = chosen & ~untreated
    n = int(counted.sum())
    words = "assigned and treated" if untreated.any() else "assigned"
    return n, x, words, int((counted & ~has).sum())


def _groups(study: Study, name: str) -> FilterColumn | None:
    values = study.subjects[name]
    levels = sorted({pop.level_text(v) for v in values.dropna()}, key=natural_key)
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
    arms: Sequence[str], masks: Sequence[BoolArray], rows: tuple[records.BaselineRow, ...]
) -> records.BaselineTable:
    names = (*arms, ALL) if len(arms) > 1 else tuple(arms)
    return records.BaselineTable(names, tuple(int(m.sum()) for m in masks), rows)


def _row(study: Study, column: FilterColumn, masks: Sequence[BoolArray]) -> records.BaselineRow:
    if column.kind == "numeric":
        numbers = study.subjects[column.name].to_numpy(dtype=float, na_value=np.nan)
        return records.BaselineNumber(
            column.name,
            column.label,
            column.unit,
            _provenance(study, column),
            tuple(summarize(numbers[mask]) for mask in masks),
        )
    codes = _codes(column, *pop.level_codes(study, column.name))
    return _groups_row(study, column, codes, masks)


def _groups_row(
    study: Study, column: FilterColumn, codes: IntArray, masks: Sequence[BoolArray]
) -> records.BaselineGroups:
    """Patients of each level; ``codes`` (n,) are places among the column's levels."""
    n = len(column.levels)
    tallies = [np.bincount(codes[mask], minlength=n + 1).tolist() for mask in masks]
    totals = [sum(tally) for tally in tallies]
    counts = tuple(
        tuple(
            records.LevelCount(tally[i], 100 * tally[i] / of if of else None)
            for tally, of in zip(tallies, totals, strict=True)
        )
        for i in range(n)
    )
    provenance = _provenance(study, column)
    return records.BaselineGroups(column.name, column.label, provenance, column.levels, counts)


def _provenance(study: Study, column: FilterColumn) -> str:
    known = study.columns.get(column.name)
    return known.provenance if known else "observed"
