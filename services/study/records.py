"""Who is analyzed, as records. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np


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
    ``analyzed`` of ``n`` are followed without the event at a landmark; ``None`` without one, whose
    words ``since`` holds ("month 6").
    """

    mask: np.ndarray
    n: int
    n_total: int
    filters: Mapping[str, tuple[str, ...]]
    summary: str
    n_study: int
    analyzed: int | None = None
    since: str = ""


@dataclass(frozen=True)
class Stratum:
    """A factor the comparison is stratified by; ``missing`` patients have no value of it.

    One that all patients share (``constant``) makes no strata.
    """

    name: str
    label: str
    missing: int
    of_small_charts: bool = False
    constant: bool = False


@dataclass(frozen=True)
class Reason:
    """Why patients were censored: as an address has it, in words, and of how many."""

    key: str
    words: str
    patients: int


@dataclass(frozen=True)
class OtherTime:
    """Another time of the data, which may come before an endpoint's own.

    ``patients`` had it first; ``strategies`` are what the data can answer, ``refused`` says why
    they cannot answer the rest.
    """

    key: str
    words: str
    patients: int
    strategies: tuple[str, ...]
    refused: str
