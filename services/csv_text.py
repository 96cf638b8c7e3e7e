"""CSV for spreadsheets that run what looks like a formula: text cells are made harmless.

OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")


def safe_cell(value: Any) -> Any:
    """A cell as it may be written; text that starts as a formula does gets an apostrophe.

    >>> safe_cell("=1+2"), safe_cell("-1.5"), safe_cell(-1.5), safe_cell("Drug")
    ("'=1+2", '-1.5', -1.5, 'Drug')
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


class SafeWriter:
    """``csv.writer`` whose text cells are no formulas. Lines end with a line feed."""

    def __init__(self, out: TextIO) -> None:
        self._writer = csv.writer(out, lineterminator="\n")

    def writerow(self, row: Iterable[Any]) -> None:
        """Write one row."""
        self._writer.writerow([safe_cell(cell) for cell in row])

    def writerows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write several rows."""
        for row in rows:
            self.writerow(row)
