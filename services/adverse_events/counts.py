"""Counting adverse events: whom they can happen to, each subject once, and comparisons.

A subject counts once per term and class, at the worst grade. The denominator is the safety
population by actual arm, taken from the subjects table after the filters: those without an event
are in it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from cachetools import LRUCache

from services.adverse_events.coded import Coded
from services.adverse_events.records import UNGRADED, Count
from services.arrays import BoolArray, IntArray
from services.errors import UserError
from services.statistics import proportions
from services.statistics.results import Estimate
from services.study import population as pop
from services.study.memory import remembered
from services.study.model import Study
from services.study.records import Population
from services.values.flags import flag, not_understood
from services.views.study import View

# Intervals by counts, sizes and level: sorting or searching a table makes none again.
_known: LRUCache[tuple[int, int, int, int, float], Estimate] = LRUCache(20_000)
_lock = threading.Lock()

ANY = ""  # the term that stands for any event
Tally = tuple[IntArray, IntArray, IntArray]


@dataclass(frozen=True, eq=False)
class Chosen:
    """What every count rests on: the events that count, and who they can happen to.

    ``arm`` has the arm's position in ``arms`` of each subject, -1 outside the population.
    """

    coded: Coded
    arms: tuple[str, ...]
    arm: IntArray
    n: IntArray
    population: Population
    counted: BoolArray
    pair: tuple[str, str] | None
    level: float
    effect: str


@remembered(64)
def safety_population(study: Study) -> BoolArray:
    """Who is in it: those flagged by ``SAFFL``, or everyone with an actual arm without a flag.

    Nobody where the flag is there and was not understood: see ``no_population``.
    """
    said = flag(study.subjects, "SAFFL")
    treated = np.asarray((study.subjects["ARM_ACTUAL"] != "").to_numpy(), dtype=bool)
    found: BoolArray = said.yes & treated if said.recorded else treated.copy()
    found.flags.writeable = False  # it is kept
    return found


@remembered(64)
def no_population(study: Study) -> str | None:
    """Why the safety population cannot be told, ``None`` where it can."""
    said = flag(study.subjects, "SAFFL")
    if said.lost:
        return f"The safety population cannot be determined: SAFFL is {not_understood(said)}."
    if said.understood and not said.yes.any():
        return "No patient is in the safety population: SAFFL is not Y for any patient."
    return None


def of_term(events: Coded, term: str) -> BoolArray:
    """Events of a term or class, all of them for "".

    Raises
    ------
    UserError : the study has neither
    """
    if term == ANY:
        return np.ones(len(events.term), dtype=bool)
    pairs = np.array([term in pair for pair in events.terms], dtype=bool)
    if not pairs.any():
        raise UserError(
            f"“term={term}” cannot be used: no adverse event has this name.",
            "Choose a term or class from the table.",
        )
    return pairs[events.term]


def choose(study: Study, view: View, pair: tuple[str, str] | None, events: Coded) -> Chosen:
    """The population and the events of a view; only its grade and "only" are left for later."""
    # In the order of the study, whatever the reference.
    arms = tuple(a.name for a in study.arms if a.name in view.arms)
    base = safety_population(study) & study.subjects["ARM_ACTUAL"].isin(arms).to_numpy()
    population = pop.select(study, view, arms, base)
    position = {name: i for i, name in enumerate(arms)}
    arm: IntArray = np.asarray(
        study.subjects["ARM_ACTUAL"].map(position).fillna(-1).to_numpy(), dtype=np.int64
    )
    arm[~population.mask] = -1
    counted = arm[events.subject] >= 0
    if view.emergent == "yes":
        counted &= events.emergent
    n = np.bincount(arm[arm >= 0], minlength=len(arms))
    return Chosen(events, arms, arm, n, population, counted, pair, view.level, view.effect)


def limited(chosen: Chosen, view: View) -> BoolArray:
    """Events that also pass "grade 3 or higher", "serious only" and "related only".

    Raises
    ------
    UserError : the study does not record what is asked for
    """
    events, kept = chosen.coded, chosen.counted.copy()
    wanted = [("severe", events.severe, "grade=severe")] if view.grade == "severe" else []
    wanted += [("serious", events.serious, "only=serious")] if "serious" in view.only else []
    wanted += [("related", events.related, "only=related")] if "related" in view.only else []
    for name, mask, key in wanted:
        if name in events.unknown:
            raise UserError(
                f"“{key}” cannot be used: {events.unknown[name]}.", "Show all events instead."
            )
        kept &= mask
    return kept


def tally(chosen: Chosen, keep: BoolArray, groups: IntArray, n_groups: int) -> Tally:
    """Count events by group and arm.

    Parameters
    ----------
    keep : (events,) which ones
    groups : (events,) code of the term or class

    Returns
    -------
    subjects : (groups, arms) each subject once
    events : (groups, arms)
    grades : (groups, arms, levels + 1) subjects by worst grade; the first level is "none"
    """
    coded = chosen.coded
    levels = len(coded.severity.levels) if coded.severity else 0
    rows = np.flatnonzero(keep)
    group, subject, grade = groups[rows], coded.subject[rows], coded.grade[rows] + 1
    arm = chosen.arm[subject]
    n_arms = len(chosen.arms)
    events = np.bincount(group * n_arms + arm, minlength=n_groups * n_arms)
    # Each subject's worst event of a group is the last of its run.
    order = np.lexsort((grade, subject, group))
    group, subject, grade, arm = group[order], subject[order], grade[order], arm[order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (group[1:] != group[:-1]) | (subject[1:] != subject[:-1])
    cell = (group[last] * n_arms + arm[last]) * (levels + 1) + grade[last]
    grades = np.bincount(cell, minlength=n_groups * n_arms * (levels + 1))
    grades = grades.reshape(n_groups, n_arms, levels + 1)
    return grades.sum(axis=2), events.reshape(n_groups, n_arms), grades


def compared(
    chosen: Chosen, subjects: IntArray, events: IntArray, grades: IntArray
) -> list[dict[str, Any]]:
    """The ``arms``, ``difference`` and ``effect`` of an ``EventRow`` for each group of a tally."""
    difference = _differences(chosen, subjects)
    effect = _effects(chosen, subjects, difference)
    columns = (_counts(chosen, subjects, events, grades), difference, effect)
    names = ("arms", "difference", "effect")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _counts(
    chosen: Chosen, subjects: IntArray, events: IntArray, grades: IntArray
) -> list[dict[str, Count]]:
    """A ``Count`` per group and arm."""
    severity = chosen.coded.severity
    names = (UNGRADED, *(severity.levels if severity else ()))
    result = []
    for g in range(len(subjects)):
        row = {}
        for a, arm in enumerate(chosen.arms):
            n = int(chosen.n[a])
            by_grade = {name: int(v) for name, v in zip(names, grades[g, a], strict=True)}
            if severity and not by_grade[UNGRADED]:
                del by_grade[UNGRADED]
            row[arm] = Count(
                int(subjects[g, a]),
                100 * int(subjects[g, a]) / n if n else None,
                int(events[g, a]),
                by_grade if severity else {},
            )
        result.append(row)
    return result


def _differences(chosen: Chosen, subjects: IntArray) -> list[Estimate | None]:
    """Miettinen-Nurminen difference of the chosen pair for each group."""
    if chosen.pair is None:
        return [None] * len(subjects)
    a, b = (chosen.arms.index(name) for name in chosen.pair)
    if not chosen.n[a] or not chosen.n[b]:
        empty = chosen.pair[0] if not chosen.n[a] else chosen.pair[1]
        return [Estimate(None, None, None, f"no patients on {empty}")] * len(subjects)
    sizes = int(chosen.n[a]), int(chosen.n[b])
    wanted = [(int(row[a]), sizes[0], int(row[b]), sizes[1], chosen.level) for row in subjects]
    with _lock:
        known = {key: _known[key] for key in wanted if key in _known}
    new = [key for key in dict.fromkeys(wanted) if key not in known]
    if new:
        x1, n1, x2, n2, _ = zip(*new, strict=True)
        values = proportions.risk_differences(x1, n1, x2, n2, chosen.level)
        made = (Estimate(float(e), float(lo), float(hi)) for e, lo, hi in zip(*values, strict=True))
        known |= dict(zip(new, made, strict=True))
        with _lock:
            _known.update({key: known[key] for key in new})
    return [known[key] for key in wanted]


def _effects(
    chosen: Chosen, subjects: IntArray, made: Sequence[Estimate | None]
) -> list[Estimate | None]:
    """What the switch asks for: the difference, the risk ratio or the odds ratio."""
    if chosen.pair is None or chosen.effect == "difference":
        return list(made)
    a, b = (chosen.arms.index(name) for name in chosen.pair)
    ratios = proportions.risk_ratios if chosen.effect == "ratio" else proportions.odds_ratios
    sizes = int(chosen.n[a]), int(chosen.n[b])
    wanted = [(int(row[a]), sizes[0], int(row[b]), sizes[1]) for row in subjects]
    distinct = list(dict.fromkeys(wanted))
    known = dict(zip(distinct, ratios(distinct, chosen.level), strict=True))
    return [known[table] for table in wanted]
