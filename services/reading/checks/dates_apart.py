"""Whole columns of dates that lie where no date of the study should: a wrong year or epoch.

A column read from the wrong epoch is off by ten years and looks like dates all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from services.adverse_events.coded import AFTER_LAST_DOSE
from services.errors import SHOWN
from services.study.model import SUBJECT, Finding
from services.values.frames import coded

_FIRST = ("TRTSDT", "TRTSDTM")
_LAST_DOSE = ("TRTEDT", "TRTEDTM")
_CONTACT = ("LSTALVDT", "EOSDT", "EOSDTM", "RFENDT")
_DEATH = ("DTHDT", "DTHDTM")
_YEAR = 365
_LONG_TREATMENT = 9 * _YEAR
_REMEDY = (
    "Compare the years with those of the other dates. Day numbers of SAS count from 1960, of Unix"
    " and R from 1970: epoch under [dates] in study.toml says which."
)


def far_dates(subjects: pd.DataFrame, events: pd.DataFrame | None) -> Iterator[Finding]:
    """Columns most of whose dates lie outside the time their patients were watched.

    Parameters
    ----------
    subjects : indexed by subject
    events : adverse events, each of a subject of these, or ``None``
    """
    first_name, first = _column(subjects, _FIRST)
    if not first_name:
        return
    ends = [_column(subjects, names) for names in (_LAST_DOSE, _CONTACT, _DEATH)]
    for name, dates in ends:
        if name:
            days, what = _days(dates, first), f"{name} is before the first dose ({first_name})"
            yield from _wrong(days, days < 0, what, subjects.index)
    yield from _long_treatment(*ends[0], first_name, first)
    (contact_name, contact), (death_name, death) = ends[1:]
    days, what = _days(death, contact), f"{death_name} is more than a year after {contact_name}"
    yield from _wrong(days, days > _YEAR, what, subjects.index)
    if events is not None:
        yield from _events(subjects, events, first, ends)


def _column(frame: pd.DataFrame, names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of these columns that holds dates, as days; "" and all missing without one."""
    for name in names:
        if name in frame and pd.api.types.is_datetime64_any_dtype(frame[name]):
            days = frame[name].to_numpy().astype("datetime64[D]")
            if not np.isnat(days).all():
                return name, days
    return "", np.full(len(frame), np.datetime64("NaT", "D"))


def _days(later: Any, earlier: Any) -> Any:
    """Days between two dates as numbers, NaN where one is missing."""
    days = later - earlier
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))


def _most(wrong: Any, known: Any) -> bool:
    return 2 * int(wrong.sum()) > int(known.sum())


def _wrong(days: Any, wrong: Any, what: str, who: Any) -> Iterator[Finding]:
    """What is said where most of the days between two dates, of all patients, are wrong."""
    known = int(np.isfinite(days).sum())
    if _most(wrong, np.isfinite(days)):
        yield Finding(
            "warning",
            f"{what} for {int(wrong.sum()):,} of {known:,} patients with both, such as"
            f" {', '.join(map(str, who[wrong][:SHOWN]))}.",
            _REMEDY,
            int(wrong.sum()),
        )


def _long_treatment(name: str, last: Any, first_name: str, first: Any) -> Iterator[Finding]:
    days = _days(last, first)
    days = days[np.isfinite(days)]
    if len(days) and float(np.median(days)) > _LONG_TREATMENT:
        yield Finding(
            "warning",
            f"{name} is {np.median(days) / 365.25:.0f} years after {first_name} at the median. Is "
            "that correct?",
            _REMEDY,
        )


def _events(
    subjects: pd.DataFrame, events: pd.DataFrame, first: Any, ends: list[tuple[str, Any]]
) -> Iterator[Finding]:
    name, start = _column(events, ("ASTDT", "ASTDTM"))
    if not name:
        return
    who, names = coded(events, SUBJECT)
    rows = subjects.index.get_indexer(pd.Index(names))[who]
    allowed = [np.timedelta64(AFTER_LAST_DOSE, "D"), *[np.timedelta64(0, "D")] * 2]
    last = np.fmax.reduce([dates + more for (_, dates), more in zip(ends, allowed, strict=True)])
    early, late = _days(start, first[rows]) < 0, _days(start, last[rows]) > 0
    known = ~np.isnat(start) & ~np.isnat(first[rows]) & (rows >= 0)
    wrong = (early | late) & known
    if not _most(wrong, known):
        return
    at = np.flatnonzero(wrong)[:SHOWN]
    examples = ", ".join(f"{start[i]} ({names[who[i]]})" for i in at)
    years = float(np.median(_days(start, np.where(early, first[rows], last[rows]))[wrong])) / 365.25
    off = f", by a median of {abs(years):.1f} years" if abs(years) >= 1 else ""
    yield Finding(
        "warning",
        f"Most adverse events start outside the patients' observation time{off}:"
        f" {int(wrong.sum()):,} of {int(known.sum()):,} by {name}, such as {examples}. They are "
        "not counted in any rate.",
        _REMEDY,
        int(wrong.sum()),
    )
