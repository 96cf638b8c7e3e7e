"""Adverse events as arrays: terms, severity, and what a study's values mean.

How a value is read is never hidden: ``Coded.readings`` lists every value of the columns that
decide a count, with its meaning and how often it occurs.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from cachetools import LRUCache, cached

from services.adam_columns import first_of, text
from services.columns import BoolArray
from services.format import level_label
from services.records import FloatArray, IntArray
from services.safety_records import Reading, Severity
from services.study import SUBJECT, Study

NO_CLASS = "No class recorded"
NO_TERM = "Not coded"

_YES = ("Y", "YES", "1", "TRUE")
_NO = ("N", "NO", "0", "FALSE")
# Words for relation in use: ICH E2B, WHO-UMC and sponsors' own. What is only remotely possible
# counts as not related, as regulators' summaries have it.
_RELATED = (
    "Y", "YES", "RELATED", "POSSIBLE", "POSSIBLY RELATED", "POSSIBLY", "PROBABLE",
    "PROBABLY RELATED", "PROBABLY", "LIKELY", "LIKELY RELATED", "HIGHLY PROBABLE", "DEFINITE",
    "DEFINITELY RELATED", "DEFINITELY", "CERTAIN", "SUSPECTED", "REASONABLE POSSIBILITY",
)  # fmt: skip
_NOT_RELATED = (
    "N", "NO", "NOT RELATED", "UNRELATED", "NONE", "REMOTE", "REMOTELY RELATED", "UNLIKELY",
    "UNLIKELY RELATED", "PROBABLY NOT RELATED", "DEFINITELY NOT RELATED", "DOUBTFUL",
    "NOT SUSPECTED", "NO REASONABLE POSSIBILITY",
)  # fmt: skip
# CDISC's controlled terms for action taken, and the words in use beside them.
_STOPPED = (
    "DRUG WITHDRAWN", "DRUG DISCONTINUED", "PERMANENTLY DISCONTINUED", "DISCONTINUED",
    "TREATMENT DISCONTINUED", "STUDY DRUG DISCONTINUED", "WITHDRAWN",
)  # fmt: skip
_CHANGED = (
    "DOSE REDUCED", "DOSE INCREASED", "DOSE RATE REDUCED", "DRUG INTERRUPTED", "DOSE INTERRUPTED",
    "DOSE DELAYED", "DOSE HELD", "DRUG HELD", "DOSE MODIFIED", "TEMPORARILY INTERRUPTED",
)  # fmt: skip
_UNCHANGED = ("DOSE NOT CHANGED", "NONE", "NOT APPLICABLE", "NO ACTION TAKEN", "NO ACTION")
_SEVERITIES = ("MILD", "MODERATE", "SEVERE", "LIFE-THREATENING", "LIFE THREATENING", "FATAL")
_SERIOUS_CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")


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
    unknown : why something is not recorded at all, by name ("serious", "stopped", ...)
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
    readings: tuple[Reading, ...]


@cached(LRUCache(32), key=lambda study: study.sha256, lock=threading.Lock())
def coded(study: Study) -> Coded | None:
    """The adverse events of a study; ``None`` if it has no such table."""
    frame = study.adverse_events
    if frame is None:
        return None
    readings: list[Reading] = []
    unknown: dict[str, str] = {}
    subject = study.subjects.index.get_indexer(pd.Index(frame[SUBJECT])).astype(np.int64)
    term, terms, classes, soc_of = _terms(frame)
    severity, grade = _severity(frame, readings)
    severe = np.zeros(len(frame), dtype=bool)
    if severity is None:
        unknown["severe"] = "no severity or grade is recorded (AETOXGR, AESEV)"
    else:
        inside = np.array([level in severity.severe for level in severity.levels] + [False])
        severe = inside[grade]
    serious = _serious(frame, readings, unknown)
    related = _related(frame, readings, unknown)
    stopped, changed = _action(frame, readings, unknown)
    fatal = _fatal(frame, severity, grade, readings, unknown)
    emergent = _emergent(frame, readings, unknown)
    start = _days(frame, study, subject, "ASTDY", ("ASTDT", "ASTDTM"))
    end = _days(frame, study, subject, "AENDY", ("AENDT", "AENDTM"))
    return Coded(
        subject, term, terms, classes, soc_of, grade, severity, severe, serious, related, emergent,
        stopped, changed, fatal, start, end, unknown, tuple(readings),
    )  # fmt: skip


def _terms(
    frame: pd.DataFrame,
) -> tuple[IntArray, tuple[tuple[str, str], ...], tuple[str, ...], IntArray]:
    term_column = first_of(frame, "AEDECOD", "AEPT", "AETERM")
    class_column = first_of(frame, "AESOC", "AEBODSYS")
    term = text(frame, term_column or "")
    soc = text(frame, class_column or "")
    term, soc = term.where(term != "", NO_TERM), soc.where(soc != "", NO_CLASS)
    soc_codes, classes = pd.factorize(soc, sort=True)
    term_codes, names = pd.factorize(term, sort=True)
    pairs = soc_codes.astype(np.int64) * max(len(names), 1) + term_codes
    found, codes = np.unique(pairs, return_inverse=True)
    soc_of = found // max(len(names), 1)
    listed = tuple(
        (str(classes[s]), str(names[t]))
        for s, t in zip(soc_of, found % max(len(names), 1), strict=True)
    )
    return codes.astype(np.int64), listed, tuple(map(str, classes)), soc_of.astype(np.int64)


def _severity(frame: pd.DataFrame, readings: list[Reading]) -> tuple[Severity | None, IntArray]:
    """CTCAE grades if there are any, else severity in the study's own words."""
    none = np.full(len(frame), -1, dtype=np.int64)
    graded = first_of(frame, "AETOXGR", "ATOXGR")
    if graded:
        values = text(frame, graded)
        found = values.map(_grade)
        if (found >= 0).any():
            made = Severity(
                graded,
                ("1", "2", "3", "4", "5"),
                tuple(f"Grade {i}" for i in range(1, 6)),
                ("3", "4", "5"),
                "CTCAE grade",
                "Grade 3 or higher",
                "Grade ≥ 3",
            )
            _read(readings, graded, "Grade", values, lambda v: _grade_words(v))
            return made, found.to_numpy(dtype=np.int64)
    worded = first_of(frame, "AESEV", "ASEV")
    if worded:
        values = text(frame, worded)
        upper = values.str.upper()
        levels = tuple(level for level in _SEVERITIES if (upper == level).any())
        if levels:
            made = Severity(
                worded,
                levels,
                tuple(map(level_label, levels)),
                tuple(level for level in levels if _SEVERITIES.index(level) >= 2),
                "Severity (no CTCAE grades recorded)",
                "Severe",
                "Severe",
            )
            _read(
                readings, worded, "Severity", values,
                lambda v: level_label(v.upper()).lower() if v.upper() in levels else "no severity",
            )  # fmt: skip
            return made, upper.map({v: i for i, v in enumerate(levels)}).fillna(-1).to_numpy(
                dtype=np.int64
            )
    return None, none


def _grade(value: str) -> int:
    """Index of a CTCAE grade: "3", "Grade 3" -> 2; -1 for anything else."""
    match = re.fullmatch(r"(?:GRADE\s*)?([1-5])(?:\.0)?", value.strip().upper())
    return int(match[1]) - 1 if match else -1


def _grade_words(value: str) -> str:
    grade = _grade(value)
    return f"grade {grade + 1}" if grade >= 0 else "no grade"


def _read(
    readings: list[Reading], column: str, question: str, values: pd.Series, mean: Any
) -> None:
    counts = values.value_counts(sort=False)
    for value in sorted(counts.index):
        readings.append(
            Reading(column, question, value or "(blank)", mean(value), int(counts[value]))
        )


def _flag(values: pd.Series) -> BoolArray:
    return np.asarray(values.str.upper().isin(_YES).to_numpy(), dtype=bool)


def _yes_no(yes: str, no: str, blank: str) -> Any:
    def mean(value: str) -> str:
        upper = value.upper()
        return yes if upper in _YES else no if upper in _NO else blank

    return mean


def _serious(frame: pd.DataFrame, readings: list[Reading], unknown: dict[str, str]) -> BoolArray:
    column = first_of(frame, "AESER")
    if column:
        values = text(frame, column)
        _read(readings, column, "Serious", values,
              _yes_no("serious", "not serious", "not stated, counted as not serious"))  # fmt: skip
        return _flag(values)
    criteria = [c for c in _SERIOUS_CRITERIA if c in frame and frame[c].notna().any()]
    if not criteria:
        unknown["serious"] = "seriousness is not recorded (AESER)"
    result = np.zeros(len(frame), dtype=bool)
    for name in criteria:
        values = text(frame, name)
        _read(readings, name, "Serious", values,
              _yes_no("serious", "not serious by this", "not serious by this"))  # fmt: skip
        result |= _flag(values)
    return result


def _related(frame: pd.DataFrame, readings: list[Reading], unknown: dict[str, str]) -> BoolArray:
    column = first_of(frame, "AREL", "AEREL", "RELGR1")
    if column is None:
        unknown["related"] = "relation to treatment is not recorded (AEREL)"
        return np.zeros(len(frame), dtype=bool)
    values = text(frame, column)

    def mean(value: str) -> str:
        upper = value.upper()
        if upper in _RELATED:
            return "related"
        if upper in _NOT_RELATED:
            return "not related"
        return "not stated, counted as not related"

    _read(readings, column, "Related", values, mean)
    return np.asarray(values.str.upper().isin(_RELATED).to_numpy(), dtype=bool)


def _action(
    frame: pd.DataFrame, readings: list[Reading], unknown: dict[str, str]
) -> tuple[BoolArray, BoolArray]:
    column = first_of(frame, "AEACN")
    values = text(frame, column or "")
    if column is None or not values.str.upper().isin([*_STOPPED, *_CHANGED, *_UNCHANGED]).any():
        why = "action taken is not recorded (AEACN)"
        unknown["stopped"] = unknown["changed"] = why
        nothing = np.zeros(len(frame), dtype=bool)
        return nothing, nothing

    def mean(value: str) -> str:
        upper = value.upper()
        if upper in _STOPPED:
            return "treatment stopped"
        if upper in _CHANGED:
            return "dose changed or interrupted"
        return "treatment unchanged" if upper in _UNCHANGED else "not stated, counted as unchanged"

    _read(readings, column, "Action taken", values, mean)
    upper = values.str.upper()
    return upper.isin(_STOPPED).to_numpy(), upper.isin(_CHANGED).to_numpy()


def _fatal(
    frame: pd.DataFrame,
    severity: Severity | None,
    grade: IntArray,
    readings: list[Reading],
    unknown: dict[str, str],
) -> BoolArray:
    """Grade 5, fatal by its own flag, or fatal by its outcome: any of the three."""
    result = np.zeros(len(frame), dtype=bool)
    known = False
    if severity is not None and severity.levels[-1] in ("5", "FATAL"):
        result |= grade == len(severity.levels) - 1
        known = True
    column = first_of(frame, "AESDTH")
    if column:
        values = text(frame, column)
        _read(readings, column, "Fatal", values, _yes_no("fatal", "not fatal", "not fatal"))
        result |= _flag(values)
        known = True
    column = first_of(frame, "AEOUT")
    if column:
        values = text(frame, column)
        _read(readings, column, "Outcome", values,
              lambda v: "fatal" if v.upper() == "FATAL" else "not fatal")  # fmt: skip
        result |= (values.str.upper() == "FATAL").to_numpy()
        known = True
    if not known:
        unknown["fatal"] = "fatal outcome is not recorded (AESDTH, AEOUT, grade 5)"
    return result


def _emergent(frame: pd.DataFrame, readings: list[Reading], unknown: dict[str, str]) -> BoolArray:
    column = first_of(frame, "TRTEMFL")
    if column is None:
        unknown["emergent"] = "no event is flagged as treatment-emergent (TRTEMFL)"
        return np.ones(len(frame), dtype=bool)
    values = text(frame, column)
    no = "not treatment-emergent"
    _read(readings, column, "Treatment-emergent", values, _yes_no("treatment-emergent", no, no))
    return _flag(values)


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
