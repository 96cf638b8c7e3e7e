"""Dates of the subjects as days, as a study's own times count; among them those of assessments."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from services import lists, names
from services.arrays import FloatArray
from services.study.memory import remembered
from services.study.model import SUBJECT, Study

_TEXTS = lists.beside(__file__)
ORIGIN = lists.words(_TEXTS["origin"])
_NAMED = re.compile(_TEXTS["assessment"]["names"])
_LABELED = re.compile(_TEXTS["assessment"]["labels"], re.IGNORECASE)
_NOT = re.compile(_TEXTS["assessment"]["never"], re.IGNORECASE)


@remembered(64)
def of(study: Study) -> tuple[str, ...]:
    """Date columns of the subjects that can be counted from a start, without those of starts."""
    found = [str(c) for c in study.subjects if _is_date(study, str(c))]
    if "START" not in study.times and not any(c in found for c in ORIGIN):
        return ()
    return tuple(c for c in found if c not in ORIGIN)


def days(study: Study, endpoint: str, key: str) -> tuple[FloatArray, float]:
    """Days of a date of each subject, and of the start, as the times of an endpoint count."""
    first, _ = first_day(study, endpoint)
    return _between(starts(study, endpoint), study.subjects[key]) + first, first


def starts(study: Study, endpoint: str) -> np.ndarray:
    """The date (subjects,) from which each subject's time of an endpoint is counted, or NaT."""
    frame = study.subjects
    origin = next((c for c in ORIGIN if c in frame and _is_date(study, c)), "")
    found = np.full(len(frame), np.datetime64("NaT", "D"))
    if origin:
        found = frame[origin].to_numpy().astype("datetime64[D]")
    if "START" in study.times:
        records = study.times.iloc[study.endpoint_rows(endpoint)]
        own = records["START"].to_numpy().astype("datetime64[D]")
        found[frame.index.get_indexer(pd.Index(records[SUBJECT]))] = own
    return found


def shift(study: Study, key: str, endpoint: str) -> FloatArray:
    """Days to add to each subject's time of one endpoint, to count it as another is counted."""
    apart: FloatArray = np.zeros(len(study.subjects))
    if "START" in study.times:
        begun = pd.Series(starts(study, key))
        apart = np.nan_to_num(_between(starts(study, endpoint), begun))
    firsts = [study.endpoint(e).first_day for e in (endpoint, key)]
    if firsts[0] is not None and firsts[1] is not None:
        apart = apart + firsts[0] - firsts[1]
    return apart


def first_day(study: Study, endpoint: str) -> tuple[float, str]:
    """What the day of the start counts as, 1 or 0, and in words why that is assumed.

    The dates of ADTTE tell ("" is said then), those of this endpoint or those of all others that
    tell; else the times that are a date of the subjects, in most of them; else it is day 1.
    """
    own = study.endpoint(endpoint).first_day
    if own is not None:
        return own, ""
    others = {e.first_day for e in study.endpoints if e.first_day is not None}
    if len(others) == 1:
        return others.pop(), "assumed, as for the other endpoints"
    votes = {0.0: 0, 1.0: 0}
    records = study.times.iloc[study.endpoint_rows(endpoint)]
    rows = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    time, begun = records["TIME"].to_numpy(dtype=float), starts(study, endpoint)
    for key in of(study):
        apart = np.round(time - _between(begun, study.subjects[key])[rows])
        for first in votes:
            votes[first] += int((apart == first).sum())
    if votes[0.0] == votes[1.0]:
        return 1.0, "assumed: no dates tell"
    first = max(votes, key=lambda f: votes[f])
    return first, f"assumed from {names.count(int(votes[first]), 'time')} that end on such a date"


def assessments(study: Study) -> tuple[str, ...]:
    """Dates on which the disease was assessed, by name or label."""
    return tuple(name for name in of(study) if _is_assessment(study, name))


def _is_assessment(study: Study, name: str) -> bool:
    label = study.columns[name].label if name in study.columns else name
    return bool(_NAMED.fullmatch(name) or (_LABELED.search(label) and not _NOT.search(label)))


def last_assessment(
    study: Study, endpoint: str, subjects: pd.Series[str], day: FloatArray
) -> FloatArray:
    """The last day of an assessment by a day (n,) of each of n subjects; NaN where none is."""
    last = np.full(len(day), np.nan)
    rows = study.subjects.index.get_indexer(pd.Index(subjects))
    for key in assessments(study):
        found, first = days(study, endpoint, key)
        seen = np.fmax(found[rows], np.where(np.isnan(found[rows]), np.nan, first))
        last = np.fmax(last, np.where(seen <= day, seen, np.nan))
    return last


def _is_date(study: Study, name: str) -> bool:
    return pd.api.types.is_datetime64_any_dtype(study.subjects[name])


def _between(start: np.ndarray, dates: pd.Series[Any]) -> FloatArray:
    apart = dates.to_numpy().astype("datetime64[D]") - start
    found: FloatArray = np.where(np.isnat(apart), np.nan, apart.astype(np.int64))
    return found
