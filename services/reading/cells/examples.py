"""Which cells of a column are meant: up to three, with their value, patient and row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from services.errors import SHOWN, short
from services.study.model import SUBJECT, Finding
from services.values.frames import is_coded, number_text


@dataclass(frozen=True, eq=False)
class Cells:
    """A column by its distinct values.

    Attributes
    ----------
    frame : the table
    codes : the level of each row, -1 for missing
    levels : the distinct values, texts or numbers
    """

    frame: pd.DataFrame
    codes: Any
    levels: Any

    @classmethod
    def of(cls, frame: pd.DataFrame, values: Any) -> Cells:
        """A column of texts, numbers or dates; levels that no row has are left out."""
        if is_coded(values):
            values = values.cat.remove_unused_categories()
            return cls(frame, values.cat.codes.to_numpy(), values.cat.categories.to_numpy())
        codes, levels = pd.factorize(values)
        return cls(frame, codes, np.asarray(levels))

    def count(self, chosen: Any) -> int:
        """How many cells hold one of the levels chosen (a mask)."""
        return int(np.append(chosen, False)[self.codes].sum())

    def examples(self, chosen: Any) -> str:
        """Up to three of these cells, each level once: 2020-02 (P5, row 3)."""
        found = []
        for level in np.flatnonzero(chosen):
            rows = np.flatnonzero(self.codes == level)
            if len(rows):
                found.append(f"{self.text(level)} ({self._where(int(rows[0]))})")
            if len(found) == SHOWN:
                break
        return ", ".join(found)

    def text(self, level: Any) -> str:
        """A level as it is written, cut where it is long."""
        value = self.levels[level]
        if isinstance(value, np.datetime64):
            return str(value.astype("datetime64[D]"))
        return short(value if isinstance(value, str) else number_text(float(value)))

    def _where(self, row: int) -> str:
        who = self.frame[SUBJECT].iloc[row] if SUBJECT in self.frame else None
        named = isinstance(who, str) and who
        return f"{short(who)}, row {row + 1}" if named else f"row {row + 1}"


def told(
    table: str,
    cells: Cells,
    chosen: Any,
    message: str,
    remedy: str,
    after: str = "",
    severity: Literal["warning", "note"] = "warning",
) -> Finding:
    """What is said of some cells of a table: the message, examples behind it, and ``after``."""
    text = f"{table}: {message} {cells.examples(chosen)}.{after}"
    return Finding(severity, text, remedy, cells.count(chosen))


def cells_hold(count: int, what: str) -> str:
    """How many cells hold something.

    >>> cells_hold(1, "no number"), cells_hold(2, "partial dates")
    ('1 cell contains no number', '2 cells contain partial dates')
    """
    return f"1 cell contains {what}" if count == 1 else f"{count:,} cells contain {what}"


def count_as(count: int) -> str:
    """The verb that goes on."""
    return "counts as missing" if count == 1 else "count as missing"
