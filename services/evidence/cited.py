"""Published numbers with what stands behind them, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from services.evidence.facts import VERIFICATION_WORDS, Conflict, Source


@dataclass(frozen=True)
class Cited:
    """A published number with all that stands behind it.

    ``text`` is what is printed, ``about`` says in words what it is; ``basis`` how it was derived.
    """

    text: str
    about: str
    verification: str
    sources: tuple[Source, ...]
    basis: str = ""
    note: str = ""
    conflicts: tuple[Conflict, ...] = ()

    @property
    def verified(self) -> str:
        """How far it was checked, in words."""
        return VERIFICATION_WORDS[self.verification]


@dataclass(frozen=True)
class CitedRatio(Cited):
    """A published ratio with its 95% limits as numbers, for an axis; ``None``: not published."""

    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Headline:
    """A published result in few words, with what stands behind it."""

    label: str
    cited: Cited
    comparison: str = ""

    @property
    def told(self) -> str:
        """What it is of, and which arm stands before "versus"."""
        return f"{self.label}, {self.comparison}" if self.comparison else self.label


@dataclass(frozen=True)
class ArmsRow:
    """One published quantity, a number per arm."""

    acronym: str
    link: str
    what: str
    follow_up_months: float | None
    arms: tuple[tuple[str, Cited], ...]
    follow_up: Cited | None = None
    also: str = ""
