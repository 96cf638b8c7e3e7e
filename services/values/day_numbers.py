"""Numbers that stand for dates: days, seconds or milliseconds since an epoch.

SAS counts from 1960, Unix and R from 1970, Excel from the end of 1899. Numbers alone do not say
which; the other dates of a study do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Unit = Literal["days", "seconds", "milliseconds"]

NAMES = {"sas": "SAS", "unix": "Unix or R", "excel": "Excel"}
SINCE = {"sas": "1960-01-01", "unix": "1970-01-01", "excel": "1899-12-30"}
EPOCHS = {name: np.datetime64(day, "us") for name, day in SINCE.items()}
_MICRO = {"days": 86_400_000_000, "seconds": 1_000_000, "milliseconds": 1_000}
_CANDIDATES = {"days": ("sas", "unix", "excel"), "seconds": ("sas", "unix"),
               "milliseconds": ("unix",)}  # fmt: skip
_TRIALS = (np.datetime64("1970-01-01", "us"), np.datetime64("2050-01-01", "us"))
_SMALL = 1_000
_YEAR = np.timedelta64(365 * 86_400_000_000, "us")
FAR, APART = 10 * _YEAR, 2 * _YEAR


def unit_of(numbers: Any) -> Unit | None:
    """What numbers count, by their size; ``None`` if they are no dates of a trial in any unit."""
    size = float(np.median(np.abs(numbers)))
    if size < 100_000:
        return "days"
    if 1e8 <= size < 1e10:
        return "seconds"
    return "milliseconds" if 1e11 <= size < 1e13 else None


def is_of_a_trial(numbers: Any, unit: Unit) -> bool:
    """Whether the middle of some numbers is a date of a trial from any epoch: flags and counts
    of days are not."""
    if unit == "days" and np.median(np.abs(numbers)) < _SMALL:
        return False
    middle = [to_dates([np.median(numbers)], unit, epoch)[0] for epoch in _CANDIDATES[unit]]
    return any(_TRIALS[0] <= date < _TRIALS[1] for date in middle)


def to_dates(numbers: Any, unit: Unit, epoch: str) -> Any:
    """Numbers as datetime64[us]; NaT for those beyond the years 1900 to 2100."""
    found = np.asarray(numbers, dtype=np.float64)
    micro = found * _MICRO[unit]
    # Four centuries on either side keep the overflow away.
    sane = np.isfinite(micro) & (np.abs(micro) < 1.3e16)
    whole = np.round(np.where(sane, micro, 0.0)).astype(np.int64)
    dates = EPOCHS[epoch] + whole.astype("timedelta64[us]")
    sane &= (dates >= np.datetime64("1900-01-01")) & (dates < np.datetime64("2101-01-01"))
    dates[~sane] = np.datetime64("NaT")
    return dates


@dataclass(frozen=True)
class Epoch:
    """An epoch, or "" where it is not known; and how it is known."""

    name: str = ""
    why: str = ""


def choose_epochs(
    columns: Sequence[tuple[Any, Unit, bool]], known: Sequence[Any], said: str
) -> list[Epoch]:
    """The epoch of each column of numbers.

    Parameters
    ----------
    columns : numbers, what they count, and whether the file is one of SAS
    known : the middle date of each column of dates the study has besides, datetime64
    said : what ``study.toml`` says, "" if nothing
    """
    if said:
        return [
            Epoch(said if said in _CANDIDATES[unit] else "unix", "as stated in study.toml")
            for _, unit, _ in columns
        ]
    middles = [
        {e: to_dates([np.median(n)], unit, e)[0] for e in _CANDIDATES[unit]}
        for n, unit, _ in columns
    ]
    if not len(known):
        return _alone(columns, middles)
    return [
        _beside(middle, known, of_sas)
        for middle, (_, _, of_sas) in zip(middles, columns, strict=True)
    ]


def _alone(
    columns: Sequence[tuple[Any, Unit, bool]], middles: Sequence[dict[str, Any]]
) -> list[Epoch]:
    """Without another date: the first epoch in which all are dates of a trial. Days between two
    dates are then right whatever the epoch is."""
    why = (
        "no other date in the study confirms this; the days between these dates are the same in"
        " any case"
    )
    for epoch in EPOCHS:
        # Milliseconds are always Unix's.
        told = [m[epoch] for m in middles if epoch in m]
        if all(_TRIALS[0] <= date < _TRIALS[1] for date in told):
            return [Epoch(epoch if epoch in m else "unix", why) for m in middles]
    return [Epoch() for _ in columns]


def _beside(middle: dict[str, Any], known: Sequence[Any], of_sas: bool) -> Epoch:
    low, high = min(known), max(known)
    none = np.timedelta64(0, "us")
    off = sorted(
        (max(low - m, m - high, none), epoch) for epoch, m in middle.items() if not np.isnat(m)
    )
    if off and off[0][0] <= FAR and (len(off) == 1 or off[1][0] - off[0][0] >= APART):
        return Epoch(off[0][1], "which fits the other dates in the study")
    if of_sas and not np.isnat(middle.get("sas", np.datetime64("NaT"))):
        return Epoch("sas", "as in SAS files")
    return Epoch()
