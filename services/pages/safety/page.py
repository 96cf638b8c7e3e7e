"""The safety page: who had which adverse event, how bad, on which arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from services.adverse_events import coded, counts
from services.adverse_events import listing as adverse_events_listing
from services.adverse_events import words as adverse_events_words
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
from services.study import population as pop
from services.study.model import Study
from services.study.records import Population
from services.views.study import View


@cached("safety", lead.Lead(lead.of_adverse_events, lead.harms))
def safety_page(study: Study, asked: View) -> SafetyPage:
    """The safety page of ``study`` as ``asked`` has it; cached.

    Raises
    ------
    UserError : the view asks for what the study does not have
    """
    view, pair = resolve_pair(study, asked)
    events = coded.coded(study)
    if events is None:
        return _without(study, view, pair, adverse_events_words.NO_TABLE)
    lost = counts.no_population(study)
    if lost is not None:
        return _without(study, view, pair, lost)
    chosen = counts.choose(study, view, pair, events)
    keep = counts.limited(chosen, view)
    overview = _overview(chosen)
    classes = _classes(chosen, keep, view)
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
        terms_total=len(events.terms),
        readings=events.readings,
        terms=term_options(events),
        time=time,
        watched=watched,
        listing=listing,
        limits=adverse_events_words.limits(view, events),
        published=safety_published.published(study, events),
        answer=answer if reason is None else "",
        answer_detail=with_caveat(study, detail) if reason is None else "",
        notes=safety_words.notes(chosen, view, watched, leading),
        provenance=safety_words.provenance(study, view, chosen.population, events, pair),
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


OVERVIEW = (
    ("any", "Any adverse event", "", "Patients with at least one adverse event."),
    ("severe", "", "severe", ""),
    (
        "serious", "Serious", "serious",
        "Serious is not the same as severe: a serious event led to death, was life-threatening, "
        "or led to hospitalization, disability or the like, whatever its grade.",
    ),
    ("related", "Related to treatment", "related", "As judged by the investigator."),
    (
        "related_severe", "", "related_severe", "",
    ),
    (
        "stopped", "Led to stopping treatment", "stopped",
        "Treatment was withdrawn because of the event.",
    ),
    (
        "changed", "Led to a dose change or interruption", "changed",
        "The dose was changed or treatment interrupted because of the event.",
    ),
    ("fatal", "Fatal", "fatal", "Events with a fatal outcome, related to treatment or not."),
)  # fmt: skip


def _overview(chosen: counts.Chosen) -> tuple[EventRow, ...]:
    events = chosen.coded
    severe = events.severity.severe_title if events.severity else "Severe"
    title = {"severe": severe, "related_severe": f"Related, {severe.lower()}"}
    known: list[tuple[str, str, str, str]] = []
    unknown: list[EventRow] = []
    order: list[str] = []
    tallies = []
    for row_id, label, mask_name, explained in OVERVIEW:
        parts = mask_name.split("_") if mask_name else []
        label = label or title[row_id]
        why = next((events.unknown[p] for p in parts if p in events.unknown), None)
        if why is not None:
            if row_id != "related_severe":
                order.append(row_id)
                unknown.append(
                    EventRow(label, label, {}, None, None, "", row_id, explained, reason=why)
                )
            continue
        keep = chosen.counted.copy()
        for part in parts:
            keep &= getattr(events, part)
        order.append(row_id)
        note = "; ".join(events.partly[p] for p in parts if p in events.partly)
        known.append((row_id, label, explained, note))
        tallies.append(counts.tally(chosen, keep, np.zeros(len(keep), dtype=np.int64), 1))
    together = tuple(np.concatenate([t[i] for t in tallies]) for i in range(3))
    made = counts.counts(chosen, (together[0], together[1], together[2]))
    difference = counts.differences(chosen, together[0])
    effect = counts.effects(chosen, together[0], difference)
    rows = {row.id: row for row in unknown}
    for i, (row_id, label, explained, note) in enumerate(known):
        rows[row_id] = EventRow(
            label, label, made[i], difference[i], effect[i], "", row_id, explained, note=note
        )
    return tuple(rows[row_id] for row_id in order)


def _limited_row(chosen: counts.Chosen, keep: BoolArray, view: View) -> EventRow:
    """Any of the events that the view leaves."""
    made = counts.tally(chosen, keep, np.zeros(len(keep), dtype=np.int64), 1)
    difference = counts.differences(chosen, made[0])
    label = safety_words.limited_label(view, chosen.coded)
    return EventRow(
        label,
        label,
        counts.counts(chosen, made)[0],
        difference[0],
        counts.effects(chosen, made[0], difference)[0],
        "",
        "limited",
    )


def _classes(chosen: counts.Chosen, keep: BoolArray, view: View) -> tuple[ClassRow, ...]:
    events = chosen.coded
    by_term = counts.tally(chosen, keep, events.term, len(events.terms))
    by_class = counts.tally(chosen, keep, events.soc_of[events.term], len(events.classes))
    listed = _listed(chosen, by_term, view)
    terms = _rows(chosen, by_term, [(soc, term) for soc, term in events.terms], listed)
    socs = np.unique(events.soc_of[listed])
    classes = _rows(chosen, by_class, [(soc, soc) for soc in events.classes], socs)
    inside: dict[str, list[EventRow]] = {}
    for row in terms:
        inside.setdefault(row.soc, []).append(row)
    ordered = _ordered(classes, view)
    return tuple(ClassRow(row, tuple(_ordered(inside[row.soc], view))) for row in ordered)


def _listed(
    chosen: counts.Chosen, tallied: tuple[IntArray, IntArray, IntArray], view: View
) -> IntArray:
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
    tallied: tuple[IntArray, IntArray, IntArray],
    names: Sequence[tuple[str, str]],
    which: IntArray,
) -> list[EventRow]:
    part = (tallied[0][which], tallied[1][which], tallied[2][which])
    made = counts.counts(chosen, part)
    difference = counts.differences(chosen, part[0])
    effect = counts.effects(chosen, part[0], difference)
    return [
        EventRow(
            names[g][1], event_label(names[g][1]), made[i], difference[i], effect[i], names[g][0]
        )
        for i, g in enumerate(which)
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
