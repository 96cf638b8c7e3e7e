"""Records of the evidence and overview pages: published numbers ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.pages.records import Methods

if TYPE_CHECKING:
    from services.evidence.cited import ArmsRow, Cited
    from services.evidence.facts import Source
    from services.views.site import EvidenceView


@dataclass(frozen=True, kw_only=True)
class ForestRow:
    """A published comparison. ``reason`` says why it has no place on the axis, if so.

    ``subgroup`` names the part of the patients it is of, "" for all of them; ``also`` says whom the
    trial enrolled beside the population asked for.
    """

    trial: str
    acronym: str
    link: str
    report: str
    comparison: str
    endpoint: str
    follow_up_months: float | None = None
    n: int | None
    measure: str = "HR"
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: str = ""
    cited: Cited
    reason: str = ""
    patients: Cited | None = None
    follow_up: Cited | None = None
    subgroup: str = ""
    also: str = ""
    beside: str = ""  # how little the ratio rests on, in a few words


@dataclass(frozen=True)
class Forest:
    """Rows that share an axis. They are never pooled."""

    id: str
    title: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True)
class SingleArmRow:
    """A study without a comparator."""

    acronym: str
    link: str
    regimen: str
    n: int | None
    patients: Cited | None
    risk: str
    results: tuple[tuple[str, Cited], ...]
    report: Source | None
    also: str = ""


@dataclass(frozen=True)
class FollowUpPoint:
    """A hazard ratio at the median follow-up it was reported with."""

    months: float
    estimate: float
    lower: float | None
    upper: float | None
    cited: Cited
    follow_up: Cited | None


@dataclass(frozen=True)
class FollowUpSeries:
    """How a trial's ratio changed from report to report."""

    acronym: str
    family: str
    endpoint: str
    points: tuple[FollowUpPoint, ...]
    also: str = ""


@dataclass(frozen=True)
class TimelineRow:
    """A trial that runs, or was last listed as running. Dates are ISO texts; "" was not found."""

    acronym: str
    link: str
    registration: str
    regimen: str
    risk: str
    randomized: bool | None
    start: str
    end: str
    n: int | None
    patients: Cited | None
    endpoint: str
    note: str
    cited: Cited
    state: str
    seen: Cited  # what was last read of whether it runs, and when
    also: str = ""


@dataclass(frozen=True)
class StandingRow:
    """What a body said of one or more trials. ``date`` is "" where it was not found.

    ``trials`` has (acronym, link); ``cited`` is the day its text was read, with the sources.
    """

    date: str
    body: str
    region: str
    kind: str
    text: str
    population: str
    trials: tuple[tuple[str, str], ...]
    cited: Cited


@dataclass(frozen=True)
class MrdRow:
    """A rate without measurable residual disease. ``threshold`` and ``when``: "" was not found."""

    acronym: str
    link: str
    arm: str
    randomized: bool
    threshold: str
    when: str
    cited: Cited
    also: str = ""


@dataclass(frozen=True)
class GlanceRow:
    """A randomized trial in a line. ``None``: no such result was found."""

    acronym: str
    link: str
    question: str
    population: str
    pfs: ForestRow | None
    os: ForestRow | None
    harm: ArmsRow | None
    standing: tuple[str, ...]  # statements in a few words, the latest first
    also: str = ""


@dataclass(frozen=True)
class MetaRow:
    """An outcome of a published meta-analysis."""

    analysis: str
    trials: int
    patients: int
    pooled: Cited  # how much was pooled
    row: ForestRow


@dataclass(frozen=True, eq=False)
class EvidencePage:
    """Everything the evidence page shows. ``risks`` are the risk groups one can ask for.

    ``taken`` has (brand, generic) of the drugs searched for by their brand names.
    """

    view: EvidenceView
    drug_classes: tuple[str, ...]
    risks: tuple[str, ...]
    shown: int
    total: int
    forests: tuple[Forest, ...]
    subgroups: Forest
    landmarks: tuple[ArmsRow, ...]
    responses: tuple[ArmsRow, ...]
    events: tuple[ArmsRow, ...]
    single_arm: tuple[SingleArmRow, ...]
    meta: tuple[MetaRow, ...]
    follow_up: tuple[FollowUpSeries, ...]
    timeline: tuple[TimelineRow, ...]
    glance: tuple[GlanceRow, ...] = ()
    standing: tuple[StandingRow, ...] = ()
    mrd: tuple[MrdRow, ...] = ()
    after: Forest = Forest("after", "After progression", ())
    treated_after: tuple[ArmsRow, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    methods: Methods = field(default=Methods())
