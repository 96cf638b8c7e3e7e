"""Entry times of ADTTE (left truncation): from when on each patient was under observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from services.arrays import BoolArray
from services.errors import SHOWN, UserError, few, short
from services.format import counted
from services.numbers import format_number
from services.reading.formats.table import Table
from services.reading.report import Notes
from services.study.model import SUBJECT, Endpoint
from services.values.frames import text

NAMES = ("ENTRY", "ENTRYDT")  # a time since the start, in the unit of AVAL; a date
DAYS = "days of entry"  # a column of our own while the records are sorted out


def column_of(adtte: Table, said: str, source: str) -> str:
    """The column with the entry times: the one ``said``, else by its name; "" for none.

    Raises
    ------
    UserError : the column said is not there
    """
    if said and said not in adtte.frame:
        raise UserError(
            f"{source}: entry: {adtte.name} has no column {short(said)}.",
            f"Its columns are: {few(adtte.frame.columns)}.",
        )
    if said:
        return said if adtte.frame[said].notna().any() else ""
    return next((n for n in NAMES if n in adtte.frame and _holds_times(adtte.frame[n])), "")


def _holds_times(values: Any) -> bool:
    """Whether most of what is there is a number or a date: a column may be called so by chance."""
    known = values.dropna()
    if pd.api.types.is_datetime64_dtype(known):
        return len(known) > 0
    return bool(pd.to_numeric(known.astype(str), errors="coerce").notna().mean() > 0.5)


def days(adtte: Table, frame: pd.DataFrame, column: str, factor: Any, starts: Any) -> Any:
    """Day of entry of each record, from the start of its time; NaN where none is given.

    Parameters
    ----------
    frame : ADTTE's records, some of them
    factor : (n,) days per unit of AVAL; starts : (n,) start dates, or None

    Raises
    ------
    UserError : what is neither a number nor, with a start, a date
    """
    values = frame[column]
    if pd.api.types.is_datetime64_dtype(values):
        if starts is None:
            raise UserError(
                f"{adtte.name}: {column} holds dates, and no date says when each time starts.",
                "Add STARTDT to ADTTE or RANDDT or TRTSDT to ADSL, or give the time of entry as a"
                " number.",
            )
        found = values.to_numpy().astype("datetime64[D]") - starts
        return np.where(np.isnat(found), np.nan, found.astype(np.int64))
    # A column may have been read as text: "0" and "" are numbers all the same.
    numbers = pd.to_numeric(text(frame, column).replace("", np.nan), errors="coerce")
    bad = (numbers.isna() & values.notna()).to_numpy() | np.isinf(numbers.to_numpy(dtype=float))
    if bad.any():
        _refuse(adtte, frame, bad, f"{column} is no time", text(frame, column)[bad])
    return numbers.to_numpy(dtype=float) * factor


def checked(adtte: Table, frame: pd.DataFrame, column: str, notes: Notes) -> pd.DataFrame:
    """The records with their entry times in ``DAYS``, 0 for "from the start on".

    A parameter without any has none; where some have one, a record without is left out, as by R.

    Parameters
    ----------
    frame : TIME and ``DAYS`` (days, NaN: not given), PARAMCD as a categorical

    Raises
    ------
    UserError : an entry that is not before the end; names column, subject and row
    """
    entry = frame[DAYS].to_numpy(dtype=float)
    code = frame["PARAMCD"].cat.codes.to_numpy()
    delayed = np.isin(code, np.unique(code[entry > 0]))
    missing = delayed & np.isnan(entry)
    if missing.any():
        those = frame[missing]
        for name, rows in text(those, SUBJECT).groupby(text(those, "PARAMCD"), sort=False):
            notes.warn(
                f"{name}: records without {column} left out: {few(rows)}.",
                len(rows),
                "Enter 0 for patients under observation from the start on.",
            )
    early = delayed & (entry < 0)
    if early.any():
        notes.note(f"{column} before the start counts as the start.", int(early.sum()))
    entry = np.where(delayed, np.fmax(entry, 0.0), 0.0)
    late = delayed & ~missing & (entry >= frame["TIME"].to_numpy() * (1 - 1e-9))
    if late.any():
        those = frame[late].head(SHOWN)
        pairs = zip(text(those, column), those["AVAL"], strict=True)
        said = [f"{column} {a}, AVAL {format_number(float(b))}" for a, b in pairs]
        _refuse(adtte, frame, late, f"{column} is not before the end of the time", said)
    kept: pd.DataFrame = frame.assign(**{DAYS: entry})[~missing]
    for name, rows in kept.groupby(text(kept, "PARAMCD"), sort=False):
        if n := int((rows[DAYS] > 0).sum()):
            told = (
                f"{column} of {adtte.name}: {counted(n, 'patient enters', 'patients enter')} late"
            )
            notes.map(f"Entry of {name}", told)
    return kept


def _refuse(
    adtte: Table, frame: pd.DataFrame, bad: BoolArray, what: str, said: Sequence[str]
) -> None:
    rows = np.flatnonzero(bad)[:SHOWN]
    who = [
        f"{short(text(frame, SUBJECT).iloc[i])}, row {int(frame.index[i]) + 1:,}: {short(words)}"
        for i, words in zip(rows, list(said)[:SHOWN], strict=True)
    ]
    n = counted(int(bad.sum()), "record", "records")
    raise UserError(
        f"{adtte.name}: {what} in {n}: {'; '.join(who)}.",
        "A patient is at risk only after entry: correct these values, leave the records out, or"
        " name another column.",
    )


def without_competing(
    endpoints: Sequence[Endpoint], times: pd.DataFrame, notes: Notes
) -> tuple[Endpoint, ...]:
    """The endpoints; one with entry times has no competing events and no types of event.

    The cumulative incidence of several events with entry times is not made here.
    """
    late = set(times["PARAMCD"][times["ENTRY"].to_numpy() > 0])
    made = []
    for endpoint in endpoints:
        if endpoint.id in late and (endpoint.type_column or endpoint.competing):
            notes.warn(
                f"{endpoint.id} has entry times: types of event and competing events are not"
                " analyzed; what competes is censored.",
            )
            endpoint = replace(endpoint, type_column=None, competing=())
        made.append(endpoint)
    return tuple(made)
