"""Columns of Python values, as JSON and spreadsheets give them, by the rules of every format."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from services.errors import few
from services.reading.formats.plain import DATETIME, from_numbers, from_text
from services.reading.units import UNITS, spelling
from services.study.model import Finding
from services.values.frames import categorical, coded, number_text

_NUMBERS = {int, float, bool}
_MOMENTS = {dt.date, dt.datetime}


@dataclass
class Columns:
    """Plain columns while they are made, and what was assumed of them."""

    frame: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def from_columns(columns: Mapping[str, Sequence[Any]], *, typed: bool) -> Columns:
    """Plain columns of lists of values; ``None`` is missing.

    ``typed`` says that nobody would write a word for a missing value.

    Numbers and booleans, dates, and lengths of time stay what they are where a column holds
    nothing else; anything mixed is read as the text it would be in a CSV file.
    """
    made = Columns()
    durations = []
    nested = []
    for name, values in columns.items():
        kinds = {type(value) for value in values if value is not None}
        if kinds & {list, dict}:
            nested.append(name)
        elif kinds <= _NUMBERS:
            made.frame[name] = from_numbers(name, [as_float(v) for v in values])
        elif kinds <= _MOMENTS:
            made.frame[name] = _moments(name, values)
        elif kinds == {dt.timedelta}:
            durations.append(name)
            made.frame[name] = _days(name, values)
        else:
            texts = pa.array([as_text(value) for value in values], pa.string())
            made.frame[name], told = from_text(name, texts, typed=typed)
            made.findings += told
    if nested:
        what = "contains" if len(nested) == 1 else "contain"
        made.notes.append(f"{few(nested)} {what} lists or records: left out.")
    made.notes += say_days(made.frame, durations)
    return made


def count_words(columns: Mapping[str, Sequence[Any]], words: frozenset[str]) -> Counter[str]:
    """How often each column holds one of some texts."""
    found = {
        name: sum(isinstance(v, str) and v in words for v in values)
        for name, values in columns.items()
    }
    return Counter({name: n for name, n in found.items() if n})


def _moments(name: str, values: Sequence[Any]) -> pd.Series:
    plain = [None if v is None else v.isoformat() for v in values]
    return pd.Series(np.array(plain, dtype=DATETIME), name=name)


def _days(name: str, values: Sequence[dt.timedelta | None]) -> pd.Series:
    microsecond = dt.timedelta(microseconds=1)
    days = [np.nan if v is None else v / microsecond / TICKS_PER_DAY["us"] for v in values]
    return pd.Series(days, name=name, dtype=np.float64)


def as_float(value: float | None) -> float:
    """A number as a double; missing, or beyond a double's range, as NaN."""
    try:
        return np.nan if value is None else float(value)
    except OverflowError:  # a whole number beyond a double's range is no measurement
        return np.nan


def as_text(value: Any) -> str | None:
    """A value as a CSV file would hold it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value) if np.isfinite(value) else None
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat().removesuffix("T00:00:00")
    return json.dumps(value) if isinstance(value, (list, dict)) else str(value)


TICKS_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def say_days(columns: dict[str, Any], durations: Sequence[str]) -> list[str]:
    """Notes on columns of durations, which were read as days.

    The unit of such an AVAL is known, so AVALU becomes DAYS, whatever it said.
    """
    if not durations:
        return []
    notes = [
        f"{few(durations)} {'holds' if len(durations) == 1 else 'hold'} durations: read as days."
    ]
    aval = next((name for name in durations if name.upper() == "AVAL"), None)
    if aval is None:
        return notes
    unit = next((name for name in columns if name.upper() == "AVALU"), "AVALU")
    if unit in columns:
        _, texts = coded(pd.DataFrame({unit: columns[unit]}, copy=False), unit)
        others = sorted({t for t in texts if t and UNITS.get(spelling(t)) != "days"})
        if others:
            notes.append(
                f"{unit} says {few(others)}, but {aval} is a duration: the unit is not used."
            )
    columns[unit] = categorical(np.zeros(len(columns[aval]), dtype=np.int8), ["DAYS"])
    return notes
