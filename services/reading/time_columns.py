"""Which column of a plain table is the time to the event, and in which unit, by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from services import lists
from services.reading.cells.rules import TimeUnit
from services.values.event_words import plain

_LISTS = lists.beside(__file__)
_UNIT_WORDS: dict[TimeUnit, set[str]] = {
    unit: {*lists.words(text)} for unit, text in _LISTS["units"].items()
}

_TIMED, _NO_OUTCOME = ({*lists.words(_LISTS["times"][of])} for of in ("outcome", "other"))


def time_column(frame: pd.DataFrame, taken: Collection[str]) -> str:
    """The one column of numbers whose words say a time to something; "" where several may be it.

    A name that tells its unit goes before one that does not.

    Parameters
    ----------
    taken : columns that are something else
    """
    scored: dict[str, int] = {}
    for column in map(str, frame.columns):
        words = _words(column)
        timed = bool(words & _TIMED) or {"follow", "up"} <= words
        values = frame[column]
        number = values.dtype == np.float64 and values.nunique() > 1
        if timed and number and column not in taken and not words & _NO_OUTCOME:
            scored[column] = 1 + bool(unit_of(column))
    best = [column for column, score in scored.items() if score == max(scored.values())]
    return best[0] if len(best) == 1 else ""


def unit_of(column: str) -> Literal["", TimeUnit]:
    """The unit of time a column's name tells.

    >>> unit_of("Months of follow-up"), unit_of("pfs_days"), unit_of("time")
    ('months', 'days', '')
    """
    words = _words(column)
    return next((unit for unit, spellings in _UNIT_WORDS.items() if words & spellings), "")


def _words(column: str) -> set[str]:
    return set(plain(column).split())
