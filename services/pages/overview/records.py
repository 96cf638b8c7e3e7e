"""Records of a study's overview page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.evidence.cited import ArmsRow, Cited
    from services.evidence.trial import Trial
    from services.pages.evidence.records import StandingRow
    from services.statistics.results import Estimate


@dataclass(frozen=True)
class NumberSummary:
    """One arm's values of a number. Everything but the counts is ``None`` without values.

    ``sd`` is also ``None`` for a single value, and what a sum beyond 1.8e308 leads to is ``None``;
    quartiles interpolate as R's type 7.
    """

    n: int
    missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class LevelCount:
    """Patients of one arm at a level; ``percent`` is of all patients of the arm."""

    n: int
    percent: float | None


@dataclass(frozen=True)
class BaselineNumber:
    """A continuous row of the table: one summary per arm, the last for all if several."""

    name: str
    label: str
    unit: str
    provenance: str
    arms: tuple[NumberSummary, ...]


@dataclass(frozen=True)
class BaselineGroups:
    """A categorical row of the table. ``levels`` ends with "" if values are missing."""

    name: str
    label: str
    provenance: str
    levels: tuple[str, ...]
    counts: tuple[tuple[LevelCount, ...], ...]  # by level, then arm


BaselineRow = BaselineNumber | BaselineGroups


@dataclass(frozen=True)
class BaselineTable:
    """Patients by arm. ``columns`` are the arms' names, with "All" at the end if several."""

    columns: tuple[str, ...]
    n: tuple[int, ...]
    rows: tuple[BaselineRow, ...]


@dataclass(frozen=True)
class ResponseRate:
    """Responders among an arm's patients, with an exact 95% interval.

    ``denominator`` says which patients ``n`` counts: "assigned", "assigned and treated", "with
    this recorded". ``label`` is the response ("Response after induction"); ``unrecorded`` patients
    are counted as without one.
    """

    arm: str
    responders: int
    n: int
    rate: Estimate
    denominator: str
    label: str = "Response"
    unrecorded: int = 0
    provenance: str = "observed"


@dataclass(frozen=True)
class FigureRow:
    """A published figure with what stands behind it, and the same from a study's data."""

    label: str
    published: Cited
    reproduced: str
    source: str


@dataclass(frozen=True, eq=False)
class OverviewPage(PageRecord):
    """Everything the overview of a study shows; ``trial`` is what is published about it."""

    trial: Trial | None
    published: tuple[ArmsRow, ...]  # responses, exposure and further results, as published
    figures: tuple[FigureRow, ...]
    baseline: BaselineTable
    treatment: BaselineTable
    responses: tuple[ResponseRate, ...]
    assigned: Mapping[str, int]  # patients of each arm, whatever the filters
    standing: tuple[StandingRow, ...] = ()  # what bodies said on the ground of the trial
