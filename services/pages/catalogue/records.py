"""Records of the first page: an entry per study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.evidence.cited import Headline
    from services.pages.overview.records import FigureRow
    from services.study.model import Arm, Study
    from services.views.site import CatalogueView


@dataclass(frozen=True)
class SmallCurve:
    """An arm's curve, thinned for a picture: (time, share from 0 to 1) where it steps.

    The share is of those who had the event where something competes with it, else of those who
    are free of it.
    """

    arm: Arm
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class CatalogueEntry:
    """A study's card. ``follow_up`` is in words; ``months`` is what cards are sorted by."""

    study: Study
    question: str
    arms: tuple[tuple[str, int], ...]
    n: int
    follow_up: str
    months: float
    headlines: tuple[Headline, ...]
    figures: tuple[FigureRow, ...]
    curves: tuple[SmallCurve, ...]
    longest: float
    endpoint: str


@dataclass(frozen=True, eq=False)
class CataloguePage:
    """The cards that match, how many there are, and (brand, generic) of drugs searched for."""

    view: CatalogueView
    entries: tuple[CatalogueEntry, ...]
    total: int
    taken: tuple[tuple[str, str], ...] = ()
