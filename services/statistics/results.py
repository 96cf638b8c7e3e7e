"""Result records: what the engine answers and every page shows.

Their fields are the keys of the JSON of the same page. ``None`` means not estimable or not
reached; a ``reason`` beside it says why. Times are in the unit the data were given in (the
pages convert days before they ask). Nothing here computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, ParamSpec, TypeVar

from services.arrays import FloatArray, IntArray

T = TypeVar("T")
P = ParamSpec("P")
Leading = Literal["stratified", "unstratified"]


@dataclass(frozen=True)
class Estimate:
    """A number with its confidence interval."""

    estimate: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Quantile:
    """The time by which a share ``p`` had the event."""

    p: float
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Landmark:
    """Survival at one time. ``at_risk`` + ``events`` (before) + ``censored`` (before) = n."""

    time: float
    at_risk: int
    events: int
    censored: int
    survival: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Rmst:
    """Restricted mean survival time up to ``tau``."""

    tau: float
    estimate: float | None
    se: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Curve:
    """One arm's Kaplan-Meier estimate.

    ``time`` starts at 0 and holds every distinct time, ascending; the other arrays have its
    length. ``survival`` is the value just after ``time`` (right-continuous), ``at_risk`` counts
    those with T >= time; ``n_event`` and ``n_censor`` happen at ``time``. ``lower``/``upper``
    are NaN where survival is 0 (and upper/lower undefined).
    """

    arm: str
    n: int
    events: int
    censored: int
    time: FloatArray
    survival: FloatArray
    lower: FloatArray
    upper: FloatArray
    std_err: FloatArray
    at_risk: IntArray
    n_event: IntArray
    n_censor: IntArray
    quartiles: tuple[Quantile, ...]
    median: Estimate
    landmarks: tuple[Landmark, ...]
    rmst: Rmst
    follow_up: Estimate


@dataclass(frozen=True)
class Test:
    """A chi-square test. ``name`` says which one it is."""

    chi2: float
    df: int
    p: float
    name: str = ""

    __test__ = False  # not a pytest class


@dataclass(frozen=True)
class HazardRatio:
    """Cox hazard ratio, arm against reference; below 1 favors the arm. ``p`` is Wald's."""

    estimate: float
    lower: float
    upper: float
    log_se: float
    p: float
    p_score: float | None = None
    p_likelihood: float | None = None


@dataclass(frozen=True)
class Difference:
    """Survival of the arm minus that of the reference at one time; ``p`` of the normal test."""

    time: float
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    reason: str | None = None


@dataclass(frozen=True)
class RmstDifference:
    """RMST of the arm minus (and over) that of the reference."""

    tau: float
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    ratio: Estimate | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Comparison:
    """One arm against the reference. ``stratified_...`` hold the same pair within strata.

    ``leading`` says which of the two answers the question as it was asked: sentences, charts and
    scripts take the ``lead_...``.
    """

    arm: str
    reference: str
    hazard_ratio: HazardRatio | None
    reason: str | None
    log_rank: Test | None
    landmark_differences: tuple[Difference, ...]
    rmst_difference: RmstDifference | None
    proportional_hazards: Test | None
    stratified_hazard_ratio: HazardRatio | None = None
    stratified_reason: str | None = None
    stratified_log_rank: Test | None = None
    stratified_proportional_hazards: Test | None = None
    leading: Leading = "unstratified"

    @property
    def lead_hazard_ratio(self) -> HazardRatio | None:
        """The stratified hazard ratio where strata were asked for."""
        stratified = self.leading == "stratified"
        return self.stratified_hazard_ratio if stratified else self.hazard_ratio

    @property
    def lead_reason(self) -> str | None:
        """Why there is no ``lead_hazard_ratio``."""
        return self.stratified_reason if self.leading == "stratified" else self.reason

    @property
    def lead_log_rank(self) -> Test | None:
        """The stratified log-rank test where strata were asked for."""
        return self.stratified_log_rank if self.leading == "stratified" else self.log_rank

    @property
    def lead_proportional_hazards(self) -> Test | None:
        """Of the model of ``lead_hazard_ratio``."""
        stratified = self.leading == "stratified"
        return self.stratified_proportional_hazards if stratified else self.proportional_hazards


@dataclass(frozen=True)
class SurvivalResult:
    """Everything the survival page shows of one endpoint."""

    curves: tuple[Curve, ...]
    log_rank: Test | None
    comparisons: tuple[Comparison, ...]
    stratified_log_rank: Test | None = None
    leading: Leading = "unstratified"

    @property
    def lead_log_rank(self) -> Test | None:
        """The test of all arms, stratified where strata were asked for."""
        return self.stratified_log_rank if self.leading == "stratified" else self.log_rank


@dataclass(frozen=True)
class IncidenceLandmark:
    """Cumulative incidence of one cause at one time.

    ``at_risk`` + ``events`` (of this cause, before) + ``other_events`` (before) + ``censored``
    (before) = n.
    """

    time: float
    at_risk: int
    events: int
    other_events: int
    censored: int
    incidence: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class CauseIncidence:
    """Cumulative incidence of one cause, at the times of its :class:`CumulativeIncidence`.

    ``incidence`` is right-continuous. ``lower``/``upper`` are NaN where the interval does not
    exist: on both log scales before the first event, on log-log also at 1.
    """

    cause: str
    code: int
    events: int
    incidence: FloatArray
    std_err: FloatArray
    lower: FloatArray
    upper: FloatArray
    n_event: IntArray
    landmarks: tuple[IncidenceLandmark, ...]


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """One arm's Aalen-Johansen estimate.

    ``time`` starts at 0 and holds every distinct time, ascending; the other arrays, and those
    of each cause, have its length. ``event_free`` is 1 minus the sum of all incidences.
    """

    arm: str
    n: int
    censored: int
    time: FloatArray
    at_risk: IntArray
    n_censor: IntArray
    event_free: FloatArray
    causes: tuple[CauseIncidence, ...]


@dataclass(frozen=True)
class AtRisk:
    """Numbers under the chart, at each tick; the three add up to the arm's n.

    ``at_risk`` counts T >= tick; ``events`` and ``censored`` those before it. With entry times the
    rest are those still to come.
    """

    arm: str
    n: int
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Schoenfeld:
    """Scaled Schoenfeld residuals of two arms, for the plot of the test.

    One entry per death, by time: ``residual`` estimates the log hazard ratio at ``time``;
    ``transformed`` is g(time), the even spacing R plots on. ``smooth`` is a natural cubic spline
    of four degrees of freedom through them at ``smooth_time``, with pointwise limits; empty when
    there are too few deaths for it. ``log_hazard_ratio`` is the fitted constant.
    """

    time: FloatArray
    transformed: FloatArray
    residual: FloatArray
    log_hazard_ratio: float
    smooth_time: FloatArray
    smooth_transformed: FloatArray
    smooth: FloatArray
    smooth_lower: FloatArray
    smooth_upper: FloatArray
    test: Test | None
    reason: str | None = None


@dataclass(frozen=True)
class Row:
    """One line of the forest: a level of a factor, or all patients.

    ``n``, ``events`` and ``median`` are by arm, the reference first. ``hazard_ratio`` is that of
    the arm over the reference, ``None`` with a ``reason``; ``difference`` is the arm's survival
    minus the reference's at the landmark, if one was asked for, ``survival`` each arm's there.
    """

    level: str
    n: Mapping[str, int]
    events: Mapping[str, int]
    median: Mapping[str, float | None]
    hazard_ratio: HazardRatio | None
    reason: str | None = None
    difference: Difference | None = None
    survival: Mapping[str, float | None] | None = None


@dataclass(frozen=True)
class Group:
    """A factor's rows and its interaction test on the same complete cases.

    ``caution`` says why a test that was made is not to be believed, ``told`` what a test without a
    sign can say: "inconclusive (30 events)".
    """

    variable: str
    label: str
    interaction: Test | None
    levels: tuple[Row, ...]
    interaction_reason: str | None = None
    n_missing: int = 0
    caution: str | None = None
    told: str = ""


@dataclass(frozen=True)
class ForestResult:
    """A whole forest; ``tests`` counts the interaction tests made.

    ``proportional_hazards`` tests the model of all patients; ``None`` if it has no answer.
    """

    overall: Row
    groups: tuple[Group, ...]
    tests: int
    proportional_hazards: Test | None = None


class NotEstimable(Exception):  # noqa: N818 - an answer ("not estimable, because"), not a fault
    """The data do not hold this estimate; ``reason`` says why in words for the reader.

    >>> NotEstimable("0 events in Lenalidomide").reason
    '0 events in Lenalidomide'
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def or_reason(
    make: Callable[P, T], *args: P.args, **options: P.kwargs
) -> tuple[T, None] | tuple[None, str]:
    """What ``make`` answers; or ``None``, and why it is not estimable."""
    try:
        return make(*args, **options), None
    except NotEstimable as answer:
        return None, answer.reason
