"""Published facts as records. ``None`` means "not found" in what was read, never zero.

Percentages are 0 to 100, times are months unless a name says otherwise, and a hazard ratio below
1 favors the first arm its comparison names. Nothing here computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from services.evidence_risk_records import NaturalHistory, PublishedRiskModel

Verification = Literal["primary", "secondary", "derived"]
Status = Literal["published", "reported at meetings", "ongoing"]

VERIFICATION_WORDS = {
    "primary": "Read in the paper's own abstract, or in a registry entry or meeting abstract of"
    " the trial",
    "secondary": "Read in a review table, guideline, approval notice or news report, not in the"
    " paper itself",
    "derived": "Arithmetic on published figures",
}
SOURCE_WORDS = {
    "paper": "Paper (abstract)",
    "meeting": "Meeting abstract",
    "registry": "Trial registry",
    "listing": "Trial listing",
    "review": "Review",
    "guideline": "Guideline",
    "regulator": "Report of an approval notice",
    "news": "Report",
    "software": "Calculator",
}


@dataclass(frozen=True)
class Source:
    """Where a fact was read. ``link`` is "" where only a mirror or a listing is known."""

    id: str
    kind: str
    title: str
    label: str = ""
    where: str = ""  # journal or meeting
    read: str = ""  # how much of it
    link: str = ""


@dataclass(frozen=True)
class Fact:
    """A number (or its absence) with where it comes from.

    ``arm`` is an arm's id, "" for the whole trial; ``level`` that of the interval. ``basis`` says
    how a derived number was made.
    """

    measure: str
    arm: str = ""
    value: float | None = None
    unit: str = "%"
    n: int | None = None
    denominator: int | None = None
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    low: float | None = None  # of a range
    high: float | None = None
    p: str = ""
    approximate: bool = False
    follow_up_months: float | None = None
    basis: str = ""
    note: str = ""
    verification: Verification = "primary"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdverseEvent:
    """Patients of an arm with an adverse event. ``grades`` as published: "3-4", "any"."""

    term: str
    system_organ_class: str
    grades: str
    arm: str
    n: int | None
    percent: float | None
    denominator: int | None
    basis: str
    verification: Verification
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PublishedArm:
    """An arm as published. ``treated`` is who got at least one dose, if it differs from n."""

    id: str
    name: str
    role: Literal["experimental", "reference", "single"]
    n: int | None
    treated: int | None
    regimen: str
    part: str
    basis: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PublishedLandmark:
    """Percent event-free (``kind`` "survival") or with the event ("incidence") at a time."""

    months: float
    estimate: float
    kind: Literal["survival", "incidence"] = "survival"
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class ArmResult:
    """One arm of an endpoint. ``median_reached`` is False where the paper says "not reached"."""

    arm: str
    n: int | None
    events: int | None
    events_percent: float | None
    events_basis: str
    median_months: float | None
    median_lower: float | None
    median_upper: float | None
    median_reached: bool | None
    landmarks: tuple[PublishedLandmark, ...]


@dataclass(frozen=True)
class Ratio:
    """A published comparison. ``measure`` is HR, OR or RR; 95% limits; ``basis`` if derived."""

    measure: str
    estimate: float | None
    lower: float | None
    upper: float | None
    p: str
    comparison: str
    basis: str = ""


@dataclass(frozen=True)
class Conflict:
    """Sources that disagree, and which of them is shown.

    ``endpoint`` is "" for the trial; ``about`` names the trial's numbers it is about: "patients",
    "eligibility", ids of endpoints, measures and terms (none: all of them).
    """

    title: str
    text: str
    sources: tuple[str, ...]
    endpoint: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedEndpoint:
    """An endpoint as one report gives it.

    ``family`` groups what may be shown on one axis: "PFS" holds progression-free survival and
    time to progression; ``main`` marks the last report by the trial's own definition.
    """

    id: str
    name: str
    family: Literal["PFS", "OS", "other"]
    kind: str  # PFS, TTP, OS, ...
    role: str
    definition: str
    follow_up_months: float | None
    main: bool
    arms: tuple[ArmResult, ...]
    ratio: Ratio | None
    note: str
    verification: Verification
    sources: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    derived: tuple[str, ...]


@dataclass(frozen=True)
class PublishedSubgroup:
    """A hazard ratio in a subgroup of an endpoint."""

    endpoint: str
    variable: str
    level: str
    n: int | None
    ratio: Ratio
    verification: Verification
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """A sentence with its sources; ``date`` where it happened on one."""

    text: str
    sources: tuple[str, ...] = ()
    date: str = ""
    title: str = ""


@dataclass(frozen=True)
class StudyLink:
    """A study of this site with patient data of (or made like) a part of the trial."""

    study: str
    endpoints: tuple[str, ...]
    arms: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """A bound on one value of a patient, or what it must be; ``value`` is one of ``VALUES``."""

    value: str
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    equals: str = ""


@dataclass(frozen=True)
class Criterion:
    """An entry criterion in words: at least ``least`` of ``of`` must hold.

    With nothing in ``of`` it is about what these values do not tell, such as hemoglobin.
    """

    words: str
    least: int
    of: tuple[Condition | Criterion, ...]


@dataclass(frozen=True)
class Enrolment:
    """Who was asked to take part, and when. Dates are ISO texts, "" if not found.

    ``criteria`` are those of ``eligibility`` as rules, where they could be written as such.
    """

    risk: Literal["high", "intermediate or high", "low", "any", "not stated"]
    risk_words: str
    randomized: int | None
    enrolled: int | None
    planned: int | None
    first: str
    last: str
    planned_end: str
    data_cutoff: str
    sites: str
    eligibility: tuple[str, ...]
    stratification: str
    note: str
    sources: tuple[str, ...]
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Trial:
    """Everything published about one trial that was found, with where it was read."""

    id: str
    acronym: str
    title: str
    question: str
    group: str
    phase: str
    registration: str
    registration_link: str
    status: Status
    status_note: str
    randomized: bool
    drug_classes: tuple[str, ...]
    studies: tuple[StudyLink, ...]
    enrolment: Enrolment
    arms: tuple[PublishedArm, ...]
    endpoints: tuple[PublishedEndpoint, ...]
    subgroups: tuple[PublishedSubgroup, ...]
    responses: tuple[Fact, ...]
    exposure: tuple[Fact, ...]
    outcomes: tuple[Fact, ...]
    second_malignancies: tuple[Fact, ...]
    baseline: tuple[Fact, ...]
    adverse_events: tuple[AdverseEvent, ...]
    quality_of_life: Note | None
    regulatory: tuple[Note, ...]
    conflicts: tuple[Conflict, ...]
    missing: tuple[str, ...]
    notes: tuple[Note, ...]
    citations: tuple[Source, ...]
    sources: tuple[Source, ...]

    def arm(self, arm_id: str) -> PublishedArm:
        """The arm of that id; KeyError if there is none."""
        return {arm.id: arm for arm in self.arms}[arm_id]

    def endpoint(self, endpoint_id: str) -> PublishedEndpoint:
        """The endpoint of that id; KeyError if there is none."""
        return {endpoint.id: endpoint for endpoint in self.endpoints}[endpoint_id]

    def source(self, source_id: str) -> Source:
        """The source of that id; KeyError if there is none."""
        return {source.id: source for source in self.sources}[source_id]

    def conflicts_about(self, *names: str) -> tuple[Conflict, ...]:
        """What sources disagree on in these of the trial's numbers, the endpoints' own first."""
        own = [c for e in self.endpoints if e.id in names for c in e.conflicts]
        shared = [c for c in self.conflicts if not c.about or set(c.about) & set(names)]
        return (*own, *shared)


@dataclass(frozen=True)
class PooledResult:
    """One outcome of a meta-analysis. Below 1 favors early treatment unless ``note`` says."""

    outcome: str
    ratio: Ratio


@dataclass(frozen=True)
class MetaAnalysis:
    """A published pooling of trials: theirs, not ours."""

    id: str
    title: str
    trials: int
    patients: int
    results: tuple[PooledResult, ...]
    verification: Verification
    source: Source


@dataclass(frozen=True)
class OngoingTrial:
    """A registered trial without results in what was read."""

    acronym: str
    registration: str
    registration_link: str
    regimen: str
    drug_classes: tuple[str, ...]
    risk: str
    randomized: bool | None
    endpoint: str
    n: int | None
    result: str
    source: Source


@dataclass(frozen=True)
class Evidence:
    """All published facts this site shows."""

    trials: tuple[Trial, ...]
    meta_analyses: tuple[MetaAnalysis, ...]
    ongoing: tuple[OngoingTrial, ...]
    natural_history: NaturalHistory
    risk_models: tuple[PublishedRiskModel, ...]
    boundary: tuple[tuple[str, str], ...]
    boundary_source: Source
