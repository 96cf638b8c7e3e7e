"""From which date each time is counted, and whether that date is its day 1 or its day 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from services.reading.units import DAYS_PER
from services.study.dates import ORIGIN
from services.values.frames import first_of, rows_of

ROW = "the subject's row"  # a column of our own while the records are sorted out
STARTS = ("STARTDT", "STARTDTM", "RANDDT", "RANDDTM", "TRTSDT", "TRTSDTM")
ENDS = ("ADT", "ADTM")
_MOST = 0.9  # of the records, where times in other units than days are rounded


def days_between(frame: pd.DataFrame, subjects: pd.DataFrame) -> Any:
    """Whole days from the start to the analysis date; ``None`` without such columns.

    ``frame`` holds records of known subjects, with ``ROW``.
    """
    end, first = _ends(frame), starts(frame, subjects)
    return None if end is None or first is None else _whole_days(end, first)


def starts(frame: pd.DataFrame, subjects: pd.DataFrame) -> Any:
    """The start date of each record, its own or its subject's; ``None`` without such a column."""
    own = first_of(frame, *STARTS)
    name = own or first_of(subjects, *STARTS)
    return None if name is None else _dates(frame if own else subjects, name, frame)


def clocks(frame: pd.DataFrame, subjects: pd.DataFrame) -> tuple[dict[str, float], Any]:
    """How the times of each parameter count.

    Parameters
    ----------
    frame : ADTTE's records with PARAMCD, AVAL, TIME (days) and ``ROW``

    Returns
    -------
    The first day (1.0 or 0.0) of each parameter whose AVAL, ADT and start tell it; and the start
    of each record (n,) as datetime64[D], ``None`` where all are the subjects' own (``ORIGIN``).
    """
    of_subjects = [d for c in ORIGIN if (d := _dates(subjects, c, frame)) is not None]
    found = [d for c in ORIGIN if (d := _dates(frame, c, frame)) is not None] + of_subjects
    if not found:
        return {}, None
    usual = of_subjects[0] if of_subjects else np.full(len(frame), np.datetime64("NaT", "D"))
    chosen, end, known = found[0].copy(), _ends(frame), {}
    for code, rows in rows_of(frame["PARAMCD"]).items() if end is not None else ():
        aval, time = (frame[c].to_numpy(dtype=float)[rows] for c in ("AVAL", "TIME"))
        best = 0
        for start in found:
            first, fit = first_day(aval, time, _whole_days(end[rows], start[rows]))
            if first is not None and fit > best:
                known[code], best = first, fit
                chosen[rows] = start[rows]
    chosen = np.where(np.isnat(chosen), usual, chosen)
    same = (chosen == usual) | (np.isnat(chosen) & np.isnat(usual))
    return known, None if same.all() else chosen


def first_day(aval: Any, time: Any, days: Any) -> tuple[float | None, int]:
    """What the first day of times counts as, and how many records it fits.

    Parameters
    ----------
    aval, time : (n,) values in their unit, and in days; days : (n,) from start to end by dates

    Returns
    -------
    1.0 where AVAL = ADT - start + 1, 0.0 where AVAL = ADT - start, ``None`` where dates tell
    neither: no dates, as many records for the one as for the other, or few for both.
    """
    both = np.isfinite(time) & np.isfinite(days)
    aval, time, days = aval[both], time[both], days[both]
    if not len(time):
        return None, 0
    unit = float(np.max(np.divide(time, aval, out=np.zeros(len(time)), where=aval > 0)))
    rounded = next((0.5 / 10**d for d in range(4) if np.allclose(aval, np.round(aval, d))), 0.0)
    near = max(0.5, rounded * unit) + 1e-6
    fits = {first: int((np.abs(time - days - first) <= near).sum()) for first in (1.0, 0.0)}
    first = max(fits, key=lambda f: fits[f])
    needed = len(time) * (0.5 if unit <= DAYS_PER["days"] else _MOST)
    told = fits[1.0] != fits[0.0] and fits[first] > needed
    return (first, fits[first]) if told else (None, 0)


def _ends(frame: pd.DataFrame) -> Any:
    name = first_of(frame, *ENDS)
    return None if name is None else _dates(frame, name, frame)


def _dates(table: pd.DataFrame, name: str, frame: pd.DataFrame) -> Any:
    """A column of dates for each record of ``frame``; ``None`` where it holds no dates."""
    if first_of(table, name) is None or not pd.api.types.is_datetime64_dtype(table[name]):
        return None
    days = table[name].to_numpy().astype("datetime64[D]")
    return days if table is frame else days[frame[ROW].to_numpy()]


def _whole_days(end: Any, start: Any) -> Any:
    days = end - start
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))
