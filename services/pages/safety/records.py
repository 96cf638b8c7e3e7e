"""Records of the safety pages. Nothing here computes.

Percent are 0 to 100, differences are shares (-1 to 1), times are in the view's unit unless a name
says otherwise. ``None`` with a reason is "not estimable" or "not recorded", never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from services.adverse_events.records import (
        EventRow,
        Listing,
        Reading,
        SafetyTime,
        Severity,
        Watched,
    )
    from services.evidence.cited import Cited
    from services.evidence.facts import Source


@dataclass(frozen=True)
class ClassRow:
    """A system organ class and those of its terms that are listed."""

    row: EventRow
    terms: tuple[EventRow, ...]


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
class SafetyPage(PageRecord):
    """Everything the safety page shows; ``population`` is the safety population.

    ``n`` holds the subjects per arm, ``pair`` is (arm, reference) of every comparison, ``None``
    with a single arm. ``leading`` has the listed terms of all classes in the order asked for.
    ``reason`` says why there is nothing to show.
    """

    n: Mapping[str, int]
    pair: tuple[str, str] | None
    severity: Severity | None = None
    emergent_known: bool = False
    limits: str = ""  # what the view leaves of the events: "grade 3 or higher, serious"
    overview: tuple[EventRow, ...] = ()
    limited: EventRow | None = None  # any event of those left, where only some kinds are
    classes: tuple[ClassRow, ...] = ()
    leading: tuple[EventRow, ...] = ()
    readings: tuple[Reading, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()  # value, label of what can be looked at
    time: SafetyTime | None = None
    watched: tuple[Watched, ...] = ()
    listing: Listing | None = None
    published: PublishedSafety | None = None
    notes: tuple[str, ...] = ()
    unlisted: int = 0  # terms that match, which fewer patients had than those that are listed
