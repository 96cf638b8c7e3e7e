"""Records of the page on the untreated course and the risk of progression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from services.pages.records import Methods

if TYPE_CHECKING:
    from services.evidence.cited import Cited
    from services.evidence.facts import Conflict, Source
    from services.evidence.risk import NaturalHistory
    from services.views.site import RiskView


@dataclass(frozen=True)
class CoursePoint:
    """Percent of the starting cohort that has progressed by ``years``."""

    years: float
    percent: float


@dataclass(frozen=True)
class GroupRow:
    """A group of a published model with its published risks. ``risks`` are (years, number).

    ``elsewhere`` are those of the same group by the same rule in another cohort: (model, years,
    number).
    """

    name: str
    rule: str
    risks: tuple[tuple[float, float, Cited], ...]
    median: Cited | None
    share: Cited | None
    elsewhere: tuple[tuple[str, float, Cited], ...] = ()


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
class Question:
    """A value that looks wrong: what is asked, and the views of the two answers.

    ``waits``: the value is left out of the models until it is answered.
    """

    field: str
    text: str
    accept: str = ""
    accepted: RiskView | None = None
    keep: str = ""
    kept: RiskView | None = None
    waits: bool = True


@dataclass(frozen=True)
class CountedFactor:
    """A factor of a model, its cut-off, the value in words ("" if not known) and its points."""

    name: str
    threshold: str
    value: str
    points: int | None


@dataclass(frozen=True)
class RiskResult:
    """A model's answer for the values typed in. ``group`` is ``None`` where it cannot be told.

    ``total`` are the points so far, of the factors that are known; ``weighted``: some factors give
    more than one.
    """

    model: ModelTable
    group: GroupRow | None
    reason: str
    factors: tuple[CountedFactor, ...] = ()
    total: int = 0
    weighted: bool = False


@dataclass(frozen=True)
class StudyLink:
    """A study of this site that stands for a trial, in words and as an address."""

    words: str
    href: str


@dataclass(frozen=True)
class TrialMatch:
    """A trial's entry criteria held against the values: "met", "not met" or "open", each.

    ``result`` is its main result, ``group_result`` the published one in the patient's own group.
    """

    id: str
    acronym: str
    title: str
    state: Literal["met", "not met", "open"]
    criteria: tuple[tuple[str, Literal["met", "not met", "open"]], ...]
    result: Cited | None
    group_result: Cited | None
    studies: tuple[StudyLink, ...]
    sources: tuple[Source, ...]


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
    questions: tuple[Question, ...] = ()
    trials: tuple[TrialMatch, ...] = ()
    without_criteria: tuple[str, ...] = ()  # trials whose criteria were not found as rules
    chains: str = ""  # which chain is involved, in words
    screening: tuple[tuple[str, Cited], ...] = ()  # how common it is, by what
    # Share of each group among those found by screening, and in a cohort of clinics.
    split: tuple[tuple[str, Cited, Cited], ...] = ()
    methods: Methods = field(default=Methods())
