"""The safety page: who had which adverse event, how bad, on which arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from services import lists
from services.adverse_events import coded, counts
from services.adverse_events import listing as adverse_events_listing
from services.adverse_events.coded import Coded, event_label
from services.adverse_events.records import EventRow
from services.adverse_events.time import safety_time, watched_times
from services.arrays import BoolArray, IntArray
from services.pages import lead
from services.pages.cache import cached
from services.pages.defaults import minimal_pair, resolve_pair, shared
from services.pages.safety import published as safety_published
from services.pages.safety import words as safety_words
from services.pages.safety.records import ClassRow, SafetyPage
from services.pages.words import with_caveat
from services.replaced import replace
from services.study import population as pop
from services.study.model import Study
from services.study.records import Population
from services.views.study import View


def _below(page: SafetyPage) -> str:
    """What is made up: the counts of the publication stand in a table of their own."""
    given = ", but for counts given as published," if page.published else ""
    return f"what follows{given} is"


@cached("safety", lead.Lead(lead.of_adverse_events, lead.harms, below=_below))
def safety_page(study: Study, asked: View) -> SafetyPage:
    """The safety page of ``study`` as ``asked`` has it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view, pair = resolve_pair(study, asked)
    events = coded.coded(study)
    if events is None:
        return _without(study, view, pair, coded.NO_TABLE)
    lost = counts.no_population(study)
    if lost is not None:
        return _without(study, view, pair, lost)
    chosen = counts.choose(study, view, pair, events)
    keep = counts.limited(chosen, view)
    overview = _overview(chosen)
    classes, unlisted = _classes(chosen, keep, view)
    leading = _ordered([t for c in classes for t in c.terms], view)
    watched = watched_times(study, chosen.arm, chosen.arms, view)
    reason = None if chosen.population.n else safety_words.NOBODY
    time = None
    if view.section == "time" and reason is None:
        time = safety_time(study, view, chosen, keep, leading, watched)
    listing = (
        adverse_events_listing.listing(study, view, chosen, keep)
        if view.section == "events"
        else None
    )
    limited_row = _limited_row(chosen, keep, view) if view.only else None
    answer, detail = safety_words.answer(
        chosen.n, chosen.arms, overview, pair, view, watched, limited_row
    )
    return SafetyPage(
        **_shared(study, view, chosen.arms, chosen.population),
        n={name: int(chosen.n[i]) for i, name in enumerate(chosen.arms)},
        pair=pair,
        reason=reason,
        severity=events.severity,
        emergent_known="emergent" not in events.unknown,
        overview=overview,
        limited=limited_row,
        classes=classes,
        leading=tuple(leading),
        unlisted=unlisted,
        readings=events.readings,
        terms=term_options(events),
        time=time,
        watched=watched,
        listing=listing,
        limits=coded.limits(view, events),
        published=safety_published.published(study, events),
        answer=answer if reason is None else "",
        answer_detail=with_caveat(study, detail) if reason is None else "",
        notes=safety_words.notes(chosen, view, watched, leading),
        provenance=(
            *safety_words.provenance(study, view, chosen.population, events, pair),
            *safety_words.listed(len(leading), unlisted),
        ),
        methods=safety_words.paragraph(study, view, chosen.population, events, pair),
    )


def _without(study: Study, view: View, pair: tuple[str, str] | None, reason: str) -> SafetyPage:
    """The page of a study whose adverse events cannot be counted: it says why."""
    arms = tuple(a.name for a in study.arms if a.name in view.arms)
    population = pop.select(study, view, arms, _base(study, arms))
    return SafetyPage(
        **_shared(study, view, arms, population),
        n={},
        pair=pair,
        reason=reason,
        provenance=safety_words.provenance(study, view, population, None, pair),
    )


def _base(study: Study, arms: tuple[str, ...]) -> BoolArray:
    inside = study.subjects["ARM_ACTUAL"].isin(arms).to_numpy()
    return np.asarray(counts.safety_population(study) & inside, dtype=bool)


def _shared(
    study: Study, view: View, arms: tuple[str, ...], population: Population
) -> dict[str, Any]:
    base, address = _base(study, arms), minimal_pair(study, view)
    found = shared(study, view, arms, population, address, base)
    return found | {"among": safety_words.POPULATION}


def term_options(events: Coded) -> tuple[tuple[str, str], ...]:
    """What can be looked at: any event, each class, each term."""
    named = dict.fromkeys(term for _, term in events.terms)
    return (
        (counts.ANY, "Any adverse event"),
        *((soc, f"{event_label(soc)} (class)") for soc in events.classes),
        *((term, event_label(term)) for term in named if term not in events.classes),
    )


MOST_TERMS = 1_500
_OVERVIEW = lists.beside(__file__)


def _overview(chosen: counts.Chosen) -> tuple[EventRow, ...]:
    events = chosen.coded
    severe = events.severity.severe_title if events.severity else "Severe"
    rows: list[EventRow] = []
    tallies = []
    for row_id, said in _OVERVIEW.items():
        parts = [] if row_id == "any" else row_id.split("_")
        label = said["label"].format(severe=severe, inside=severe.lower())
        why = next((events.unknown[p] for p in parts if p in events.unknown), None)
        note = "" if why else "; ".join(events.partly[p] for p in parts if p in events.partly)
        row = EventRow(
            label, label, {}, None, None, id=row_id, explained=said["explained"], reason=why,
            note=note,
        )  # fmt: skip
        if why is None:
            tallies.append(_together(chosen, [getattr(events, part) for part in parts]))
        if why is None or len(parts) < 2:  # of two that are not known each says so itself
            rows.append(row)
    made = iter(counts.compared(chosen, *map(np.concatenate, zip(*tallies, strict=True))))
    return tuple(row if row.reason else replace(row, **next(made)) for row in rows)


def _together(chosen: counts.Chosen, masks: Sequence[BoolArray]) -> counts.Tally:
    """Those of the events counted that all masks keep, as one group."""
    keep = np.logical_and.reduce([chosen.counted, *masks])
    return counts.tally(chosen, keep, np.zeros(len(keep), dtype=np.int64), 1)


def _limited_row(chosen: counts.Chosen, keep: BoolArray, view: View) -> EventRow:
    """Any of the events that the view leaves."""
    label = safety_words.limited_label(view, chosen.coded)
    (made,) = counts.compared(chosen, *_together(chosen, [keep]))
    return EventRow(label, label, **made, id="limited")


def _classes(
    chosen: counts.Chosen, keep: BoolArray, view: View
) -> tuple[tuple[ClassRow, ...], int]:
    """Classes with their terms, and how many terms that match are not listed."""
    events = chosen.coded
    by_term = counts.tally(chosen, keep, events.term, len(events.terms))
    by_class = counts.tally(chosen, keep, events.soc_of[events.term], len(events.classes))
    matching = _listed(chosen, by_term, view)
    listed = _first_of(matching, by_term[0].sum(axis=1))
    socs = np.unique(events.soc_of[listed])
    named = [(name, name) for name in events.classes]
    terms, classes = _rows(chosen, [(by_term, listed, events.terms), (by_class, socs, named)])
    inside: dict[str, list[EventRow]] = {}
    for row in terms:
        inside.setdefault(row.soc, []).append(row)
    ordered = _ordered(classes, view)
    made = tuple(ClassRow(row, tuple(_ordered(inside[row.soc], view))) for row in ordered)
    return made, len(matching) - len(listed)


def _first_of(matching: IntArray, patients: IntArray) -> IntArray:
    """The terms that most patients had, if there are very many: each takes milliseconds."""
    if len(matching) <= MOST_TERMS:
        return matching
    common = matching[np.argsort(-patients[matching], kind="stable")[:MOST_TERMS]]
    return np.sort(common)


def _listed(chosen: counts.Chosen, tallied: counts.Tally, view: View) -> IntArray:
    """Terms that somebody had, common enough, and that match what is searched for."""
    subjects = tallied[0]
    keep = subjects.sum(axis=1) > 0
    if view.least > 0:
        # Rounding must not lose a term of exactly 5%.
        share = 100 * subjects / np.maximum(chosen.n, 1)
        keep &= share.max(axis=1) >= view.least - 1e-9
    if view.q.strip():
        wanted = view.q.strip().casefold()
        keep &= np.array(
            [wanted in f"{soc}\n{term}".casefold() for soc, term in chosen.coded.terms], dtype=bool
        )
    return np.flatnonzero(keep)


def _rows(
    chosen: counts.Chosen,
    groups: Sequence[tuple[counts.Tally, IntArray, Sequence[tuple[str, str]]]],
) -> list[list[EventRow]]:
    """Rows of some of each tally's groups, named by class and term; compared all at once."""
    shown = [[part[which] for part in tallied] for tallied, which, _ in groups]
    made = iter(counts.compared(chosen, *map(np.concatenate, zip(*shown, strict=True))))
    return [
        [
            EventRow(name, event_label(name), **next(made), soc=soc)
            for soc, name in (names[g] for g in which)
        ]
        for _, which, names in groups
    ]


def _ordered(rows: Sequence[EventRow], view: View) -> list[EventRow]:
    """By name, by how much more often on the arm, or by how many of all patients had it."""

    def frequency(row: EventRow) -> int:
        return sum(count.subjects for count in row.arms.values())

    def difference(row: EventRow) -> float:
        return -np.inf if row.difference is None else row.difference.estimate or 0.0

    if view.order == "name":
        return sorted(rows, key=lambda row: row.label.casefold())
    if view.order == "difference":
        return sorted(rows, key=lambda row: (-difference(row), -frequency(row), row.label))
    return sorted(rows, key=lambda row: (-frequency(row), row.label))
