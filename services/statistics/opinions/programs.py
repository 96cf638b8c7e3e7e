"""What other programs are asked, and what they answer. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from services.arrays import BoolArray, FloatArray, IntArray
from services.statistics.steps import Interval

# By "estimate", "lower", "upper", "p"; without a key: no such number.
Answer = Mapping[str, float | None]


@dataclass(frozen=True, eq=False)
class Patients:
    """Those whom an estimate is made of; every array is (n,).

    ``group`` is the arm's number, 0 the reference; ``factors`` are of a Cox model, numbers all.
    """

    time: FloatArray
    event: BoolArray
    group: IntArray
    entry: FloatArray | None = None
    stratum: IntArray | None = None
    factors: pd.DataFrame | None = None

    def take(self, keep: BoolArray) -> Patients:
        """Some of them."""
        return Patients(**{k: v[keep] for k, v in vars(self).items() if v is not None})

    def frame(self) -> pd.DataFrame:
        """A column for each: t, e, a, and n (entry), s (stratum), x0, x1, ... where there are."""
        made = {"t": self.time, "e": self.event.astype(int), "a": self.group.astype(int)}
        made |= {k: v for k, v in {"n": self.entry, "s": self.stratum}.items() if v is not None}
        factors = pd.DataFrame() if self.factors is None else self.factors
        return pd.DataFrame(made | {f"x{i}": factors[c].array for i, c in enumerate(factors)})


class Program(Protocol):
    """Another program. Its answers are its own: nothing of ours is called on the way."""

    name: str

    def version(self) -> str:
        """Raises ``ImportError`` if it is not installed."""

    def curve(
        self, patients: Patients, times: Sequence[float], ci: Interval, level: float
    ) -> tuple[Answer, list[Answer]]:
        """The median, and survival at each of the times."""

    def log_rank(self, patients: Patients) -> Answer:
        """p of the test of all groups, within strata where there are some."""

    def cox(self, patients: Patients, level: float) -> Answer:
        """Hazard ratio of group 1 against group 0, within strata and beside the factors."""
