"""Scripts that recompute the safety page elsewhere, and the events they read.

They count each patient once per term and make the Miettinen-Nurminen interval from its
definition, without a formula of ours; a test runs both and compares them with the page.
"""

from __future__ import annotations

import numpy as np

from services import adverse_events
from services.csv_text import SafeWriter, safe_cell
from services.errors import UserError
from services.pages.export import csv_head
from services.pages.scripts import Scripts, named
from services.safety_counts import choose, limited
from services.safety_records import SafetyPage
from services.safety_time import CENSORED, watch
from services.safety_words import NO_TABLE
from services.script_text import Value
from services.view import DAYS_PER_UNIT, format_number

FLAGS = ("severe", "serious", "related", "stopped", "changed", "fatal")
MEANING = (
    "a row per event, one with blanks for each patient without; SHOWN 1 if the table of terms has"
    " it; START, END and DAYS (watched) count from the first dose, which is day 1; ENDING of the"
    " watch: 0 still watched, 2 death, 3 end of treatment; flags 1 or 0"
)


def overview(page: SafetyPage) -> list[tuple[str, list[Value]]]:
    """The lines of the overview that are recorded, and what the view leaves: with their flags."""
    found: list[tuple[str, list[Value]]] = [
        (row.id, [] if row.id == "any" else [part.upper() for part in row.id.split("_")])
        for row in page.overview
        if row.reason is None
    ]
    if page.limited is not None:
        severe = ["severe"] if page.view.grade == "severe" else []
        found.append((page.limited.id, [name.upper() for name in (*severe, *page.view.only)]))
    return found


def patients_csv(page: SafetyPage) -> str:
    """A row per event of the patients shown, and one with blanks for each patient without.

    Raises
    ------
    UserError : the study has no adverse events
    """
    study = page.study
    events = adverse_events.coded(study)
    if events is None:
        raise UserError(NO_TABLE, "Add an ADAE table to the study.")
    chosen = choose(study, page.view, page.pair, events)
    keep = limited(chosen, page.view)
    found = watch(study)
    days = np.full(len(chosen.arm), np.nan) if found is None else found.days
    ending = np.full(len(chosen.arm), CENSORED) if found is None else found.ending
    out = csv_head(page.provenance, MEANING, page.reason)
    writer = SafeWriter(out)
    flags = [name.upper() for name in FLAGS]
    writer.writerow(
        ["USUBJID", "ARM", "CLASS", "TERM", "GRADE", "SHOWN", *flags, "START", "END", "DAYS",
         "ENDING"]
    )  # fmt: skip
    levels = events.severity.levels if events.severity else ()
    by_subject: dict[int, list[int]] = {}
    for row in np.flatnonzero(chosen.counted).tolist():
        by_subject.setdefault(int(events.subject[row]), []).append(row)
    for subject in np.flatnonzero(chosen.arm >= 0).tolist():
        head = [str(study.subjects.index[subject]), chosen.arms[chosen.arm[subject]]]
        watched = [_day(days[subject]), int(ending[subject])]
        for row in by_subject.get(subject, ()):
            grade = events.grade[row]
            said = [int(getattr(events, name)[row]) for name in FLAGS]
            writer.writerow(
                [*head, *events.terms[events.term[row]], levels[grade] if grade >= 0 else "",
                 int(keep[row]), *said, _day(events.start[row]), _day(events.end[row]), *watched]
            )  # fmt: skip
        if subject not in by_subject:
            writer.writerow([*head, *[""] * (6 + len(FLAGS)), *watched])
    return out.getvalue()


def _day(value: float) -> str:
    return "" if np.isnan(value) else format_number(float(value))


def _values(page: SafetyPage) -> dict[str, Value]:
    view, time = page.view, page.time
    return {
        "ARMS": named(page.n),
        "PAIR": named(page.pair or ()),
        "EFFECT": view.effect,
        "OVERVIEW": dict(overview(page)),
        "LEVELS": named(page.severity.levels if page.severity else ()),
        "SECTION": view.section if time and time.reason is None else "",
        "TERM": safe_cell(view.term),
        "UNIT": DAYS_PER_UNIT[view.unit],
        "LANDMARKS": view.at,
        "WATCHED": named(w.arm for w in page.watched),
        "TICKS": time.ticks if time else (),
        "LEVEL": view.level,
    }


SCRIPTS: Scripts[SafetyPage] = Scripts(
    name="safety",
    title=lambda page: "adverse events",
    provenance=lambda page: page.provenance,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.address,
    endpoint=False,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
