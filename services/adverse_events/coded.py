"""Adverse events as arrays: terms, severity, and what a study's values mean.

How a value is read is never hidden: ``Coded.readings`` lists every value of the columns that
decide a count, with its meaning and how often it occurs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from services.adverse_events.meanings import event_values
from services.adverse_events.records import Reading, Severity
from services.adverse_events.terms import event_terms
from services.arrays import BoolArray, FloatArray, IntArray
from services.names import isolated
from services.study.memory import remembered
from services.study.model import SUBJECT, Study
from services.values.frames import first_of
from services.views.study import View

AFTER_LAST_DOSE = 30  # days in which an event still counts


@dataclass(frozen=True, eq=False)
class Coded:
    """Adverse events of a study, one entry per row of ``study.adverse_events``.

    Attributes
    ----------
    subject : row of ``study.subjects``
    term : code of a (class, term) pair of ``terms``; ``classes`` are in order of ``soc`` codes,
        ``soc_of`` has the class of each pair
    grade : index into ``severity.levels``, -1 without
    severe, serious, related, emergent : whether
    stopped, changed, fatal : whether treatment was withdrawn, its dose changed, the subject died
    start, end : study days (the first dose is day 1, the day before it -1), NaN if unknown
    unknown : why something is not recorded, or not understood, at all, by name ("serious", ...)
    partly : what part of the values behind a count was not understood, by name
    """

    subject: IntArray
    term: IntArray
    terms: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    soc_of: IntArray
    grade: IntArray
    severity: Severity | None
    severe: BoolArray
    serious: BoolArray
    related: BoolArray
    emergent: BoolArray
    stopped: BoolArray
    changed: BoolArray
    fatal: BoolArray
    start: FloatArray
    end: FloatArray
    unknown: Mapping[str, str]
    partly: Mapping[str, str]
    readings: tuple[Reading, ...]


@remembered(32, key=lambda study: ())
def coded(study: Study) -> Coded | None:
    """The adverse events of a study; ``None`` if it has no such table."""
    frame = study.adverse_events
    if frame is None:
        return None
    subject = study.subjects.index.get_indexer(pd.Index(frame[SUBJECT])).astype(np.int64)
    named, values = event_terms(frame), event_values(frame)
    return Coded(
        subject=subject,
        term=named.term,
        terms=named.pairs,
        classes=named.classes,
        soc_of=named.soc_of,
        grade=values.grade,
        severity=values.severity,
        **values.flags,
        start=_days(frame, study, subject, "ASTDY", ("ASTDT", "ASTDTM")),
        end=_days(frame, study, subject, "AENDY", ("AENDT", "AENDTM")),
        unknown=values.unknown,
        partly=values.partly,
        readings=tuple(values.readings),
    )


def _days(
    frame: pd.DataFrame, study: Study, subject: IntArray, column: str, dates: tuple[str, ...]
) -> FloatArray:
    """Study days as given, else from a date and the day of the first dose; there is no day 0."""
    days = np.full(len(frame), np.nan)
    if column in frame and pd.api.types.is_numeric_dtype(frame[column]):
        days = frame[column].to_numpy(dtype=float, na_value=np.nan).copy()
    first = first_dose(study)
    dated = first_of(frame, *dates)
    if first is not None and dated and pd.api.types.is_datetime64_any_dtype(frame[dated]):
        day = frame[dated].dt.normalize().reset_index(drop=True)
        since = day - first.iloc[subject].reset_index(drop=True)
        delta = since.dt.days.to_numpy(dtype=float)
        counted = np.where(delta >= 0, delta + 1, delta)
        days = np.where(np.isnan(days), counted, days)
    return days


def event_label(name: str) -> str:
    """A term or class as a person reads it; those all in capitals become a sentence's words.

    >>> event_label("APPLICATION SITE PRURITUS"), event_label("RASH"), event_label("COVID-19")
    ('Application site pruritus', 'Rash', 'COVID-19')
    """
    words = name.isupper() and len(name) > 3 and not any(c.isdigit() for c in name)
    return name.capitalize() if words else name


def date_column(study: Study, *names: str) -> pd.Series[Any] | None:
    """The first of these columns of the subjects that holds dates, at midnight."""
    for name in names:
        if name in study.subjects:
            values = study.subjects[name]
            if pd.api.types.is_datetime64_any_dtype(values) and values.notna().any():
                return pd.Series(values.dt.normalize())
    return None


def first_dose(study: Study) -> pd.Series[Any] | None:
    """Day of each subject's first dose, ``None`` if the study has no such date."""
    return date_column(study, "TRTSDT", "TRTSDTM")


NO_TABLE = "This study has no adverse event table (ADAE)."


def limits(view: View, events: Coded) -> str:
    """What the view leaves of the events: "grade 3 or higher, serious", "" for all of them."""
    found = []
    if view.grade == "severe" and events.severity:
        found.append(events.severity.severe_title.lower())
    return ", ".join([*found, *view.only])


def event_words(label: str, view: View, events: Coded) -> str:
    """What a first event is one of: "Anemia (grade 3 or higher)"; any event for ""."""
    only = limits(view, events)
    if not label:
        return f"Any {only} adverse event" if only else "Any adverse event"
    return f"{isolated(label)} ({only})" if only else label
