"""What the mapping page of an upload shows: choices, what was said, and a preview of it."""

from __future__ import annotations

import time
from collections.abc import Mapping as Dict
from dataclasses import replace
from typing import Any

from services.errors import UserError
from services.pages.mapping.preview import model_preview, preview, readings
from services.pages.mapping.records import MappingPage, Problem, TableChoices
from services.reading import arms
from services.reading.cells.rules import TIME_UNITS
from services.reading.columns import as_spelled, upper_columns
from services.reading.formats.table import Table
from services.reading.guess import choose, guess
from services.reading.mapping import Mapping, apply, column_values, parse_mapping
from services.reading.names import ADSL_TARGETS, ADTTE_TARGETS
from services.study.model import Study
from services.study.states import ROLES, by_name
from services.uploads.assemble import assemble
from services.uploads.entry import Entry
from services.uploads.store import Store
from services.values.alike import spellings
from services.values.event_words import matched
from services.values.frames import text

_ARMS = {*arms.PLANNED, *arms.ACTUAL}
PREVIEW_RECORDS = 100_000
# What an error asks for and the page has a control for.
_HERE = {"unit": "Choose the unit of time above."}


def mapping_page(
    store: Store, study_id: str, mapping: Mapping | None = None, table: str = ""
) -> MappingPage:
    """The page for an upload.

    Parameters
    ----------
    mapping : what is chosen on the page at this moment; as stored if left out
    table : the table with the times, of several that may be; its columns are guessed anew

    Raises
    ------
    UserError : there is no such upload (404), or no such table in it
    """
    entry = store.entry(study_id)
    current = entry.mapping if mapping is None else mapping
    stored = store.tables(study_id, entry)
    tables, among = choose(current, stored)
    if table and table != tables["adtte"].name:
        tables, among = choose(parse_mapping({"table": table}), stored)
        current = replace(guess(tables["adtte"], "adtte"), table=table)
    shown, note = _first(tables)
    study, problem = _tried(store, entry, shown, current)
    status = current.adtte.get("CNSR", "CNSR")
    raw = upper_columns(tables["adtte"])
    spelled = as_spelled(tables["adtte"])
    counted = readings(raw, status, current.events)
    one = study.endpoints[0] if study and len(study.endpoints) == 1 else None
    adtte = _choices("adtte", tables["adtte"], current.adtte, ADTTE_TARGETS)
    choices = [adtte]
    if "adsl" in tables:
        choices.append(_choices("adsl", tables["adsl"], current.adsl, ADSL_TARGETS))
    end = store.expires(entry)
    return MappingPage(
        study_id=study_id,
        draft=entry.draft,
        tables=tuple(choices),
        events=_as_listed(current.events, adtte, status),
        unit=current.unit,
        units=TIME_UNITS,
        reference=current.reference,
        arms=tuple(a.name for a in study.arms) if study else (),
        title=current.title,
        endpoint=current.endpoint,
        problem=problem,
        preview=preview(study, apply(current, shown)[0]["adtte"], raw, status, note)
        if study
        else None,
        until=time.strftime("%B %-d, %Y", time.localtime(end)) if end else "",
        status=spelled.get(status, status),
        readings=counted and replace(counted, column=spelled.get(status, status)),
        good=current.good,
        good_by_name=one.good if one and current.good is None else None,
        table=tables["adtte"].name if among else "",
        among=among,
        arms_alike=current.arms_alike,
        alike=_alike(study),
        endpoints=tuple((e.id, e.label) for e in study.endpoints) if study else (),
        states=current.states,
        by_name={role: by_name(role, study.endpoints) for role in ROLES} if study else {},
        model=model_preview(study) if study else None,
        keyed=entry.keyed,
        edition=entry.edition,
    )


def _alike(study: Study | None) -> tuple[str, ...]:
    """The arms, planned or actual, that differ only in case, spaces or Unicode form."""
    if study is None:
        return ()
    names = [a.name for a in study.arms] + list(study.subjects["ARM_ACTUAL"].unique())
    return tuple(name for group in spellings(names) for name in group)


def _as_listed(events: tuple[str, ...], adtte: TableChoices, status: str) -> tuple[str, ...]:
    """The values said to be the event as the page lists them: TRUE where 1 is listed is 1."""
    found, unknown = matched(events, adtte.levels.get(status, ()))
    return (*found, *unknown)


def event_values(store: Store, study_id: str, column: str, table: str = "") -> Any:
    """A column of the table of times as text, for guessing what means an event."""
    stored = store.tables(study_id, store.entry(study_id))
    tables, _ = choose(parse_mapping({"table": table}), stored)
    return text(upper_columns(tables["adtte"]).frame, column)


def _first(tables: Dict[str, Table]) -> tuple[Dict[str, Table], str]:
    """The tables, of a large one of times its first records; and words for that."""
    adtte = tables["adtte"]
    if len(adtte.frame) <= PREVIEW_RECORDS:
        return tables, ""
    note = f"Based on the first {PREVIEW_RECORDS:,} of {len(adtte.frame):,} records."
    return {**tables, "adtte": replace(adtte, frame=adtte.frame.head(PREVIEW_RECORDS))}, note


def _tried(
    store: Store, entry: Entry, tables: Dict[str, Table], mapping: Mapping
) -> tuple[Study | None, Problem | None]:
    """The study this mapping makes, or why none."""
    missing = _not_said(tables, mapping)
    if missing:
        return None, missing
    try:
        study = assemble(entry.id, tables, mapping, store.toml(entry.id), entry.left)
    except UserError as problem:
        hint = _HERE.get(problem.asks, problem.hint)
        return None, Problem(problem.message, hint, problem.details)
    return study, None


def _not_said(tables: Dict[str, Table], mapping: Mapping) -> Problem | None:
    """What a plain table still needs, in the words of the page."""
    names = set(upper_columns(tables["adtte"]).frame.columns)
    for target, what in (("AVAL", "the time"), ("CNSR", "who had the event (event or censoring)")):
        if (
            target not in names
            and target not in mapping.adtte
            and not (target == "CNSR" and mapping.events)
        ):
            return Problem(f"No column has been chosen for {what}.", "Choose it above.")
    if "adsl" not in tables and "TRTP" not in mapping.adtte and not names & _ARMS:
        return Problem(
            "No column has been chosen for the arm.",
            "Choose it above, or choose that all patients are one group.",
        )
    plain = "CNSR" in mapping.adtte and mapping.adtte["CNSR"] != "CNSR"
    if plain and not mapping.events:
        called = as_spelled(tables["adtte"]).get(mapping.adtte["CNSR"], mapping.adtte["CNSR"])
        return Problem(f"Which values of {called} indicate the event?", "Choose them above.")
    return None


def _choices(
    role: str, table: Table, said: Dict[str, str], targets: Dict[str, str]
) -> TableChoices:
    spelled = as_spelled(table)
    table = upper_columns(table)
    frame = table.frame
    columns = tuple(
        (name, f"{spelled[name]}: {label}" if label and label != spelled[name] else spelled[name])
        for name in map(str, frame)
        for label in (table.labels.get(name, ""),)
    )
    # What need not be said: a column that has ADaM's own name.
    known = {t: t for t in targets if t in frame}
    if role == "adtte" and said:
        known = {}  # what was said stands, what was cleared stays empty
    if role == "adtte" and not said and "TRTP" not in known:
        arm = next((c for c in ("TRT01P", "ARM") if c in frame), None)
        known |= {"TRTP": arm} if arm else {}
    if role == "adsl":
        known = dict(guess(table, "adsl").adsl) | known
    return TableChoices(
        role=role,
        name=table.name,
        columns=columns,
        targets=tuple(targets.items()),
        levels={
            str(c): tuple(levels)
            for c in frame
            if (levels := column_values(frame[c].iloc[:PREVIEW_RECORDS]))
        },
        said=known | dict(said),
    )
