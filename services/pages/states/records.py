"""Records of the page of states. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from services.pages.records import PageRecord
from services.statistics.states.records import StateCurves, StateDifferences, StatesAt


@dataclass(frozen=True, eq=False)
class StatesOf:
    """The arms of all patients, or of one level of a variable ("" for all).

    ``marks`` has, per arm, what is known at each tick of the time axis.
    """

    curves: tuple[StateCurves, ...]
    differences: tuple[StateDifferences, ...]
    marks: tuple[tuple[StatesAt, ...], ...]
    n: int
    level: str = ""
    label: str = ""


@dataclass(frozen=True)
class Told:
    """An endpoint of the model: the state it tells of, its id and its label."""

    state: str
    endpoint: str
    label: str


@dataclass(frozen=True, eq=False)
class StatesPage(PageRecord):
    """Where the patients of each arm are over time, within each level of ``view.facet`` too.

    ``states`` are empty where the endpoints allow none; ``tau_words`` say where ``tau`` comes from;
    ``stays`` has USUBJID, ARM, LEVEL, START, STOP, FROM, TO; ``contradictions`` are patients left
    out, each with what its endpoints say.
    """

    states: tuple[str, ...]
    told: tuple[Told, ...]
    tau: float
    tau_words: str
    whole: StatesOf | None
    facets: tuple[StatesOf, ...]
    ticks: tuple[float, ...]
    last_time: float
    stays: pd.DataFrame
    contradictions: tuple[tuple[str, str], ...]

    @property
    def groups(self) -> tuple[StatesOf, ...]:
        """What is drawn: the levels of the variable, or all patients."""
        return self.facets or ((self.whole,) if self.whole else ())
