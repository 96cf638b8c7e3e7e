"""Load the frozen answers of make_oracles.R beside the data they were made from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
CASES = sorted(p.stem.removeprefix("engine_") for p in HERE.glob("engine_*.json"))


@dataclass(frozen=True)
class Case:
    name: str
    data: pd.DataFrame
    r: dict[str, Any]

    @property
    def entry(self) -> pd.Series | None:
        return self.data.get("entry")

    def pair(self) -> pd.DataFrame:
        """The first two arms, with the second marked as treated."""
        first, second = self.r["arms"][:2]
        kept = self.data[self.data["arm"].isin([first, second])].reset_index(drop=True)
        return kept.assign(treated=kept["arm"] == second)


@cache
def case(name: str) -> Case:
    data = pd.read_csv(HERE / f"engine_{name}.csv", float_precision="round_trip")
    return Case(name, data, json.loads((HERE / f"engine_{name}.json").read_text()))


def numbers(values: Any) -> np.ndarray:
    """JSON numbers as floats, null (NA in R) as NaN; R writes a single value without brackets."""
    return np.atleast_1d(np.array(values, dtype=float))


def optional(*values: float | None) -> np.ndarray:
    """Our None as NaN, to compare with R's NA."""
    return np.array([np.nan if v is None else v for v in values], dtype=float)


ARMS = [(name, arm) for name in CASES for arm in case(name).r["arms"]]

INTERVALS = ("log-log", "log", "plain")


def rows_of_arm(name: str, arm: str) -> tuple[pd.DataFrame, Any, Any]:
    c = case(name)
    rows = c.data[c.data["arm"] == arm]
    return rows, c.r["curves"][arm], rows.get("entry")
