"""Records of whole pages: what ``analysis`` answers and a page shows. Nothing here computes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from services.evidence_page_records import Headline
from services.records import FloatArray, SurvivalResult, Test
from services.study import Arm, Endpoint, Study
from services.view import View, encode

if TYPE_CHECKING:
    from services.competing import CumulativeIncidence
    from services.proportional_hazards import Schoenfeld


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
    """The subjects chosen. ``mask`` has one entry per row of ``study.subjects``.

    ``n`` of ``n_total`` in the arms shown pass the filters; ``n_study`` counts all arms.
    """

    mask: np.ndarray
    n: int
    n_total: int
    filters: Mapping[str, tuple[str, ...]]
    summary: str
    n_study: int


@dataclass(frozen=True)
class Stratum:
    """A factor the comparison is stratified by; ``missing`` patients have no value of it."""

    name: str
    label: str
    missing: int
    of_small_charts: bool = False


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


@dataclass(frozen=True)
class MadeUp:
    """Why what a page shows of simulated patients is no result: it was never published.

    ``what`` names it ("adverse events of observation"), ``sentence`` stands for the answer.
    """

    what: str
    sentence: str


@dataclass(frozen=True, eq=False)
class StudyPage:
    """What every page of a study has: ``view`` with its defaults filled in, and who is shown.

    ``counts`` holds, per filter column and level, the patients that pass all other filters.
    ``address`` is ``view`` without what equals the study's defaults, for links and file names.
    ``among`` says of whom the population is a part, where not of all patients.
    ``headlines`` is what the trial's own publication says of what the page shows; it stands first.
    """

    study: Study
    view: View
    arms: tuple[Arm, ...]
    population: Population
    filters: tuple[FilterColumn, ...]
    counts: Mapping[str, Mapping[str, int]]
    address: View = field(default_factory=View, kw_only=True)
    among: str = field(default="", kw_only=True)
    headlines: tuple[Headline, ...] = field(default=(), kw_only=True)
    made_up: MadeUp | None = field(default=None, kw_only=True)


def file_name(page: StudyPage, name: str, ending: str = "", *, endpoint: bool = True) -> str:
    """Of a page's file: "e3a06-PFS-survival-patients.csv".

    A view that is not the study's default adds a hash of it, so that the files of two views never
    have one name. An upload's secret id is in none: see ``Study.public_name``.

    Parameters
    ----------
    name : the page and the part of it, such as "survival-patients"
    ending : without its dot; "" leaves it to the browser, which makes images in several formats
    endpoint : whether the numbers are those of the view's endpoint
    """
    parts = [page.study.public_name, page.view.endpoint if endpoint else "", name]
    rest = encode(replace(page.address, endpoint=""))
    if rest:
        parts.append(hashlib.sha256(rest.encode()).hexdigest()[:6])
    stem = ascii_name("-".join(filter(None, parts)))
    return f"{stem}.{ending}" if ending else stem


def ascii_name(name: str) -> str:
    """A file's name of letters, digits, "-", "_" and "." alone: a header holds no more.

    >>> ascii_name('a"b\\n.csv')
    'a-b-.csv'
    """
    return "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in name)


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

    ``at_risk`` is at the ticks of the page.
    """

    level: str
    label: str
    n: int
    result: SurvivalResult
    at_risk: tuple[AtRisk, ...] = ()


Extra = (
    tuple[HazardsOverTime, ...] | tuple[MeanOverTime, ...] | tuple[Facet, ...] | TypesOfEvent | None
)


@dataclass(frozen=True, eq=False)
class SurvivalPage(StudyPage):
    """Everything the survival page shows; times are in ``view.unit``.

    ``reason`` says why there is no chart; ``result`` is ``None`` when there are no numbers
    either. ``extra`` belongs to the plot that ``view.plot`` asks for, ``plots`` lists those there
    are. ``last_time`` is the study's last time of this endpoint, whoever is shown, so that a filter
    leaves the time axis (and a reader's zoom) as it is. ``records`` has a row per patient:
    USUBJID, TIME (days), EVENT, EVENT_TYPE, ARM_PLANNED, STRATUM. ``competing`` is there where
    the endpoint has competing events, whatever is drawn.
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
    records: pd.DataFrame
    plots: tuple[str, ...] = ("curves",)
    extra: Extra = None
    competing: Competing | None = None
    last_time: float | None = None

    @property
    def full_address(self) -> View:
        """The view with every time and arm named; the plot only where it was chosen."""
        return replace(self.view, plot=self.address.plot)
