"""Which column of a plain table is the time to the event, and in which unit, by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from services.reading.cells.rules import TimeUnit
from services.values.event_words import plain

_UNIT_WORDS: dict[TimeUnit, set[str]] = {
    "hours": {"hour", "hours", "hr", "hrs", "stunden", "heures", "horas", "ore"},
    "days": {"day", "days", "tage", "tagen", "jours", "dias", "giorni", "dagen"},
    "weeks": {"week", "weeks", "wk", "wks", "wochen", "semaines", "semanas", "settimane"},
    "months": {"month", "months", "mo", "mos", "mth", "mths", "monate", "monaten", "mois", "meses",
               "mesi", "maanden"},
    "years": {"year", "years", "yr", "yrs", "jahre", "jahren", "ans", "annees", "anos", "anni",
              "jaren"},
}  # fmt: skip

# Words of a time to an event, or to the last visit; and those of other times, which are none.
_TIMED = {"time", "times", "followup", "fu", "survival", "progression", "os", "pfs", "dfs", "efs",
          "rfs", "ttp", "observation", "observed", "watched", "followed", "zeit", "dauer", "temps",
          "suivi", "seguimiento", "nachbeobachtung", "beobachtung"}  # fmt: skip
_NO_OUTCOME = {"age", "alter", "diagnosis", "diagnosed", "diag", "since", "before", "first", "dose",
               "treatment", "therapy", "event", "status", "date",
               "censor", "censored", "response", "percent"}  # fmt: skip


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
