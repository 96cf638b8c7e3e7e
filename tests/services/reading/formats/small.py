"""A small table in several formats."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from services.errors import UserError

LABELS = {"AGE": "Age, years", "ADT": "Analysis Date"}


def small() -> pd.DataFrame:
    """Text, a code that looks like a number, numbers, whole numbers, dates; each with a gap."""
    return pd.DataFrame(
        {
            "USUBJID": ["001", "002", "003"],
            "SEX": ["F", np.nan, "M"],
            "SITEID": ["701", "702", "703"],
            "AGE": [61.0, np.nan, 70.0],
            "BMI": [24.125, -0.1, 1e-7],
            "ADT": np.array(["2020-01-31", "NaT", "1959-12-31"], dtype="datetime64[us]"),
            "NOTE": ["a, b", 'say "x"', "Grüße"],
        }
    )


def as_csv(frame: pd.DataFrame, **options: object) -> bytes:
    return frame.to_csv(index=False, **options).encode()  # type: ignore[call-overload]


def as_xport(frame: pd.DataFrame, tmp_path: Path, version: int) -> bytes:
    path = tmp_path / "table.xpt"
    dates = frame.assign(ADT=[None if pd.isna(d) else d.date() for d in frame["ADT"]])
    pyreadstat.write_xport(
        dates.astype({"SEX": object}).where(dates.notna(), None),
        str(path), file_format_version=version, column_labels=LABELS,
    )  # fmt: skip
    return path.read_bytes()


def as_parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def in_words(problem: UserError, name: str) -> None:
    assert name in problem.message
    assert problem.hint
