"""Records of adverse events: counted, over time, and one by one. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from services.statistics.results import AtRisk, CumulativeIncidence, Estimate


UNGRADED = ""  # key of events without a grade


@dataclass(frozen=True)
class Severity:
    """How bad an event was, in the study's own words.

    ``levels`` are the values from mild to worst, ``severe`` those of the switch "grade 3 or
    higher". Severity that is no CTCAE grade is never turned into one.
    """

    column: str
    levels: tuple[str, ...]
    labels: tuple[str, ...]
    severe: tuple[str, ...]
    title: str  # "CTCAE grade"
    severe_title: str  # "Grade 3 or higher"
    severe_short: str  # "Grade ≥ 3"


@dataclass(frozen=True)
class Reading:
    """What a value of the data was taken for."""

    column: str
    question: str
    value: str
    meaning: str
    events: int


@dataclass(frozen=True)
class Count:
    """Subjects with an event (each once), share of the arm, and events.

    ``grades`` counts the subjects by their worst grade, ``UNGRADED`` those without one.
    """

    subjects: int
    percent: float | None
    events: int
    grades: Mapping[str, int]


@dataclass(frozen=True)
class EventRow:
    """A class, a term, or a line of the overview.

    ``difference`` compares the chosen pair, ``effect`` is what the switch asks for of the same
    pair (difference, risk ratio or odds ratio). ``reason`` says why there is no count,
    ``note`` what of the values behind it was not understood.
    """

    name: str
    label: str
    arms: Mapping[str, Count]
    difference: Estimate | None
    effect: Estimate | None
    soc: str = ""
    id: str = ""
    explained: str = ""
    reason: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Watched:
    """How long an arm's subjects were watched for events."""

    arm: str
    subjects: int
    patient_years: float
    median: float | None  # in the view's unit
    longest: float


@dataclass(frozen=True)
class ArmRate:
    """First events of an arm over its time at risk, per 100 patient-years."""

    subjects: int
    patient_years: float
    rate: Estimate


@dataclass(frozen=True)
class RateRow:
    """Exposure-adjusted rates of one term (or of any event)."""

    name: str
    label: str
    soc: str
    arms: Mapping[str, ArmRate]
    difference: Estimate | None


@dataclass(frozen=True, eq=False)
class Prevalence:
    """Subjects of an arm with an ongoing event over time, by its worst grade then.

    ``time`` (k,), ``watched`` (k,) subjects under observation, ``counts`` (levels + 1, k), the
    last row being ongoing events without a grade; ``share`` is that of those watched, NaN where
    they are too few.
    """

    arm: str
    time: np.ndarray
    watched: np.ndarray
    counts: np.ndarray
    share: np.ndarray


@dataclass(frozen=True, eq=False)
class SafetyTime:
    """Everything that takes time into account, or the ``reason`` why there is none.

    ``term`` is what is looked at, in words; ``late`` counts events that began outside the time of
    observation, ``undated`` those without a start, ``unwatched`` subjects without dates.
    """

    reason: str | None
    term: str
    watched: tuple[Watched, ...] = ()
    rates: tuple[RateRow, ...] = ()
    rates_of: int = 0
    incidences: tuple[CumulativeIncidence, ...] = ()
    at_risk: tuple[AtRisk, ...] = ()
    prevalence: tuple[Prevalence, ...] = ()
    ticks: tuple[float, ...] = ()
    late: int = 0
    undated: int = 0
    unwatched: int = 0


@dataclass(frozen=True)
class ListedEvent:
    """One adverse event of the listing; days count from the first dose (day 1)."""

    subject: str
    arm: str
    soc: str
    term: str
    grade: str
    serious: str
    related: str
    start_day: float | None
    end_day: float | None
    action: str
    outcome: str
    emergent: bool


@dataclass(frozen=True)
class Listing:
    """A page of the listing."""

    rows: tuple[ListedEvent, ...]
    total: int
    page: int
    pages: int
