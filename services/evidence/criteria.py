"""Whom a trial took, as rules that a patient's values are held against."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag
from pydantic.dataclasses import dataclass

from services.checked import (
    CONFIG,
    Number,
    Record,
    Whole,
    wrong,
)

# What a patient's values can tell: percent, g/dL, ratios, mg/L of the involved chain, months since
# diagnosis, number of reduced uninvolved immunoglobulins. "other" is never known here.
Value = Literal[
    "bmpc", "mprot", "flcr", "kappa_lambda", "involved", "aberrant", "reduced", "isotype",
    "months", "mayo2018", "other",
]  # fmt: skip
_BOUNDS = ("at_least", "above", "at_most", "below")


@dataclass(frozen=True, config=CONFIG)
class Condition(Record):
    """A bound on one value of a patient, or what it must be."""

    value: Value
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None
    equals: str = ""

    def __post_init__(self) -> None:
        bounds = [getattr(self, name) for name in _BOUNDS]
        if self.value != "other" and not self.equals and bounds == [None] * len(bounds):
            raise wrong("has no bound", f"Give one of {', '.join((*_BOUNDS, 'equals'))}.")


def _part(value: Any) -> str:
    group = "of" in value if isinstance(value, dict) else isinstance(value, Criterion)
    return "a group" if group else "a bound"


Part = Annotated[
    Annotated["Condition", Tag("a bound")] | Annotated["Criterion", Tag("a group")],
    Discriminator(_part),
]


@dataclass(frozen=True, config=CONFIG)
class Criterion(Record):
    """An entry criterion in words: at least ``least`` of ``of`` must hold.

    With nothing in ``of`` it is about what these values do not tell, such as hemoglobin.
    """

    words: str = ""
    least: Whole = 1
    of: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        parts = max(1, len(self.of))
        if not 1 <= self.least <= parts:
            raise wrong(f"has least {self.least}", f"Write 1 to {parts}, the number of its parts.")


def in_words(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """The criteria, each of which must be said in words."""
    for i, criterion in enumerate(criteria):
        if not criterion.words:
            raise wrong("is missing", "Add it.", i, "words")
    return criteria
