"""Everything published about a trial, as its YAML file gives it; and trials pooled or running."""

from __future__ import annotations

from dataclasses import InitVar
from math import isnan, nan
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from services.checked import (
    CONFIG,
    MADE,
    Flag,
    Number,
    Percent,
    Positive,
    Record,
    Texts,
    Whole,
    changed,
    matching,
    unique,
    wrong,
)
from services.evidence.criteria import Criterion, in_words
from services.evidence.facts import (
    ArmId,
    Cited,
    Conflict,
    Date,
    Fact,
    Lower,
    Note,
    Ratio,
    Source,
    SourceIds,
    Sources,
    Upper,
    Verification,
    by_id,
    check_counts,
    check_limits,
    known,
    ratio_keys,
    registry_link,
    rows,
    sources_of,
)
from services.evidence.standing import LastSeen, Standing

Status = Literal["published", "reported at meetings", "ongoing"]
Risk = Literal["high", "intermediate or high", "low", "any", "not stated"]
EndpointId = Annotated[str, known("endpoints")]
_ID = matching(r"[a-z0-9_]+", "Use lower-case letters, digits and _.")
_FACTS = ("responses", "exposure", "outcomes", "second_malignancies", "baseline")


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class AdverseEvent(Record):
    """Patients of an arm with an adverse event. ``grades`` as published: "3-4", "any"."""

    term: str
    system_organ_class: str = ""
    grades: str
    arm: ArmId
    n: Whole | None = None
    percent: Annotated[Percent | None, Field(validation_alias="pct")] = None
    denominator: Whole | None = None
    basis: str = ""
    verification: Verification
    sources: SourceIds

    def __post_init__(self) -> None:
        check_counts(self.n, self.denominator)
        if self.n is None and self.percent is None:
            raise wrong("has no number", "Give n or pct, or leave the row out.")
        if self.n is None or not self.denominator or self.percent is None:
            return
        exact = 100 * self.n / self.denominator
        # Published percentages are rounded, some of them to whole numbers.
        if abs(exact - self.percent) > 0.55:
            problem = f"is {self.percent:g} where n and denominator give {exact:.1f}"
            raise wrong(problem, "Correct one of the three.", "pct")


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class PublishedArm(Record):
    """An arm as published. ``treated`` is who got at least one dose, if it differs from n."""

    id: str
    name: str
    role: Literal["experimental", "reference", "single"]
    n: Whole | None = None
    treated: Whole | None = None
    regimen: str = ""
    part: str = ""
    basis: str = ""
    sources: SourceIds


@dataclass(frozen=True, config=CONFIG)
class PublishedLandmark(Record):
    """Percent event-free (``kind`` "survival") or with the event ("incidence") at a time."""

    months: Number
    estimate: Percent = nan  # never so in a record
    kind: Annotated[Literal["survival", "incidence"], MADE] = "survival"
    lower: Lower = None
    upper: Upper = None
    cumulative_incidence: InitVar[Percent | None] = None

    def __post_init__(self, cumulative_incidence: float | None) -> None:
        if isnan(self.estimate) == (cumulative_incidence is None):
            raise wrong("needs one number", "Give estimate or cumulative_incidence.")
        if cumulative_incidence is not None:
            object.__setattr__(self, "estimate", cumulative_incidence)
            object.__setattr__(self, "kind", "incidence")
        check_limits(self.estimate, self.lower, self.upper)


@dataclass(frozen=True, config=CONFIG)
class ArmResult(Record):
    """One arm of an endpoint. ``median_reached`` is False where the paper says "not reached"."""

    arm: ArmId
    n: Whole | None = None
    events: Whole | None = None
    events_percent: Annotated[Percent | None, Field(validation_alias="events_pct")] = None
    events_basis: str = ""
    median_months: Positive | None = None
    median_lower: Annotated[Positive | None, Field(validation_alias="median_low")] = None
    median_upper: Annotated[Positive | None, Field(validation_alias="median_high")] = None
    median_reached: Flag | None = None
    landmarks: tuple[PublishedLandmark, ...] = ()

    def __post_init__(self) -> None:
        if self.n is not None and self.events is not None and self.events > self.n:
            problem = f"is {self.events} of {self.n} patients"
            raise wrong(problem, "Correct the numbers.", "events")
        if self.median_months is not None and self.median_reached is False:
            raise wrong("is false beside a median", "Keep one of them.", "median_reached")


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class PublishedEndpoint(Record):
    """An endpoint as one report gives it.

    ``family`` groups what may be shown on one axis: "PFS" holds progression-free survival and
    time to progression; ``main`` marks the last report by the trial's own definition. ``beside``
    is said wherever the ratio stands: how little it rests on.
    """

    id: str
    name: str
    family: Literal["PFS", "OS", "other"]
    kind: str  # PFS, TTP, OS, ...
    role: str = ""
    definition: str = ""
    follow_up_months: Positive | None = None
    main: Flag = False
    arms: tuple[ArmResult, ...] = ()
    ratio: Annotated[Ratio | None, Field(validation_alias="hazard_ratio")] = None
    beside: str = ""
    note: str = ""
    verification: Verification
    sources: SourceIds
    conflicts: tuple[Conflict, ...] = ()
    derived: Texts = ()

    def __post_init__(self) -> None:
        for i, conflict in enumerate(self.conflicts):
            if conflict.about:
                hint = "Leave it out: a conflict in an endpoint is about that endpoint."
                raise wrong("is not a known key", hint, "conflicts", i, "about")
        own = tuple(changed(conflict, endpoint=self.id) for conflict in self.conflicts)
        object.__setattr__(self, "conflicts", own)


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class PublishedSubgroup(Record):
    """A hazard ratio in a subgroup of an endpoint."""

    endpoint: EndpointId
    variable: str
    level: str
    n: Whole | None = None
    ratio: Annotated[Ratio, ratio_keys("")]
    verification: Verification
    sources: SourceIds


@dataclass(frozen=True, config=CONFIG)
class StudyLink(Record):
    """A study of this site with patient data of (or made like) a part of the trial."""

    study: Annotated[str, Field(validation_alias="id")]
    endpoints: Annotated[Texts, known("endpoints")] = ()
    arms: Annotated[Texts, known("arms")] = ()


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Enrollment(Record):
    """Who was asked to take part, and when. Dates are ISO texts, "" if not found.

    ``criteria`` are those of ``eligibility`` as rules, where they could be written as such.
    """

    risk: Risk
    risk_words: str
    randomized: Whole | None = None
    enrolled: Whole | None = None
    planned: Whole | None = None
    first: Date = ""
    last: Date = ""
    planned_end: Date = ""
    data_cutoff: Date = ""
    sites: str = ""
    eligibility: Texts = ()
    stratification: str = ""
    note: str = ""
    sources: SourceIds
    criteria: Annotated[tuple[Criterion, ...], AfterValidator(in_words)] = ()


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Trial(Record):
    """Everything published about one trial that was found, with where it was read.

    ``missing`` was looked for and not found.
    """

    id: Annotated[str, _ID]
    acronym: str
    title: str
    question: str
    group: str = ""
    phase: str = ""
    registration: str = ""
    registration_link: Annotated[str, MADE] = ""  # the registry's page
    status: Status
    status_note: str = ""
    seen: LastSeen | None = None
    randomized: Flag
    drug_classes: Annotated[Texts, Field(min_length=1)]
    studies: tuple[StudyLink, ...] = ()
    enrolment: Enrollment
    arms: Annotated[tuple[PublishedArm, ...], Field(min_length=1), unique("id")]
    endpoints: Annotated[tuple[PublishedEndpoint, ...], unique("id")] = ()
    subgroups: tuple[PublishedSubgroup, ...] = ()
    responses: tuple[Fact, ...] = ()
    exposure: tuple[Fact, ...] = ()
    outcomes: tuple[Fact, ...] = ()
    second_malignancies: tuple[Fact, ...] = ()
    baseline: tuple[Fact, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    quality_of_life: Note | None = None
    regulatory: Annotated[tuple[Note, ...], MADE] = ()  # approvals and votes of ``standing``
    standing: Annotated[tuple[Standing, ...], MADE] = ()
    conflicts: tuple[Conflict, ...] = ()
    missing: Texts = ()
    notes: tuple[Note, ...] = ()
    citations: tuple[Cited, ...] = ()
    sources: Sources

    def __post_init__(self) -> None:
        if self.follows_up and self.seen is None:
            hint = "Say what was last read of whether the trial runs, and when; or correct status."
            raise wrong("is missing", hint, "seen")
        object.__setattr__(self, "registration_link", registry_link(self.registration))

    @property
    def follows_up(self) -> bool:
        """Whether more is to come of it, by what is written here."""
        return self.status != "published" or bool(self.enrolment.planned_end)

    def link(self, study_id: str) -> StudyLink:
        """What a study of this site stands for; KeyError if it stands for nothing here."""
        return {item.study: item for item in self.studies}[study_id]

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


def named_in(raw: Any) -> dict[str, Any]:
    """What the records of a trial's file may name: sources, arms, endpoints, numbers."""
    endpoints = by_id(raw, "endpoints")
    numbers = [str(row.get("measure")) for key in _FACTS for row in rows(raw, key)]
    numbers += [str(row.get("term")) for row in rows(raw, "adverse_events")]
    return {
        **sources_of(raw),
        "arms": by_id(raw, "arms"),
        "endpoints": endpoints,
        "numbers": dict.fromkeys(("patients", "eligibility", *endpoints, *numbers)),
    }


@dataclass(frozen=True, config=CONFIG)
class PooledResult(Record):
    """One outcome of a meta-analysis. Below 1 favors early treatment unless ``note`` says."""

    outcome: str
    ratio: Annotated[Ratio, ratio_keys("early versus deferred treatment")]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class MetaAnalysis(Record):
    """A published pooling of trials: theirs, not ours."""

    id: str
    title: str
    trials: Whole
    patients: Whole
    results: tuple[PooledResult, ...] = ()
    verification: Verification
    source: Cited


@dataclass(frozen=True, config=CONFIG)
class MetaAnalyses(Record):
    """The file of published poolings."""

    analyses: tuple[MetaAnalysis, ...]
    sources: Sources


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class OngoingTrial(Record):
    """A registered trial without results in what was read."""

    acronym: str
    registration: str = ""
    registration_link: Annotated[str, MADE] = ""  # the registry's page
    regimen: str
    drug_classes: Annotated[Texts, Field(min_length=1)]
    risk: Risk
    randomized: Flag | None = None
    endpoint: str = ""
    n: Whole | None = None
    result: str = ""
    seen: LastSeen
    source: Cited

    def __post_init__(self) -> None:
        object.__setattr__(self, "registration_link", registry_link(self.registration))


@dataclass(frozen=True, config=CONFIG)
class Ongoing(Record):
    """The file of registered trials of which no more than a line is known."""

    trials: tuple[OngoingTrial, ...]
    sources: Sources
