"""The safety page as JSON and CSV, at full precision, for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from services.adverse_events import coded
from services.adverse_events.coded import NO_TABLE
from services.adverse_events.counts import choose, limited
from services.adverse_events.records import EventRow, ListedEvent
from services.adverse_events.time import CENSORED, watch
from services.csv_text import SafeWriter, safe_cell, write_table
from services.errors import UserError
from services.json_text import to_json
from services.numbers import format_number
from services.pages.export import csv_head, leading, limit_cells, limits_words, study_header, told
from services.pages.safety.records import SafetyPage
from services.pages.scripts import Scripts, Value, named
from services.units import DAYS_PER_UNIT


def safety_json(page: SafetyPage) -> dict[str, Any]:
    """The body of ``/study/<id>/safety.json``.

    ``population`` has the subjects per arm; percent are 0 to 100, differences are shares.
    """
    view = page.view
    return {
        "study": study_header(page.study),
        "population": dict(page.n),
        **leading(page),
        "settings": {
            "filters": to_json(page.population.filters),
            "emergent": view.emergent == "yes" and page.emergent_known,
            "grade": view.grade,
            "only": list(view.only),
            "least": view.least,
            "q": view.q,
            "level": view.level,
            "interval": "Miettinen-Nurminen",
            "arm": page.pair[0] if page.pair else None,
            "reference": page.pair[1] if page.pair else None,
            "effect": view.effect,
            "severity": page.severity.title if page.severity else None,
        },
        **told(page),
        "watched": to_json(page.watched),
        "overview": [_line(row) for row in page.overview],
        "limited": _line(page.limited) if page.limited else None,
        "classes": [
            {"soc": item.row.name, **_counts(item.row)}
            | {"terms": [{"term": term.name, **_counts(term)} for term in item.terms]}
            for item in page.classes
        ],
        "unlisted": page.unlisted,
        "readings": to_json(page.readings),
        "time": to_json(page.time),
        "published": to_json(page.published),
    }


def _line(row: EventRow) -> dict[str, Any]:
    words = {name: getattr(row, name) for name in ("id", "label", "reason", "note")}
    return {**words, **_counts(row)}


def _counts(row: EventRow) -> dict[str, Any]:
    """Per arm, and compared; ``effect`` is there where it is not the difference itself."""
    effect = {} if row.effect is row.difference else {"effect": to_json(row.effect)}
    return {"arms": to_json(row.arms), "difference": to_json(row.difference), **effect}


def safety_csv(page: SafetyPage) -> str:
    """One row per line of the overview, class and term; each arm has its columns."""
    pair = f"difference of shares, {page.pair[0]} minus {page.pair[1]}; " if page.pair else ""
    columns = f"n patients; percent of n; {pair}{limits_words(page.view.level)}"
    out = csv_head(page.provenance, columns, page.reason)
    levels = page.severity.levels if page.severity else ()
    per_arm = ["subjects", "n", "percent", "events", *(f"worst {level}" for level in levels)]
    ratio = page.pair is not None and page.view.effect != "difference"
    name = "odds ratio" if page.view.effect == "odds" else "risk ratio"
    head = (
        *("kind", "class", "term"),
        *(f"{arm}: {what}" for arm in page.n for what in per_arm),
        *("difference", "lower", "upper"),
        *((name, f"{name} lower", f"{name} upper") if ratio else ()),
        "note",
    )

    def cells(kind: str, soc: str, row: EventRow) -> Iterator[Any]:
        yield from (kind, soc, row.name)
        for arm, n in page.n.items():
            count = row.arms.get(arm)
            if count is None:
                yield from (None, n, *[None] * (len(per_arm) - 2))
                continue
            yield from (count.subjects, n, count.percent, count.events)
            yield from (count.grades.get(level, 0) for level in levels)
        yield from limit_cells(row.difference)
        yield from limit_cells(row.effect) if ratio else ()
        yield row.reason or row.note

    return write_table(out, head, (tuple(cells(*row)) for row in _all_rows(page)))


def _all_rows(page: SafetyPage) -> Iterable[tuple[str, str, EventRow]]:
    for row in page.overview:
        yield "overview", "", row
    for item in page.classes:
        yield "class", item.row.name, item.row
        for term in item.terms:
            yield "term", item.row.name, term


def events_csv(page: SafetyPage, rows: Iterable[ListedEvent]) -> str:
    """Every event of the listing; days count from the first dose (day 1)."""
    out = csv_head(page.provenance, "days from the first dose, which is day 1", page.reason)

    def day(value: float | None) -> str:
        return "" if value is None else f"{value:g}"

    columns = (
        "USUBJID", "arm", "class", "term", "grade", "serious", "related", "treatment-emergent",
        "start day", "end day", "action taken", "outcome",
    )  # fmt: skip
    cells = (
        (row.subject, row.arm, row.soc, row.term, row.grade, row.serious, row.related,
         "Yes" if row.emergent else "No", day(row.start_day), day(row.end_day), row.action,
         row.outcome)
        for row in rows
    )  # fmt: skip
    return write_table(out, columns, cells)


FLAGS = ("severe", "serious", "related", "stopped", "changed", "fatal")
MEANING = (
    "a row per event, one with blanks for each patient without; SHOWN 1 if the table of terms has"
    " it; START, END and DAYS (of observation) count from the first dose, which is day 1; ENDING "
    "of the observation: 0 still under observation, 2 death, 3 end of treatment; flags 1 or 0"
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
    events = coded.coded(study)
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
    patients=patients_csv,
    values=_values,
    address=lambda page: page.address,
    endpoint=False,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
