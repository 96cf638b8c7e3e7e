"""Published facts about the untreated course and risk models as records; see evidence_records."""

from __future__ import annotations

from dataclasses import dataclass

from services.evidence_records import Conflict, Ratio, Source, Verification


@dataclass(frozen=True)
class Progression:
    """Percent of a group that progressed within ``years``."""

    years: float
    percent: float
    verification: Verification
    sources: tuple[str, ...]


@dataclass(frozen=True)
class RiskGroup:
    """A group of a published risk model."""

    name: str
    rule: str
    share_percent: float | None
    ratio: Ratio | None
    median_months: float | None
    progression: tuple[Progression, ...]


@dataclass(frozen=True)
class RiskFactor:
    """One item of a risk model with its threshold."""

    name: str
    threshold: str
    ratio: Ratio | None


@dataclass(frozen=True)
class PublishedRiskModel:
    """A risk model as published. ``code`` names its groups' column where we compute them."""

    id: str
    title: str
    where: str
    code: str
    cohort: tuple[tuple[str, str], ...]
    rule: str
    factors: tuple[RiskFactor, ...]
    groups: tuple[RiskGroup, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    verification: Verification
    citation: str  # id of the source that is the paper itself, "" if it was not read
    sources: tuple[Source, ...]

    def source(self, source_id: str) -> Source:
        """The source of that id; KeyError if there is none."""
        return {source.id: source for source in self.sources}[source_id]


@dataclass(frozen=True)
class Period:
    """Percent of the starting cohort that progresses in each year of a period."""

    years_from: float
    years_to: float
    percent_per_year: float
    approximate: bool


@dataclass(frozen=True)
class NaturalHistory:
    """The untreated course of a cohort."""

    id: str
    title: str
    where: str
    cohort: tuple[tuple[str, str], ...]
    progression: str
    periods: tuple[Period, ...]
    cumulative: tuple[Progression, ...]
    groups: tuple[RiskGroup, ...]
    caution: str
    conflicts: tuple[Conflict, ...]
    verification: Verification
    citation: str
    sources: tuple[Source, ...]

    def source(self, source_id: str) -> Source:
        """The source of that id; KeyError if there is none."""
        return {source.id: source for source in self.sources}[source_id]
