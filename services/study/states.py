"""The states a study's endpoints speak of, and when each patient entered them.

Free of progression, progressed, on first-line treatment (where an endpoint tells its start), dead.
Which endpoint tells which is said by the study (``[states]`` in ``study.toml``, or on the page of
an upload) or follows from codes and labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from services import lists, names
from services.arrays import BoolArray, FloatArray
from services.format import counted
from services.numbers import format_number
from services.study import dates
from services.study.memory import remembered
from services.study.model import SUBJECT, Endpoint, Study

ROLES = ("progression", "treatment", "death")
NONE = "none"  # said of the treatment: there is no such state
FREE, PROGRESSED, UNTREATED = "Free of progression", "Progressed", "Progressed, untreated"
TREATED, DIED = "First-line treatment", "Died"
_A_DAY = 1 - 1e-9


@dataclass(frozen=True)
class StateModel:
    """Which endpoint tells that a state was entered, by id; ``treatment`` may be ""."""

    progression: str
    treatment: str
    death: str

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states in their order; the last is never left."""
        if self.treatment:
            return (FREE, UNTREATED, TREATED, DIED)
        return (FREE, PROGRESSED, DIED)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Ids of the endpoints, one for each state but the first."""
        return tuple(e for e in (self.progression, self.treatment, self.death) if e)


@cache
def _words() -> dict[str, dict[str, Any]]:
    return lists.beside(__file__)


@cache
def _pattern(role: str, key: str = "labels") -> re.Pattern[str]:
    return re.compile(lists.either(_words()[role][key]), re.IGNORECASE)


def by_name(role: str, endpoints: Sequence[Endpoint]) -> str:
    """The id of the endpoint whose code or label says the role; "" if none does.

    >>> found = (Endpoint("AB1", "Time to start of first-line therapy", "", ""),)
    >>> by_name("treatment", found), by_name("death", found)
    ('AB1', '')
    """
    fit = [
        e
        for e in endpoints
        if e.good is not True and not _pattern("never").search(f"{e.id} {e.label}")
    ]
    ids = {e.id.upper(): e.id for e in fit}
    known = next((ids[code] for code in _words()[role]["codes"] if code in ids), "")
    return known or next((e.id for e in fit if _pattern(role).search(e.label)), "")


def model_of(study: Study) -> StateModel | None:
    """The model of a study, as said or by names; ``None`` where its endpoints allow none."""
    said = dict(study.states)
    ids = {e.id for e in study.endpoints}
    found = {r: said[r] if r in said else by_name(r, study.endpoints) for r in ROLES}
    if found["treatment"] == NONE:
        found["treatment"] = ""
    if not {e for e in found.values() if e} <= ids:
        return None
    if not found["progression"] or not found["death"]:
        return None
    if len({e for e in found.values() if e}) < sum(bool(e) for e in found.values()):
        return None
    return StateModel(**found)


def why_none(study: Study) -> str:
    """Why a study has no model, as a sentence."""
    said = dict(study.states)
    found = {r: said.get(r) or by_name(r, study.endpoints) for r in ROLES}
    told = {
        "progression": "one of progression (PFS or time to progression)",
        "death": "one of death (overall survival)",
    }
    missing = [words for role, words in told.items() if not found[role]]
    return (
        f"This study has no endpoint that is {' and none that is '.join(missing)}."
        if missing
        else ("Two states would be told by one endpoint.")
    )


@dataclass(frozen=True, eq=False)
class Courses:
    """Of n patients, in the order of the study's: what the endpoints say of their states.

    ``rows`` (n,) are places in ``study.subjects``; ``entered`` (n, K - 1) days at which each later
    state was entered, NaN if never; ``end`` (n,) the last day any of the endpoints knows of.
    ``contradictions`` are patients left out because their endpoints cannot all be right, each with
    what they say; ``without`` how many lack a record of an endpoint. Days count as the first
    endpoint's do; those of the endpoints ``moved`` were counted from another start.
    """

    rows: np.ndarray
    entered: FloatArray
    end: FloatArray
    contradictions: tuple[tuple[str, str], ...]
    without: int
    moved: tuple[str, ...] = ()


def courses(study: Study, model: StateModel, mask: BoolArray) -> Courses:
    """When the patients in ``mask`` entered each state.

    A progression that was a death is none: the death is told by its own endpoint.
    """
    told = [_records(study, e, model.progression) for e in model.endpoints]
    complete = mask & np.all([~np.isnan(t.time) for t in told], axis=0)
    rows = np.flatnonzero(complete)
    told = [_Told(t.time[rows], t.event[rows], t.died[rows]) for t in told]
    *before, death = told
    dead = np.where(death.event, death.time, np.nan)
    entered = np.column_stack(
        [*(np.where(t.event & ~t.died, t.time, np.nan) for t in before), dead]
    )
    end = np.where(death.event, death.time, np.max([t.time for t in told], axis=0))
    reasons: dict[int, str] = {}
    for endpoint, t in zip(model.endpoints, before, strict=False):
        late = t.event & ~t.died & (t.time - dead >= _A_DAY)
        for i in np.flatnonzero(late):
            reasons.setdefault(
                int(i),
                f"{endpoint} event on day {_day(t.time[i])}, after death on day {_day(dead[i])}",
            )
        apart = t.died & ~(np.abs(t.time - dead) < _A_DAY)
        for i in np.flatnonzero(apart):
            other = (
                f"{model.death} says on day {_day(dead[i])}"
                if death.event[i]
                else f"alive on day {_day(death.time[i])} by {model.death}"
            )
            reasons.setdefault(int(i), f"death on day {_day(t.time[i])} by {endpoint}, but {other}")
    kept = np.ones(len(rows), dtype=bool)
    kept[list(reasons)] = False
    ids = study.subjects.index.to_numpy()
    return Courses(
        rows[kept],
        entered[kept],
        end[kept],
        tuple((str(ids[rows[i]]), reasons[i]) for i in sorted(reasons)),
        int(mask.sum() - complete.sum()),
        tuple(e for e in model.endpoints if dates.shift(study, e, model.progression)[rows].any()),
    )


def _day(value: float) -> str:
    return format_number(round(float(value), 1))


@dataclass(frozen=True, eq=False)
class _Told:
    """Of every subject by one endpoint: days, whether there was an event, whether a death."""

    time: FloatArray
    event: BoolArray
    died: BoolArray


@remembered(64, key=lambda study, *asked: (study.reconsidered and study.reconsidered.asked, asked))
def _records(study: Study, endpoint: str, clock: str) -> _Told:
    """What an endpoint says, its days counted as those of the endpoint ``clock`` are."""
    n = len(study.subjects)
    records = study.times.iloc[study.endpoint_rows(endpoint)]
    at = study.subjects.index.get_indexer(pd.Index(records[SUBJECT]))
    records, at = records[at >= 0], at[at >= 0]
    time = np.full(n, np.nan)
    event, died = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    time[at] = records["TIME"].to_numpy(dtype=float)
    if (moved := dates.shift(study, endpoint, clock)).any():
        time = np.maximum(time + moved, study.endpoint(clock).first_day or 0.0)
    event[at] = records["EVENT"].to_numpy(dtype=bool)
    # A competing event is none of the endpoint's, but says what happened.
    happened = event[at] | (records["EVENT_TYPE"] != "").to_numpy(dtype=bool)
    died[at] = happened & _deaths(records)
    return _Told(time, event, died)


def _deaths(records: pd.DataFrame) -> BoolArray:
    """Whose type of event, or without one whose words, say a death."""
    kinds, texts = records["EVENT_TYPE"].astype(str), records["EVENT_TEXT"].astype(str)
    said = kinds.where(kinds != "", texts)
    codes, levels = pd.factorize(said)
    found: BoolArray = np.array([_died(t) for t in levels], dtype=bool)
    return found[codes] if len(levels) else np.zeros(len(records), dtype=bool)


def _died(text: str) -> bool:
    """Whether words on an event say a death and no progression; then the day of death decides.

    >>> [_died(t) for t in ("Death", "Death without progression", "Progression or death")]
    [True, True, False]
    """
    happened = _pattern("died", "without").sub("", text)
    if _pattern("died", "progressed").search(happened):
        return False
    return bool(_pattern("died", "words").search(happened))


def left_out(found: Courses) -> str:
    """Who is not counted and why, as a clause; "" if everyone is."""
    parts = []
    if found.without:
        parts.append(
            f"{counted(found.without, 'patient', 'patients')} without a record of each endpoint"
        )
    if found.contradictions:
        parts.append(
            f"{counted(len(found.contradictions), 'patient', 'patients')} whose endpoints"
            " contradict each other"
        )
    return names.join_and(parts)
