"""How large a table may be, whatever format it came in: rows, columns, names and texts.

What is read is laid out in the memory of the server, and its names stand on every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from services.errors import LONGEST_NAME, UserError, checked_name, few, short
from services.format import counted
from services.reading.columns import known_names
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values.frames import is_coded

MAX_COLUMNS = 5_000
MAX_ROWS = 2_000_000
MAX_CELLS = 50_000_000
MAX_TEXT = 1_000  # characters of a value


def check_names(names: Sequence[str], name: str) -> None:
    """Raise a UserError for no, too many or duplicate column names.

    Case and spaces around a name do not count; columns without one are left out by ``bounded``.
    """
    if not names:
        raise UserError(
            f"{name} has no column names.", "Its first line must contain the column names."
        )
    if len(names) > MAX_COLUMNS:
        raise UserError(
            f"{name} has {len(names):,} columns; at most {MAX_COLUMNS:,} are read.",
            "Keep only the columns of ADSL, ADTTE or ADAE.",
        )
    for column in names:
        checked_name(column, f"A column of {name}")
    told: dict[str, list[str]] = {}
    for column in names:
        if said := column.strip().upper():
            told.setdefault(said, []).append(column.strip())
    twice = [" and ".join(dict.fromkeys(told[said])) for said in sorted(told) if told[said][1:]]
    if twice:
        raise UserError(
            f"{name} has the same column twice: {few(twice)}.",
            "Rename or remove one of them; upper and lower case are the same name.",
        )


def check_cells(rows: int, columns: int, name: str) -> None:
    """Raise a UserError for a table that would not fit the memory, before it is read."""
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise UserError(
            f"{name} has {counted(rows, 'row', 'rows')} of"
            f" {counted(columns, 'column', 'columns')}.",
            f"At most {MAX_ROWS:,} rows and {MAX_CELLS:,} values are read: keep the columns and"
            " parameters that are needed.",
        )


def bounded(table: Table) -> Table:
    """The table without columns of long texts, which are no groups, terms or ids, or of no name.

    Raises
    ------
    UserError : too many rows or values, or a long text in a column of ADaM, which may be needed
    """
    frame, blank = table.frame, [c for c in table.frame if not str(c).strip()]
    if blank:
        frame = frame.drop(columns=blank)
    check_cells(len(frame), len(frame.columns), table.name)
    long = {column: n for column in frame.columns if (n := _longest(frame[column])) > MAX_TEXT}
    for column, n in long.items():
        if str(column).strip().upper() in known_names():
            levels = list(frame[column].cat.categories)
            worst = next(code for code, level in enumerate(levels) if len(level) > MAX_TEXT)
            row = int(np.argmax(frame[column].cat.codes == worst)) + 1
            raise UserError(
                f"{table.name}, {column}, row {row:,} of the data has a text of {n:,} characters:"
                f" “{short(levels[worst])}”.",
                f"Shorten it to at most {MAX_TEXT:,}.",
            )
    said = tuple(
        Finding(
            "note", f"{column} holds texts of up to {n:,} characters: left out.",
            f"Texts of up to {MAX_TEXT:,} characters are read.",
        )
        for column, n in long.items()
    )  # fmt: skip
    if blank:
        said = (
            *said,
            Finding(
                "note",
                f"{counted(len(blank), 'column', 'columns')} without a name left out.",
                "Name what is needed.",
            ),
        )
    return replace(
        table,
        frame=frame.drop(columns=[*long]) if long else frame,
        labels={column: short(label, LONGEST_NAME) for column, label in table.labels.items()},
        findings=(*table.findings, *said),
    )


def _longest(values: Any) -> int:
    """Characters of the longest text of a column; 0 of numbers and dates."""
    return max(map(len, values.cat.categories), default=0) if is_coded(values) else 0
