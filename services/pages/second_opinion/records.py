"""Records of a view recomputed by other code. Nothing here computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.pages.records import PageRecord

SAME = 1e-5  # of a number: closer than this it is the same
NOTHING = 1e-10  # apart: nor does this count, as of two p values both below it
SAME_WORDS = "“Same” means less than 1 part in 100,000 apart."


class Key(NamedTuple):
    """Which number: of whom, what, of which arm, at which time, and which part of it.

    ``group`` is "" for all patients, else a variable and its level; ``arm`` is "" for all arms.
    ``part`` is "estimate", "lower", "upper" or "p".
    """

    group: tuple[str, str]
    what: str
    arm: str
    time: float | None
    part: str


@dataclass(frozen=True)
class Source:
    """Another program, and why it was not asked or failed (``None`` if it was)."""

    name: str
    version: str
    problem: str | None = None


@dataclass(frozen=True)
class Theirs:
    """What a program says of a number; ``None`` is "not reached" or "not estimable".

    ``answered`` is whether it gives such a number at all. ``difference`` is theirs less ours where
    both are numbers, ``same`` whether they agree, ``why`` the reason where they do not.
    """

    value: float | None
    difference: float | None
    same: bool
    why: str = ""
    answered: bool = True


@dataclass(frozen=True)
class Compared:
    """One number of the page beside those of the other programs, by their names."""

    key: Key
    ours: float | None
    theirs: Mapping[str, Theirs]


@dataclass(frozen=True, eq=False)
class SecondOpinion:
    """A page's numbers recomputed by other code, at that moment.

    ``labels`` says in words what a number's group is. ``answer`` says in a sentence per program
    whether it agrees.
    """

    page: PageRecord
    sources: tuple[Source, ...]
    numbers: tuple[Compared, ...]
    answer: tuple[str, ...]
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
