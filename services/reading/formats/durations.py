"""Lengths of time that a format stores as such: as days, whatever ticks they are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from services.errors import few
from services.reading.units import UNITS, spelling
from services.values.frames import categorical, coded

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
