"""Records of the subgroups page. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from services.evidence.cited import CitedRatio
    from services.pages.survival.records import SurvivalPage
    from services.statistics.results import ForestResult
    from services.statistics.shrinkage import Shrunken
    from services.study.model import Endpoint

Speaks = Literal["for", "against", "open"]


@dataclass(frozen=True)
class Variable:
    """A variable that patients can be grouped by, and what a reader should know of it.

    ``marks`` are "pre-specified", "data-driven", "made here", "calibrated", "illustrative".
    ``made`` says who made the groups: a published "model", this site ("here"), or the study ("").
    """

    name: str
    label: str
    marks: tuple[str, ...]
    note: str = ""
    made: Literal["model", "here", ""] = ""


@dataclass(frozen=True)
class Cuttable:
    """A number that can be cut into groups, with its unit and range."""

    name: str
    label: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True)
class Argument:
    """One point for or against a difference between subgroups being real."""

    question: str
    answer: str
    speaks: Speaks


@dataclass(frozen=True)
class Credibility:
    """What speaks for and against one variable changing the effect."""

    variable: str
    label: str
    arguments: tuple[Argument, ...]
    summary: str


@dataclass(frozen=True, eq=False)
class OpenRow:
    """The subgroup whose curves are open beside the forest."""

    variable: str
    level: str
    label: str
    page: SurvivalPage


@dataclass(frozen=True, eq=False)
class SubgroupsPage(PageRecord):
    """Everything the subgroups page shows; times are in ``view.unit``.

    Attributes
    ----------
    pair : reference, arm
    variables : those shown, in the order asked for; ``forest.groups`` is sorted as ``view.sort``
    choices : all that could be shown
    forest : ``None`` where there is none, with the ``reason``
    time : of the absolute difference
    shrunken : where asked for, effects drawn toward their variable's mean, by a row's name
    beside : hazard ratios of a view beside this one, each with its limits: the axis holds them too
    published : what the trial published for a row, by its name: "MAYO2018:High"
    records : a row per patient: USUBJID, TIME (days), EVENT, ARM_PLANNED
    covariates : the same rows, a categorical column for each variable and stratum by its name
    """

    endpoint: Endpoint
    pair: tuple[str, str] | None
    variables: tuple[Variable, ...]
    choices: tuple[Variable, ...]
    numbers: tuple[Cuttable, ...]
    forest: ForestResult | None
    time: float
    row: OpenRow | None
    credibility: tuple[Credibility, ...]
    records: pd.DataFrame
    covariates: pd.DataFrame
    published: Mapping[str, CitedRatio]
    shrunken: Mapping[str, Shrunken] = field(default_factory=dict)
    beside: tuple[tuple[float, float, float], ...] = ()
