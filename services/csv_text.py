"""CSV for spreadsheets that run what looks like a formula: text cells are made harmless.

OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import pandas as pd

# An apostrophe before one is doubled, so that two names never become one.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")
# A note is not quoted: spreadsheets split it where they split rows.
# What keeps names from right to left apart on a screen is no part of them.
_ISOLATES = dict.fromkeys((0x2068, 0x2069))
_CELL_IN_NOTE = re.compile(r"([,;|\t]\s*\"*\s*)(?=[=+\-@])")


def safe_cell(value: Any) -> Any:
    """A cell as it may be written; text that starts as a formula does gets an apostrophe.

    Marks of direction that a sentence sets around a name are left out.

    >>> safe_cell("=1+2"), safe_cell("-1.5"), safe_cell(-1.5), safe_cell("Drug")
    ("'=1+2", '-1.5', -1.5, 'Drug')
    """
    if not isinstance(value, str):
        return value
    text = value.translate(_ISOLATES)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def write_notes(out: TextIO, notes: Iterable[tuple[str, str]]) -> None:
    """Lines that start with #, before the table: what the numbers are."""
    for label, text in notes:
        line = " ".join(f"{label}: {text}".translate(_ISOLATES).split())
        out.write("# " + _CELL_IN_NOTE.sub(r"\1'", line) + "\n")


class SafeWriter:
    """``csv.writer`` whose text cells are no formulas. Lines end with a line feed."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.writer(_LineFeeds(out))

    def writerow(self, row: Iterable[Any]) -> None:
        """Write one row."""
        self._writer.writerow([safe_cell(cell) for cell in row])

    def writerows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write several rows."""
        for row in rows:
            self.writerow(row)


class _LineFeeds:
    """Takes whole rows: before 3.13 ``csv`` quotes a CR only where it may end a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, row: str) -> None:
        self._out.write(row.removesuffix("\r\n") + "\n")


def write_table(out: io.StringIO, columns: Iterable[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A table with its header; ``None`` is an empty cell. The text written so far."""
    writer = SafeWriter(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def write_frame(out: io.StringIO, frame: pd.DataFrame) -> str:
    """As ``write_table``; missing values are empty cells."""
    columns = [frame[name].astype(object).where(frame[name].notna(), "") for name in frame]
    return write_table(out, frame.columns, zip(*columns, strict=True))
