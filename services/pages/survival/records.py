"""Records of the survival page. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from services.pages.records import PageRecord
from services.replaced import replace

if TYPE_CHECKING:
    from services.arrays import FloatArray
    from services.statistics.cox import Piecewise
    from services.statistics.log_rank import MaxCombo
    from services.statistics.results import (
        AtRisk,
        CumulativeIncidence,
        HazardRatio,
        Schoenfeld,
        SurvivalResult,
        Test,
    )
    from services.statistics.tipping import Tipping, TippingPoint
    from services.study.model import Endpoint
    from services.views.study import View

SIMULATED = "These patients are simulated: no publication gives these numbers."
SIMULATED_CHANGE = "These patients are simulated: no publication reports such a change."


@dataclass(frozen=True)
class WeightedTest:
    """A log-rank test with Fleming-Harrington weights S^rho (1 - S)^gamma.

    ``said`` is what it asks.
    """

    key: str
    name: str
    rho: float
    gamma: float
    said: str
    test: Test | None
    reason: str | None


@dataclass(frozen=True, eq=False)
class ChangingEffect:
    """Hazard ratios before and after a time, and tests that weigh times differently.

    ``change`` is Wald's test that the two ratios are one. ``said`` and ``max_combo_said`` are what
    the two ratios and the largest of the tests answer.
    """

    piecewise: Piecewise
    change: Test | None
    weighted: tuple[WeightedTest, ...]
    max_combo: MaxCombo | None
    max_combo_reason: str | None
    said: str
    max_combo_said: str


@dataclass(frozen=True, eq=False)
class HazardsOverTime:
    """How one arm's hazard ratio moves with time; ``residuals`` or a ``reason``."""

    arm: str
    reference: str
    residuals: Schoenfeld | None
    reason: str | None
    change: ChangingEffect | None = None


@dataclass(frozen=True, eq=False)
class MeanOverTime:
    """Difference of restricted means of one arm and the reference, for each horizon ``tau``."""

    arm: str
    reference: str
    tau: FloatArray
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class CauseRatios:
    """The two hazard ratios of one type of event, of an arm against the reference."""

    cause: str
    arm: str
    reference: str
    cause_specific: HazardRatio | None
    cause_specific_reason: str | None
    subdistribution: HazardRatio | None
    subdistribution_reason: str | None


@dataclass(frozen=True, eq=False)
class TypesOfEvent:
    """Cumulative incidence of each type of event per arm, the others competing.

    ``tests`` has one entry per type: Gray's test of all arms, or ``None`` and the reason.
    ``ratios`` has one per type and arm compared, ``said`` how the two in it differ.
    """

    types: tuple[str, ...]
    incidences: tuple[CumulativeIncidence, ...]
    tests: tuple[tuple[Test | None, str | None], ...]
    ratios: tuple[CauseRatios, ...] = ()
    said: str = ""


@dataclass(frozen=True, eq=False)
class Competing:
    """What became of each arm where something else can come instead of the event.

    ``causes[0]`` is the event, the others what competes; ``incidences`` has one entry per arm.
    """

    causes: tuple[str, ...]
    incidences: tuple[CumulativeIncidence, ...]


@dataclass(frozen=True, eq=False)
class Facet:
    """One small chart: the same analysis within one level of a factor.

    ``at_risk`` is at the ticks of the page. ``few_events``: too few for a ratio to be relied on.
    """

    level: str
    label: str
    n: int
    result: SurvivalResult
    at_risk: tuple[AtRisk, ...] = ()
    few_events: bool = False


Extra = (
    tuple[HazardsOverTime, ...] | tuple[MeanOverTime, ...] | tuple[Facet, ...] | TypesOfEvent | None
)


@dataclass(frozen=True)
class PairWords:
    """What is said of an arm and the reference, "" for nothing.

    ``constancy``: whether one hazard ratio describes the whole period; ``caution``: what the two
    are too small for.
    """

    constancy: str
    caution: str


@dataclass(frozen=True, eq=False)
class Robustness:
    """How much the comparison of an arm with the reference rests on.

    ``tipping`` has the hazard ratio with a few further events in either arm, ``points`` the number
    in each at which the interval includes 1, ``sentences`` says these in words, and of simulated
    patients that nobody published it.
    """

    tipping: tuple[Tipping, ...]
    points: tuple[TippingPoint, TippingPoint]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class AdjustedTerm:
    """A coefficient of an adjusted model: per unit of a number, or a level against the first.

    ``column`` is "" for the arm, ``level`` and ``against`` are "" for a number, ``unit`` its own.
    """

    column: str
    label: str
    level: str
    against: str
    hazard_ratio: HazardRatio | None
    reason: str | None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Adjusted:
    """A Cox model of one arm and the reference with baseline factors.

    ``terms`` begins with the arm. ``n`` patients have every factor, ``n_missing`` are left out;
    ``same_patients`` is the hazard ratio of these ``n`` without the factors. ``tests`` are of
    proportional hazards, by column ("" for the arm, "GLOBAL" for all). ``caution``: what the model
    is too small for.
    """

    arm: str
    reference: str
    hazard_ratio: HazardRatio | None
    reason: str | None
    n: int
    n_missing: int
    events: int
    same_patients: HazardRatio | None
    terms: tuple[AdjustedTerm, ...]
    tests: Mapping[str, Test]
    tests_reason: str | None
    sentence: str
    caution: str


@dataclass(frozen=True, eq=False)
class AdjustedCurve:
    """Survival of an arm as if it had the factors of all ``n`` patients."""

    arm: str
    n: int
    time: FloatArray
    survival: FloatArray


@dataclass(frozen=True, eq=False)
class Adjustment:
    """What an adjustment for baseline factors makes of the page.

    ``columns`` are those adjusted for, with their labels and the levels of those that have some;
    ``values`` has them for each of the page's ``records``. ``curves`` is empty with a ``reason``.
    """

    columns: Mapping[str, str]
    levels: Mapping[str, tuple[str, ...]]
    values: pd.DataFrame
    models: Mapping[str, Adjusted]
    curves: tuple[AdjustedCurve, ...]
    reason: str | None


@dataclass(frozen=True, eq=False)
class SurvivalPage(PageRecord):
    """Everything the survival page shows; times are in ``view.unit``.

    ``reason`` says why there is no chart; ``result`` is ``None`` when there are not numbers
    either. ``extra`` belongs to the plot that ``view.plot`` asks for, ``plots`` lists those there
    are. ``last_time`` is the study's last time of this endpoint, whoever is shown, so that a filter
    leaves the time axis (and a reader's zoom) as it is. ``records`` has a row per patient:
    USUBJID, TIME (days), EVENT, EVENT_TYPE, ARM_PLANNED, STRATUM. ``competing`` is there where
    the endpoint has competing events, whatever is drawn. ``said`` has the words on each arm that is
    compared; ``few_events``: too few for a median to be told. ``robustness`` says by arm how much
    its comparison rests on, ``adjustment`` is there where one was asked for. ``late`` patients
    came under observation after the start. ``of_levels``: the curves are of levels of risk.
    """

    endpoint: Endpoint
    result: SurvivalResult | None
    ticks: tuple[float, ...]
    at_risk: tuple[AtRisk, ...]
    records: pd.DataFrame
    plots: tuple[str, ...] = ("curves",)
    extra: Extra = None
    competing: Competing | None = None
    last_time: float | None = None
    said: Mapping[str, PairWords] = field(default_factory=dict)
    few_events: bool = False
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    adjustment: Adjustment | None = None
    late: int = 0
    of_levels: bool = False

    @property
    def side(self) -> str:
        """What each curve is of, in a word."""
        return "level" if self.of_levels else self.view.side

    @property
    def tells(self) -> bool:
        """Whether there are numbers; where nothing can be compared, they have no sentence."""
        return self.result is not None

    @property
    def full_address(self) -> View:
        """The view with every time and arm named; the plot only where it was chosen."""
        return replace(self.view, plot=self.address.plot)


@dataclass(frozen=True)
class Usual:
    """The headline's time without the filters, and the filters in words."""

    time: float | None
    filters: str
