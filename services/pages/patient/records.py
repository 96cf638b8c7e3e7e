"""Records of the page of one patient. Days count from the first dose, which is day 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services import names
from services.pages.records import Methods

if TYPE_CHECKING:
    from services.adverse_events.records import ListedEvent, Severity
    from services.study.model import Arm, Study
    from services.views.study import View


@dataclass(frozen=True)
class Milestone:
    """Something that happened on one day. ``kind`` gives its symbol."""

    day: float
    kind: str  # "event" (of an endpoint), "censored", "death"
    label: str


@dataclass(frozen=True, eq=False)
class PatientPage:
    """One patient's course; ``subject`` is the study's own id, nothing else identifies.

    ``treatment`` is the first and last day of treatment, ``response`` the best one
    (date not recorded). ``baseline`` has the column, label and value with unit of what is
    known of the patient at baseline. ``subjects`` lists all ids, ``before`` and ``after`` the
    neighbors.
    """

    study: Study
    view: View
    subject: str
    arm: Arm | None
    treatment: tuple[float, float] | None
    ongoing: bool
    response: str
    milestones: tuple[Milestone, ...]
    events: tuple[ListedEvent, ...]
    severity: Severity | None
    last_day: float
    subjects: tuple[str, ...]
    before: str
    after: str
    reason: str | None
    answer: str
    provenance: tuple[tuple[str, str], ...]
    baseline: tuple[tuple[str, str, str], ...] = ()
    methods: Methods = field(default=Methods())
    dated: bool = True  # whether the day of the first dose is known

    @property
    def without_drug(self) -> bool:
        """Whether the patient's arm is one on which no drug is given."""
        return self.arm is not None and names.without_drug(self.arm.name)
