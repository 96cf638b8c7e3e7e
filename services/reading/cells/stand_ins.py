"""Dates and study days that stand in for missing ones, row by row; all values settled by rule.

ADaM's analysis date wins; where a row has none, the date and time, then the collected date
(ISO 8601 text) and for adverse events the study day are asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services import lists
from services.names import count
from services.reading.cells.dates import read_column, settle_dates
from services.reading.cells.quantities import settle_numbers
from services.reading.cells.rules import ValueRules
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values.frames import with_columns

STAND_INS = {
    role: {name: lists.words(others) for name, others in names.items()}
    for role, names in lists.beside(__file__).items()
}
# The study day of an event, and the collected one; both only where the row has no date.
STUDY_DAYS = {"ASTDY": ("AESTDY", "ASTDT"), "AENDY": ("AEENDY", "AENDT")}


def stand_in(role: str, table: Table, rules: ValueRules) -> tuple[Table, list[Finding]]:
    """The table with missing dates taken from the columns that stand in for them."""
    frame, findings = table.frame, []
    made: dict[str, Any] = {}
    for plain, others in STAND_INS[role].items():
        name = plain
        if plain not in frame and f"{plain}M" in frame:  # which pages know too
            name = f"{plain}M"
        column = _dates(frame, name)
        if not np.isnat(column).any():
            continue
        taken = []
        for other in others:
            missing = np.isnat(column)
            if other == name or other not in frame or not missing.any():
                continue
            dates, notes = _other(table, other, missing, rules)
            use = missing & ~np.isnat(dates)
            if use.any():
                column = np.where(use, dates.astype("datetime64[D]").astype(dates.dtype), column)
                taken.append(f"{other} ({count(int(use.sum()), 'row')})")
            findings += notes
        if taken:
            made[name] = column
            why = "where it is missing" if name in frame else "which is absent"
            findings.append(
                Finding("note", f"{table.name}: {name} taken from {' and '.join(taken)}, {why}.")
            )
    if made:
        frame = with_columns(frame, **made)
    if role == "adae":
        frame = _days(frame, table.name, findings)
    return (table if frame is table.frame else replace(table, frame=frame)), findings


def _dates(frame: pd.DataFrame, name: str) -> Any:
    """A column of dates; all missing if there is no such column, or it could not be read."""
    if name in frame and pd.api.types.is_datetime64_any_dtype(frame[name]):
        return frame[name].to_numpy().astype("datetime64[us]")
    return np.full(len(frame), np.datetime64("NaT", "us"))


def _other(table: Table, name: str, missing: Any, rules: ValueRules) -> tuple[Any, list[Finding]]:
    values = table.frame[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.to_numpy().astype("datetime64[us]"), []
    nothing = np.full(len(values), np.datetime64("NaT", "us"))
    if not name.endswith("DTC") or pd.api.types.is_numeric_dtype(values):
        return nothing, []
    # Only what is asked is told: beside an analysis date a collected one may well be partial.
    needed = replace(table, frame=table.frame[missing])
    if not needed.frame[name].notna().any():
        return nothing, []
    column, findings = read_column(needed, name, rules)
    dates = nothing.copy()
    dates[missing] = column
    return dates, findings


def _days(frame: pd.DataFrame, name: str, findings: list[Finding]) -> pd.DataFrame:
    made = {}
    for day, (collected, date) in STUDY_DAYS.items():
        days, other = _numbers(frame, day), _numbers(frame, collected)
        zero, undated = days == 0, np.isnat(_dates(frame, date))
        taken = np.isnan(days) & undated & np.isfinite(other) & (other != 0)
        if taken.any():
            days = np.where(taken, other, days)
            rows = count(int(taken.sum()), "row")
            message = f"{name}: study day {collected} used in {rows} without {date} and {day}."
            findings.append(Finding("note", message))
        if zero.any():
            days = np.where(zero, np.nan, days)
            findings.append(
                Finding(
                    "warning",
                    f"{name}: {day} is 0 for events, but there is no study day 0: the day before "
                    "the first dose is -1. The date is used instead, where available.",
                    "Number the day of the first dose as day 1.",
                    int(zero.sum()),
                )
            )
        if zero.any() or taken.any():
            made[day] = days
    return with_columns(frame, **made) if made else frame


def _numbers(frame: pd.DataFrame, name: str) -> Any:
    """A column of numbers; all missing if there is none of that name."""
    if name in frame and frame[name].dtype == np.float64:
        return frame[name].to_numpy()
    return np.full(len(frame), np.nan)


def settle(tables: dict[str, Table], rules: ValueRules) -> tuple[dict[str, Table], list[Finding]]:
    """The tables with dates and numbers where pages need them, and what was lost on the way.

    Parameters
    ----------
    tables : by role ("adsl", "adtte", "adae"), with names in capitals
    rules : what ``study.toml`` says of the values

    Raises
    ------
    UserError : times or censoring that are not numbers
    """
    tables, findings = settle_dates(tables, rules)
    tables, told = settle_numbers(tables, rules)
    findings += told
    for role, table in tables.items():
        tables[role], told = stand_in(role, table, rules)
        findings += told
    return tables, findings
