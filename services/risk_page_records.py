"""Records of the page on the untreated course and the risk of progression."""

from __future__ import annotations

from dataclasses import dataclass

from services.evidence_page_records import Cited
from services.evidence_records import Conflict, Source
from services.evidence_risk_records import NaturalHistory
from services.site_view_records import RiskView


@dataclass(frozen=True)
class CoursePoint:
    """Percent of the starting cohort that has progressed by ``years``."""

    years: float
    percent: float


@dataclass(frozen=True)
class GroupRow:
    """A group of a published model with its published risks. ``risks`` are (years, number)."""

    name: str
    rule: str
    risks: tuple[tuple[float, float, Cited], ...]
    median: Cited | None
    share: Cited | None


@dataclass(frozen=True)
class ModelTable:
    """A published model: what it counts, its groups, and where sources differ."""

    id: str
    title: str
    where: str
    rule: str
    cohort: tuple[tuple[str, str], ...]
    factors: tuple[tuple[str, str, Cited | None], ...]
    groups: tuple[GroupRow, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class RiskResult:
    """A model's answer for the values typed in. ``group`` is ``None`` where it cannot be told."""

    model: ModelTable
    group: GroupRow | None
    reason: str


@dataclass(frozen=True)
class RiskPage:
    """Everything the page shows."""

    view: RiskView
    history: NaturalHistory
    course: tuple[CoursePoint, ...]
    periods: tuple[Cited, ...]  # of the history, in its order
    cumulative: tuple[tuple[CoursePoint, Cited], ...]
    groups: tuple[GroupRow, ...]
    models: tuple[ModelTable, ...]
    results: tuple[RiskResult, ...]
    warnings: tuple[str, ...]
    boundary: tuple[tuple[str, str], ...]
    boundary_source: Source
