"""Tables with dates as they are written, read and settled, for tests."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from services.reading.cells.rules import ValueRules
from services.reading.cells.stand_ins import settle
from services.reading.formats.read import read_table
from services.study.model import Finding


def read(
    text: dict[str, list[str]] | str, rules: ValueRules | None = None, role: str = "adsl"
) -> tuple[pd.DataFrame, list[Finding]]:
    """A table written as CSV, read and settled as the only one of its study."""
    if isinstance(text, dict):
        n = len(next(iter(text.values())))
        rows = [f'P{i + 1},{",".join(chr(34) + v[i] + chr(34) for v in text.values())}'
                for i in range(n)]  # fmt: skip
        text = "\n".join([f"USUBJID,{','.join(text)}", *rows])
    table = read_table(text.encode(), "t.csv", categories=True)
    tables, findings = settle({role: table}, rules or ValueRules())
    return tables[role].frame, findings


def days(values: list[str | None]) -> list[object]:
    return [None if v is None else dt.date.fromisoformat(v) for v in values]


def dates_of(column: pd.Series) -> list[object]:
    assert pd.api.types.is_datetime64_any_dtype(column), column.tolist()
    return [None if pd.isna(v) else v.date() for v in column]


EPOCHS = {"sas": dt.date(1960, 1, 1), "unix": dt.date(1970, 1, 1), "excel": dt.date(1899, 12, 30)}


def numbers(dates: list[dt.date], epoch: str) -> list[str]:
    """Dates as the days since the start of an epoch."""
    return [str((d - EPOCHS[epoch]).days) for d in dates]
