"""Records of the page that compares risk models. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from services.pages.records import PageRecord

if TYPE_CHECKING:
    from services.pages.survival.records import SurvivalPage
    from services.risk.models import Published
    from services.statistics.results import Group, Row
    from services.study.model import Endpoint


@dataclass(frozen=True)
class ModelInfo:
    """A model and what of its inputs this study has.

    ``counts`` are the patients shown by level, ``untold`` those whose level cannot be told.
    ``used`` and ``absent`` say in words which inputs there are and which are missing.
    """

    id: str
    title: str
    rule: str
    reference: str
    caveat: str
    available: bool
    used: tuple[str, ...]
    absent: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    untold: int


@dataclass(frozen=True, eq=False)
class ModelLevel:
    """One level of a model: the treatment effect within it, and progression without treatment.

    ``observed`` is one minus survival in the arm whose curves are drawn, at the time of
    ``published``; (estimate, lower, upper), or ``None`` where it is not estimable.
    """

    level: str
    n: int
    row: Row | None
    published: Published | None
    observed: tuple[float, float | None, float | None] | None


@dataclass(frozen=True, eq=False)
class ModelSide:
    """One of the two models compared; ``curves`` has a curve per level."""

    info: ModelInfo
    levels: tuple[ModelLevel, ...]
    group: Group | None
    curves: SurvivalPage


@dataclass(frozen=True)
class Cell:
    """Patients of one level of each model.

    ``shift`` is 1 where the second model (columns) puts them higher, -1 lower, 0 alike.
    """

    n: int
    shift: int


@dataclass(frozen=True, eq=False)
class CrossTable:
    """Levels of the first model in rows, of the second in columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    both: int
    higher: int
    lower: int
    untold: int


@dataclass(frozen=True, eq=False)
class RiskModelsPage(PageRecord):
    """Two risk models side by side in the same patients; times are in ``view.unit``.

    ``of`` is the arm whose curves by level are drawn, "all" for everyone. ``patients`` has a row
    per patient shown: USUBJID, ARM_PLANNED, TIME (days) and EVENT, missing without a record;
    ``covariates`` the same rows with a column of texts for each model compared and each stratum.
    """

    endpoint: Endpoint
    pair: tuple[str, str] | None
    of: str
    models: tuple[ModelInfo, ...]
    sides: tuple[ModelSide, ...]
    table: CrossTable | None
    overall: Row | None
    time: float
    patients: pd.DataFrame
    covariates: pd.DataFrame
    doubts: tuple[str, ...] = ()  # what looks wrong in the inputs, with the remedy
