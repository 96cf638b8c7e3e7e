"""The listing of adverse events: one row each, by patient and start, a page at a time."""

from __future__ import annotations

import numpy as np

from services.adverse_events import coded
from services.adverse_events.coded import NO_TABLE, Coded
from services.adverse_events.counts import Chosen, choose, limited, of_term
from services.adverse_events.records import ListedEvent, Listing
from services.arrays import BoolArray, IntArray
from services.errors import UserError
from services.study.labels import level_label
from services.study.model import Study
from services.values.frames import text
from services.views.study import View

PER_PAGE = 25


def listed_rows(chosen: Chosen, keep: BoolArray, view: View) -> IntArray:
    """Rows of the listing: by patient, then by start."""
    events = chosen.coded
    keep = keep & of_term(events, view.term)
    if view.q.strip():
        wanted = view.q.strip().casefold()
        match = np.array([wanted in f"{s}\n{t}".casefold() for s, t in events.terms], dtype=bool)
        keep &= match[events.term]
    rows = np.flatnonzero(keep)
    start = np.nan_to_num(events.start[rows], nan=np.inf)
    return rows[np.lexsort((start, events.subject[rows]))]


def listed(study: Study, events: Coded, rows: IntArray) -> tuple[ListedEvent, ...]:
    """Adverse events as a listing shows them."""
    frame = study.adverse_events
    assert frame is not None
    part = frame.iloc[rows]
    action, outcome = text(part, "AEACN").to_numpy(), text(part, "AEOUT").to_numpy()
    labels = events.severity.labels if events.severity else ()

    def word(mask: BoolArray, name: str, row: int) -> str:
        return "" if name in events.unknown else "Yes" if mask[row] else "No"

    def day(value: float) -> float | None:
        return None if np.isnan(value) else float(value)

    return tuple(
        ListedEvent(
            subject=str(study.subjects.index[events.subject[row]]),
            arm=str(study.subjects["ARM_ACTUAL"].iloc[events.subject[row]]),
            soc=events.terms[events.term[row]][0],
            term=events.terms[events.term[row]][1],
            grade=labels[events.grade[row]] if events.grade[row] >= 0 else "",
            serious=word(events.serious, "serious", row),
            related=word(events.related, "related", row),
            start_day=day(events.start[row]),
            end_day=day(events.end[row]),
            action=level_label(str(action[i])) if action[i] else "",
            outcome=level_label(str(outcome[i])) if outcome[i] else "",
            emergent=bool(events.emergent[row]),
        )
        for i, row in enumerate(rows)
    )


def all_listed(study: Study, view: View, pair: tuple[str, str] | None) -> tuple[ListedEvent, ...]:
    """Every event of the listing, for a file; ``view`` with its defaults filled in.

    Raises
    ------
    UserError : no adverse events, or what the view asks for is not there
    """
    events = coded.coded(study)
    if events is None:
        raise UserError(NO_TABLE, "Add an ADAE table to the study.")
    chosen = choose(study, view, pair, events)
    return listed(study, events, listed_rows(chosen, limited(chosen, view), view))


def listing(study: Study, view: View, chosen: Chosen, keep: BoolArray) -> Listing:
    """The page of the listing that the view asks for, or the last one there is."""
    rows = listed_rows(chosen, keep, view)
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(view.page, pages)
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Listing(listed(study, chosen.coded, shown), len(rows), page, pages)
