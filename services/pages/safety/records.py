"""Records of the safety pages. Nothing here computes.

Percent are 0 to 100, differences are shares (-1 to 1), times are in the view's unit unless a name
says otherwise. ``None`` with a reason is "not estimable" or "not recorded", never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.page_records import AtRisk, StudyPage
from services.records import Estimate

if TYPE_CHECKING:
    from services.competing import CumulativeIncidence
    from services.evidence.facts import Source
    from services.evidence_page_records import Cited

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
class ClassRow:
    """A system organ class and those of its terms that are listed."""

    row: EventRow
    terms: tuple[EventRow, ...]


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


@dataclass(frozen=True)
class PublishedCell:
    """Patients of an arm, published or counted here; ``None`` is "not given".

    ``cited`` is what stands behind a published number.
    """

    subjects: int | None
    percent: float | None
    denominator: int | None
    basis: str = ""
    cited: Cited | None = None


@dataclass(frozen=True)
class PublishedRow:
    """A published adverse event beside the same count in this study's patients."""

    term: str
    grades: str
    published: Mapping[str, PublishedCell]
    counted: Mapping[str, PublishedCell]
    sources: tuple[Source, ...]
    verification: str


@dataclass(frozen=True)
class PublishedSafety:
    """What is published on a trial's safety; ``missing`` says what was not found."""

    acronym: str
    arms: tuple[str, ...]
    rows: tuple[PublishedRow, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SafetyPage(StudyPage):
    """Everything the safety page shows; ``population`` is the safety population.

    ``n`` holds the subjects per arm, ``pair`` is (arm, reference) of every comparison, ``None``
    with a single arm. ``leading`` has the listed terms of all classes in the order asked for.
    ``reason`` says why there is nothing to show.
    """

    n: Mapping[str, int]
    pair: tuple[str, str] | None
    reason: str | None
    provenance: tuple[tuple[str, str], ...]
    severity: Severity | None = None
    emergent_known: bool = False
    limits: str = ""  # what the view leaves of the events: "grade 3 or higher, serious"
    overview: tuple[EventRow, ...] = ()
    limited: EventRow | None = None  # any event of those left, where only some kinds are
    classes: tuple[ClassRow, ...] = ()
    leading: tuple[EventRow, ...] = ()
    terms_total: int = 0
    readings: tuple[Reading, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()  # value, label of what can be looked at
    time: SafetyTime | None = None
    watched: tuple[Watched, ...] = ()
    listing: Listing | None = None
    published: PublishedSafety | None = None
    answer: str = ""
    answer_detail: str = ""
    notes: tuple[str, ...] = ()
