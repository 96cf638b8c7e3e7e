"""Small studies of patients who progress, are treated and die, for tests of their states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from services.reading.build import build
from services.reading.formats.table import Table
from services.study.model import Study

# One record: endpoint, day, whether it happened, and what.
Record = tuple[str, float, bool, str]
LABELS = {
    "PFS": "Progression-free survival (days)",
    "FLT": "Time to first-line treatment (days)",
    "OS": "Overall survival (days)",
}


def study_of(
    patients: Sequence[tuple[str, Sequence[Record]]],
    meta: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] = LABELS,
) -> Study:
    """A study of (arm, records) pairs; patients are called P1, P2, ..."""
    rows = [
        {
            "USUBJID": f"P{i}",
            "TRTP": arm,
            "PARAMCD": code,
            "PARAM": labels[code],
            "AVAL": day,
            "AVALU": "DAYS",
            "CNSR": 0 if happened else 1,
            "EVNTDESC": what,
            "SEX": "FM"[i % 2],
        }
        for i, (arm, records) in enumerate(patients, start=1)
        for code, day, happened, what in records
    ]
    return build(None, Table(pd.DataFrame(rows), {}, "adtte.csv"), None, id="courses", meta=meta)


def course(
    progression: float | None = None,
    treatment: float | None = None,
    death: float | None = None,
    end: float = 100,
) -> list[Record]:
    """Records of a patient seen until ``end`` or death."""
    last = end if death is None else death
    free = progression if progression is not None else last
    told = "Progression" if progression is not None else "Death" if death is not None else ""
    return [
        ("PFS", free, bool(told), told),
        ("FLT", treatment if treatment is not None else last, treatment is not None, ""),
        ("OS", last, death is not None, "Death" if death is not None else ""),
    ]
