"""Result records: what the engine answers and every page shows.

Their fields are the keys of the JSON of the same page. ``None`` means not estimable or not
reached; a ``reason`` beside it says why. Times are in the unit the data were given in (the
pages convert days before they ask). Nothing here computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
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


def to_json(value: Any) -> Any:
    """Turn a record into plain JSON values: arrays to lists, NaN and infinities to ``None``.

    >>> to_json(Estimate(1.5, None, float("nan")))
    {'estimate': 1.5, 'lower': None, 'upper': None, 'reason': None}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return [to_json(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
