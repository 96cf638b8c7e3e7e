"""Records of the survival page. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from services.arrays import FloatArray
    from services.statistics.results import (
        AtRisk,
        CumulativeIncidence,
        Schoenfeld,
        SurvivalResult,
        Test,
    )
    from services.statistics.tipping import Tipping, TippingPoint
    from services.study.model import Endpoint
    from services.views.study import View


@dataclass(frozen=True, eq=False)
class HazardsOverTime:
    """How one arm's hazard ratio moves with time; ``residuals`` or a ``reason``."""

    arm: str
    reference: str
    residuals: Schoenfeld | None
    reason: str | None


@dataclass(frozen=True, eq=False)
class MeanOverTime:
    """Difference of restricted means of one arm and the reference, for each horizon ``tau``."""

    arm: str
    reference: str
    tau: FloatArray
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, eq=False)
class TypesOfEvent:
    """Cumulative incidence of each type of event per arm, the others competing.

    ``tests`` has one entry per type: Gray's test of all arms, or ``None`` and the reason.
    """

    types: tuple[str, ...]
    incidences: tuple[CumulativeIncidence, ...]
    tests: tuple[tuple[Test | None, str | None], ...]


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
    its comparison rests on.
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

    @property
    def full_address(self) -> View:
        """The view with every time and arm named; the plot only where it was chosen."""
        return replace(self.view, plot=self.address.plot)


@dataclass(frozen=True)
class Usual:
    """The headline's time without the filters, and the filters in words."""

    time: float | None
    filters: str
