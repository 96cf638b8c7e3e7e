"""A column of dates while it is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from services import lists
from services.reading.cells.examples import Cells
from services.reading.formats.table import Table
from services.values.date_text import Written
from services.values.day_numbers import Epoch, Unit

COLLECTED = re.compile(r"\w+DTC")
USED = frozenset(lists.words(lists.beside(__file__)["used"]))


@dataclass(eq=False)
class Dates:
    """A column while it is being read; arrays have one entry for each distinct value.

    Attributes
    ----------
    dates : datetime64[us], NaT while not known
    rest : what the values are that are not plainly a date
    numbers : day numbers and their like, NaN for anything else
    order, order_why : of dates of three numbers; and how it is known, "" where it is not
    """

    table: Table
    role: str
    name: str
    cells: Cells
    dates: Any
    rest: dict[int, Written] = field(default_factory=dict)
    numbers: Any = None
    order: str = ""
    order_why: str = ""
    unit: Unit | None = None
    epoch: Epoch = field(default_factory=Epoch)

    @property
    def severity(self) -> Literal["warning", "note"]:
        """How much it matters what is lost: pages are made of some columns, and not of others."""
        used = self.name in USED or COLLECTED.fullmatch(self.name)
        return "warning" if used else "note"

    @property
    def of_sas(self) -> bool:
        """Whether the table came as a file of SAS."""
        return self.table.format.startswith("SAS")

    @property
    def holds_dates(self) -> bool:
        """Whether this is a column of dates at all, whatever is wrong with single ones."""
        like = int((~np.isnat(self.dates)).sum()) + sum(
            w.kind in ("partial", "far", "impossible", "triple") for w in self.rest.values()
        )
        return like > 0 and (self.name in USED or 2 * like >= len(self.dates))

    def of_kind(self, *kinds: str) -> Any:
        """A mask of the distinct values of these kinds that are no date as yet."""
        mask = np.zeros(len(self.dates), dtype=bool)
        mask[[i for i, w in self.rest.items() if w.kind in kinds]] = True
        return mask & np.isnat(self.dates)
