"""Records of whole pages: what ``analysis`` answers and a page shows. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.records import SurvivalResult
from services.study import Arm, Endpoint, Study
from services.view import View


@dataclass(frozen=True)
class FilterColumn:
    """A column patients can be chosen by. ``levels`` are the values as written in filters."""

    name: str
    label: str
    kind: Literal["categorical", "numeric"]
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    missing: int = 0
    note: str = ""


@dataclass(frozen=True, eq=False)
class Population:
    """The subjects chosen. ``mask`` has one entry per row of ``study.subjects``."""

    mask: np.ndarray
    n: int
    n_total: int
    filters: Mapping[str, tuple[str, ...]]
    summary: str


@dataclass(frozen=True)
class AtRisk:
    """Numbers under the chart, at each tick; the three add up to the arm's n.

    ``at_risk`` counts T >= tick; ``events`` and ``censored`` those before it.
    """

    arm: str
    n: int
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class StudyPage:
    """What every page of a study has: ``view`` with its defaults filled in, and who is shown.

    ``counts`` holds, per filter column and level, the patients that pass all other filters.
    """

    study: Study
    view: View
    arms: tuple[Arm, ...]
    population: Population
    filters: tuple[FilterColumn, ...]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, eq=False)
class SurvivalPage(StudyPage):
    """Everything the survival page shows; times are in ``view.unit``.

    ``result`` is ``None`` when nothing can be shown; then ``reason`` says why.
    """

    endpoint: Endpoint
    without_record: int
    result: SurvivalResult | None
    reason: str | None
    ticks: tuple[float, ...]
    at_risk: tuple[AtRisk, ...]
    answer: str
    answer_detail: str
    provenance: tuple[tuple[str, str], ...]
