"""Records of the methods page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CheckedFigure:
    """A statistic as R answered it once and as the engine answers it now.

    ``difference`` is the largest, relative for numbers above 1; ``None`` if one of them has a
    number where the other has none.
    """

    label: str
    expected: tuple[float | None, ...]
    found: tuple[float | None, ...]
    difference: float | None
    agrees: bool


@dataclass(frozen=True)
class CheckedCase:
    """One set of data put to both."""

    title: str
    n: int
    figures: tuple[CheckedFigure, ...]


@dataclass(frozen=True)
class SelfCheck:
    """Everything that was recomputed, and how long it took."""

    made_with: str
    tolerance: float
    seconds: float
    cases: tuple[CheckedCase, ...]

    @property
    def total(self) -> int:
        """Number of figures."""
        return sum(len(c.figures) for c in self.cases)

    @property
    def agreeing(self) -> int:
        """Number of figures that agree."""
        return sum(f.agrees for c in self.cases for f in c.figures)


@dataclass(frozen=True)
class Method:
    """How one kind of number is made: in words, as a formula, with its reference."""

    title: str
    words: str
    formula: str = ""
    reference: str = ""
    link: str = ""


@dataclass(frozen=True)
class Departure:
    """Where this engine and R give other answers: what is done here, what R does."""

    title: str
    here: str
    r: str


@dataclass(frozen=True)
class Maker:
    """What computes a kind of estimate, and why lifelines does not where it does not.

    ``test`` is the test that shows the difference, as pytest is given it.
    """

    estimate: str
    by: str
    why: str
    test: str


@dataclass(frozen=True)
class DataCard:
    """A bundled study's card, in Markdown."""

    study: str
    title: str
    text: str


@dataclass(frozen=True)
class MethodsPage:
    """Everything the methods page shows."""

    methods: tuple[Method, ...]
    versions: tuple[tuple[str, str], ...]
    cards: tuple[DataCard, ...]
    check: SelfCheck
    departures: tuple[Departure, ...] = ()
    makers: tuple[Maker, ...] = ()
