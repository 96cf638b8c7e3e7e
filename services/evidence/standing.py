"""Where the drugs stand: what regulators, assessors, guidelines and reviewers said, and when.

Those who disagree stand side by side; nothing here weighs them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass

from services import lists
from services.checked import CONFIG, Record, Texts, one_or_several, unique
from services.evidence.facts import Cited, Date, Day, Sources, Verification

KIND_WORDS: dict[str, str] = lists.beside(__file__)["kinds"]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class LastSeen(Record):
    """What was last read of whether a trial runs.

    ``text_of`` is the date of that text ("": it has none), ``read`` the day it was last read. What
    ran in a text older than a year is "last listed as running" and no more.
    """

    state: Literal["running", "closed to accrual", "last listed as running"]
    words: str
    text_of: Date = ""
    read: Day
    source: Cited


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Standing(Record):
    """What a body decided, found or recommends.

    ``trials`` are the ids of those it rests on; ``date`` is "" where it was not found, ``read`` the
    day its text was last read, ``population`` for whom it speaks, in its own words.
    """

    id: str
    trials: Annotated[Texts, Field(min_length=1)]
    kind: Literal["approval", "vote", "opinion", "assessment", "guideline", "review"]
    date: Date = ""
    body: str
    region: str = ""
    short: str = ""  # in a few words, where a line lists what counts most
    text: str
    population: str
    verification: Verification
    read: Day
    sources: Annotated[
        tuple[Cited, ...],
        Field(validation_alias="source", min_length=1),
        BeforeValidator(one_or_several, json_schema_input_type=Texts),
    ]

    @property
    def kind_words(self) -> str:
        """What kind of statement it is, in words."""
        return KIND_WORDS[self.kind]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Standings(Record):
    """The file of statements; ``as_of`` is the day all statuses were last gone through."""

    as_of: Day
    standings: Annotated[tuple[Standing, ...], Field(min_length=1), unique("id")]
    sources: Sources
