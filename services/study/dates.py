"""Dates of the subjects as days, as a study's own times count; among them those of assessments."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from services import lists
from services.arrays import FloatArray
from services.study.model import SUBJECT, Study

_TEXTS = lists.beside(__file__)
_ORIGIN = lists.words(_TEXTS["origin"])
_NAMED = re.compile(_TEXTS["assessment"]["names"])
_LABELED = re.compile(_TEXTS["assessment"]["labels"], re.IGNORECASE)
_NOT = re.compile(_TEXTS["assessment"]["never"], re.IGNORECASE)


def of(study: Study) -> list[str]:
    """Date columns of the subjects that can be counted from a start, without those of starts."""
    frame = study.subjects
    found = [str(c) for c in frame if pd.api.types.is_datetime64_any_dtype(frame[c])]
    if not any(c in found for c in _ORIGIN):
        return []
    return [c for c in found if c not in _ORIGIN]


def days(study: Study, key: str) -> tuple[FloatArray, float]:
    """Days of a date of each subject, and of the start: 1 or 0, as the study's own times count."""
    origin = next(c for c in _ORIGIN if c in study.subjects)
    first = _first_day(study, origin)
    return _between(study, origin, key) + first, first


def assessments(study: Study) -> tuple[str, ...]:
    """Dates on which the disease was assessed, by name or label."""
    return tuple(name for name in of(study) if _is_assessment(study, name))


def _is_assessment(study: Study, name: str) -> bool:
    label = study.columns[name].label if name in study.columns else name
    return bool(_NAMED.fullmatch(name) or (_LABELED.search(label) and not _NOT.search(label)))


def last_assessment(study: Study, records: pd.DataFrame, day: FloatArray) -> FloatArray:
    """The last day of an assessment by a day (n,) of each record's patient; NaN where none is."""
    last = np.full(len(day), np.nan)
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    for key in assessments(study):
        found, first = days(study, key)
        seen = np.fmax(found[rows], np.where(np.isnan(found[rows]), np.nan, first))
        last = np.fmax(last, np.where(seen <= day, seen, np.nan))
    return last


def _between(study: Study, origin: str, key: str) -> FloatArray:
    start, when = (study.subjects[c].dt.normalize() for c in (origin, key))
    found: FloatArray = (when - start).dt.days.to_numpy(dtype=float, na_value=np.nan)
    return found


def _first_day(study: Study, origin: str) -> float:
    """1 if most times that are a date of the subjects count the first day as day 1, else 0."""
    votes = {0.0: 0, 1.0: 0}
    rows = study.subjects.index.get_indexer(pd.Index(study.times[SUBJECT]))
    time = study.times["TIME"].to_numpy(dtype=float)
    for key in of(study):
        apart = np.round(time - _between(study, origin, key)[rows])
        for first in votes:
            votes[first] += int((apart == first).sum())
    return 0.0 if votes[0.0] > votes[1.0] else 1.0
