"""Records of the page of benefit and risk. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from services.statistics.results import Estimate
    from services.study.model import Endpoint


@dataclass(frozen=True)
class OutcomeArm:
    """One arm of an outcome: the share that has it at the time (0 to 1), of ``n`` patients."""

    n: int
    share: Estimate


@dataclass(frozen=True)
class Outcome:
    """A benefit (more is better) or a harm (more is worse) at one time.

    ``difference`` is the share on the arm minus that on the reference; ``number_needed`` the
    patients to treat for one more to have the outcome, where the interval excludes no
    difference, else ``None`` with the reason. ``time`` is the page's, or, in its unit, the last
    at which every arm was watched for it; ``beyond`` says so. What was made up is not
    ``counted`` in a number needed.
    """

    id: str  # "benefit" or "harm"
    label: str  # completes "of 100 patients ...": "are progression-free"
    title: str
    population: str
    method: str
    arms: Mapping[str, OutcomeArm]
    difference: Estimate | None
    number_needed: Estimate | None
    reason: str | None = None
    time: float = 0.0
    beyond: str = ""
    counted: bool = True


@dataclass(frozen=True)
class MeanTime:
    """Mean time per patient of each arm from the start to ``tau``, in the view's unit.

    ``difference`` is the arm's minus the reference's. ``published``: of simulated patients, whether
    a publication gives it.
    """

    id: str  # "free" of progression, or with a "severe" adverse event
    title: str
    method: str
    tau: float
    arms: Mapping[str, Estimate]
    difference: Estimate | None
    reason: str | None = None
    published: bool = True


@dataclass(frozen=True)
class UsualTime:
    """The time the page takes without the filters, and who is still at risk then with them.

    ``words`` is the sentence of it.
    """

    time: float
    at_risk: Mapping[str, int]
    words: str


@dataclass(frozen=True, eq=False)
class BenefitRiskPage(PageRecord):
    """Benefit and harm at one ``time`` (in the view's unit), for the chosen ``pair``.

    ``records`` has a row per patient and outcome: OUTCOME, USUBJID, ARM, TIME (in the unit) and
    CAUSE (0 censored, 1 the event, above what came instead); ``competes`` says whether something
    does for the benefit. ``usual`` is the time without the filters that
    moved it. ``mean_times`` stand beside the hundred patients.
    """

    endpoint: Endpoint
    pair: tuple[str, str] | None
    time: float
    outcomes: tuple[Outcome, ...]
    records: pd.DataFrame
    competes: bool
    usual: UsualTime | None = None
    mean_times: tuple[MeanTime, ...] = ()
