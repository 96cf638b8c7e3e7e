"""Adverse events: the loop that every arm of every trial goes through.

What a trial's drug does stands in that trial's ``terms.toml``: MedDRA preferred terms by system
organ class. How many patients have which severe event is planned in its ``events.py``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from data.simulate.draw import Draw

BLOOD = "Blood and lymphatic system disorders"
INFECTION = "Infections and infestations"


@dataclass(frozen=True)
class Term:
    """A preferred term of a system organ class; what a table leaves out is 0.

    mild, severe : weights among the events of grade 1-2 and 3-4 that no plan names
    related : chance that an event on treatment is called related to it
    """

    soc: str
    mild: float = 0
    severe: float = 0
    related: float = 0


@dataclass(frozen=True)
class Terms:
    """The terms of a trial, in the order of the draws.

    by_name : every term
    untreated : weights of mild events without the drug: what people of that age have anyway
    fatal : what patients die of, by turns; ``fatal_related`` when on the drug
    """

    by_name: Mapping[str, Term]
    untreated: Mapping[str, float]
    fatal: Sequence[str]
    fatal_related: bool

    def mild(self, drug: bool) -> Mapping[str, float]:
        """Weights of the terms of grade 1 and 2."""
        if not drug:
            return self.untreated
        return {name: about.mild for name, about in self.by_name.items() if about.mild}

    def severe(self, without: str = "", within: str = "") -> Mapping[str, float]:
        """Weights of the terms of grade 3 and 4, ``without`` a class or ``within`` one."""
        return {
            name: about.severe
            for name, about in self.by_name.items()
            if about.severe and about.soc != without and within in ("", about.soc)
        }


def read_terms(path: Path) -> Terms:
    """The table of a trial.

    Raises
    ------
    ValueError : the file names a key that no term has, or a term that stands in no class
    """
    raw = tomllib.loads(path.read_text("utf-8"))
    by_name: dict[str, Term] = {}
    for soc, terms in raw["classes"].items():
        for name, given in terms.items():
            if name in by_name or (unknown := set(given) - {"mild", "severe", "related"}):
                fault = "stands twice" if name in by_name else f"has {', '.join(sorted(unknown))}"
                raise ValueError(f"{path}: {name} {fault}")
            by_name[name] = Term(soc, **given)
    untreated = dict(raw["untreated"])
    for name in (*untreated, *raw["fatal"]):
        if name not in by_name:
            raise ValueError(f"{path}: {name} stands in no class")
    return Terms(by_name, untreated, raw["fatal"], raw["fatal_related"])


@dataclass(frozen=True)
class Person:
    """What the events of one patient hang on; days count from 1 (day 0 does not exist here).

    first, last : days of first and last dose, or of the observation period
    alive : day of death or last contact
    withdrawn : treatment stopped for an adverse event
    fatal : died of an adverse event
    """

    key: int
    first: int
    last: int
    alive: int
    withdrawn: bool
    fatal: bool


@dataclass(frozen=True)
class Event:
    """One event; ``end`` is 0 when it had not resolved."""

    key: int
    term: str
    soc: str
    grade: int
    serious: bool
    related: bool
    outcome: str
    action: str
    start: int
    end: int


Plan = Mapping[int, Sequence[tuple[str, int]]]  # terms and grades by key of the person
Severe = Callable[[Person], Iterable[tuple[str, int, int]]]  # term, grade and day of start


def draw_events(
    people: Sequence[Person],
    terms: Terms,
    drug: bool,
    mean: Callable[[Person], float],
    severe: Severe,
    draw: Draw,
) -> list[Event]:
    """All events of one arm, patient by patient in order of their days.

    A background of ``mean`` mild events, the severe ones, one ``DRUG WITHDRAWN`` where toxicity
    ended treatment, and what the patient died of. Nothing is related without the ``drug``.
    """
    weights, deadly = terms.mild(drug), cycle(terms.fatal)
    out: list[Event] = []
    for p in people:
        mine = _background(p, mean(p), weights, terms, drug, draw)
        mine += [_one(p, *event, terms, drug, draw) for event in severe(p)]
        if p.withdrawn:
            mine = _end_treatment(p, mine, terms, draw)
        if p.fatal:
            mine.append(_fatal(p, next(deadly), terms, drug))
        out += sorted(mine, key=lambda e: (e.start, e.term, e.grade))
    return out


def on_treatment(plan: Plan, draw: Draw) -> Severe:
    """The planned events, each on a day of treatment, sooner rather than later."""

    def day(p: Person) -> int:
        start = p.first + 5 + int(max(p.last - p.first - 8, 1) * draw.unit() ** 1.3)
        return min(start, p.alive)

    return lambda p: ((term, grade, day(p)) for term, grade in plan.get(p.key, ()))


def pick_severe(people: Sequence[Person], n: int, draw: Draw) -> list[int]:
    """Keys of ``n`` survivors: toxicity that ends treatment is more often severe."""
    pool = [p for p in people if not p.fatal]
    return draw.sample([p.key for p in pool], n, [3.0 if p.withdrawn else 1.0 for p in pool])


def _one(
    p: Person, term: str, grade: int, start: int, terms: Terms, drug: bool, draw: Draw
) -> Event:
    about = terms.by_name[term]
    related = drug and draw.chance(about.related)
    blood = about.soc == BLOOD
    serious = not blood and (grade == 4 or (grade == 3 and draw.chance(0.4)))
    if not drug:
        action = "NOT APPLICABLE"
    elif grade >= 3:
        action = draw.weighted({"DRUG INTERRUPTED": 5, "DOSE REDUCED": 3, "DOSE NOT CHANGED": 2})
    else:
        action = draw.weighted({"DOSE NOT CHANGED": 88, "DRUG INTERRUPTED": 7, "DOSE REDUCED": 5})
    end = start + int(3 + (110 if grade < 3 else 40) * draw.unit() ** 2)
    if end > p.alive or (grade < 3 and draw.chance(0.12)):
        outcome = draw.weighted({"NOT RECOVERED/NOT RESOLVED": 3, "RECOVERING/RESOLVING": 1})
        end = 0
    else:
        outcome = "RECOVERED/RESOLVED"
    return Event(p.key, term, about.soc, grade, serious, related, outcome, action, start, end)


def _background(
    p: Person, mean: float, weights: Mapping[str, float], terms: Terms, drug: bool, draw: Draw
) -> list[Event]:
    """Grade 1 and 2 events, more of them early; a few were there before treatment."""
    out = []
    for _ in range(int(mean * draw.between(0.35, 1.65) + draw.unit())):
        start = p.first + int(max(p.last - p.first, 1) * draw.unit() ** 2)
        if drug and draw.chance(0.02):
            # before randomization there is no day, so stay after day 1
            start = max(1, p.first - draw.integer(1, 6))
        grade = 1 if draw.chance(0.66) else 2
        term = draw.weighted(weights)
        out.append(_one(p, term, grade, min(start, p.alive), terms, drug, draw))
    return out


def _end_treatment(p: Person, mine: list[Event], terms: Terms, draw: Draw) -> list[Event]:
    """The patient's events, the worst of which now is the one that ended treatment."""
    mine = mine or [_one(p, "Fatigue", 2, p.first, terms, True, draw)]
    worst = max(range(len(mine)), key=lambda k: (mine[k].grade, mine[k].start))
    day = max(1, p.last - draw.integer(0, 9))
    again = _one(p, mine[worst].term, max(mine[worst].grade, 2), day, terms, True, draw)
    mine[worst] = replace(again, related=True, action="DRUG WITHDRAWN")
    return mine


def _fatal(p: Person, term: str, terms: Terms, drug: bool) -> Event:
    """The event a patient died of, from five days before death."""
    return Event(
        p.key, term, terms.by_name[term].soc, 5, True, drug and terms.fatal_related, "FATAL",
        "DRUG INTERRUPTED" if drug else "NOT APPLICABLE", max(p.alive - 5, 1), p.alive,
    )  # fmt: skip
