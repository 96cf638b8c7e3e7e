"""What a reader said about an uploaded study's tables: which column is what, and in which unit.

Kept with the study as JSON and applied to its plain tables every time it is opened; the tables
themselves are never changed.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Dict
from dataclasses import asdict, field, replace
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BeforeValidator
from pydantic.dataclasses import dataclass

from services.checked import (
    CONFIG,
    Flag,
    Problem,
    Record,
    changed,
    check,
    known_keys,
    refusal,
    refused,
    wrong,
)
from services.errors import UserError, few, short
from services.reading.cells.rules import ArmsAlike, TimeUnit
from services.reading.columns import adam_names, upper_columns
from services.reading.formats.table import Table
from services.reading.names import ADSL_TARGETS, ADTTE_TARGETS, EVERYONE
from services.study.model import SUBJECT, apart
from services.study.states import ROLES
from services.values.event_words import matched
from services.values.frames import number_text, text
from services.values.natural import natural_key

MAX_TEXT = 200
MOST_VALUES = 12  # of a column, to choose among
MOST_EVENTS = 100  # values


def _line(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise refused("is too long", f"Write a text of at most {MAX_TEXT} characters.")
    return " ".join(value.split())


def _columns(targets: Dict[str, str]) -> AfterValidator:
    """The file's columns, in capitals, by names that are known; blanks are left out."""

    def check(said: dict[str, str]) -> dict[str, str]:
        known_keys(said, tuple(targets))
        return {name: column.strip().upper() for name, column in said.items() if column.strip()}

    return AfterValidator(check)


def _one_meaning(found: dict[str, str]) -> dict[str, str]:
    columns = [column for column in found.values() if column != EVERYONE]
    twice = next((column for column in columns if columns.count(column) > 1), "")
    if twice:
        names = [name for name, column in found.items() if column == twice]
        raise wrong(
            f"says that {short(twice)} is {' and '.join(names)}",
            "A column can have only one role; choose another, or leave one of them out.",
        )
    return found


def _roles(said: dict[str, str]) -> dict[str, str]:
    known_keys(said, ROLES)
    return {role: code.strip() for role, code in said.items() if code.strip()}


_Line = Annotated[str, AfterValidator(_line)]
_Said = BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)


@dataclass(frozen=True, config=CONFIG)
class Mapping(Record):
    """Said of a study's tables; every field may be empty.

    ``adtte`` and ``adsl`` give the file's column for an ADaM name. ``events`` are the values of
    the event column that mean an event, when it is not CNSR (0 is the event) itself. ``table``
    names the table with the times, where several came and none is ADTTE. ``good`` says whether
    the event is good for the patient, where the table holds one endpoint.
    ``arms_alike`` says whether arms that differ only in case, spaces or Unicode form are one.
    ``states`` names the endpoint that tells of "progression", "treatment" ("none": of none) and
    "death".
    """

    adtte: Annotated[Dict[str, str], _columns(ADTTE_TARGETS), AfterValidator(_one_meaning)] = field(
        default_factory=dict
    )
    adsl: Annotated[Dict[str, str], _columns(ADSL_TARGETS)] = field(default_factory=dict)
    events: Annotated[
        tuple[str, ...], AfterValidator(lambda said: tuple(v.strip() for v in said[:MOST_EVENTS]))
    ] = ()
    table: _Line = ""
    unit: Annotated[Literal["", TimeUnit], _Said] = ""
    reference: _Line = ""
    title: _Line = ""
    endpoint: _Line = ""
    good: Flag | None = None
    arms_alike: Annotated[Literal["", ArmsAlike], _Said] = ""
    states: Annotated[Dict[str, str], AfterValidator(_roles)] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What was said, and nothing else."""
        return {k: v for k, v in asdict(self).items() if v or v is False}


def parse_mapping(raw: Any) -> Mapping:
    """Check a mapping that came from outside.

    Raises
    ------
    UserError : an unknown key or a value of the wrong kind; names it and what is allowed
    """
    if not isinstance(raw, dict):
        raise UserError(
            "The mapping is not a JSON object.", "Send {} if there is nothing to specify."
        )
    made = check(Mapping, raw)
    if isinstance(made, Problem):
        raise refusal(raw, "Mapping", made)
    return made


def is_plain(adtte: Table) -> bool:
    """Whether a table of times is no ADTTE: its columns need to be told."""
    return not {"AVAL", "CNSR"} <= set(upper_columns(adtte).frame.columns)


def apply(
    mapping: Mapping, tables: Dict[str, Table]
) -> tuple[dict[str, Table], tuple[tuple[str, str], ...]]:
    """The tables as ADaM, as the mapping has them.

    Returns
    -------
    (tables, said) ; ``said`` are lines for the report

    Raises
    ------
    UserError : a column that is not there
    """
    result = dict(tables)
    said: list[tuple[str, str]] = []
    mapping = changed(
        mapping,
        adtte=_as_read(tables["adtte"], mapping.adtte),
        adsl=_as_read(tables["adsl"], mapping.adsl) if "adsl" in tables else mapping.adsl,
    )
    adtte = upper_columns(tables["adtte"])
    frame = _renamed(adtte, mapping.adtte, said)
    if mapping.events:
        frame = _coded(adtte, frame, mapping, said)
    elif mapping.adtte.get("CNSR", "CNSR") != "CNSR":
        raise UserError(
            "The values of "
            f"{mapping.adtte['CNSR']} that indicate the event have not been specified.",
            'Specify them: "events": ["1"].',
        )
    frame = _covariates_apart(frame, mapping)
    if SUBJECT not in frame and mapping.adtte and "adsl" not in tables:
        frame[SUBJECT] = [f"Row {i}" for i in range(1, len(frame) + 1)]
        said.append(("Subject", "no column: each row is counted as one patient"))
    if "PARAMCD" not in frame and "PARAM" not in frame:
        label = mapping.endpoint or "Time to event"
        frame["PARAMCD"], frame["PARAM"] = _code(label), label
        said.append(("Endpoint", f"no column: all rows are “{label}”"))
    if mapping.unit:
        frame["AVALU"] = mapping.unit.upper()
        said.append(("Unit of time", f"{mapping.unit}, set on the page"))
    result["adtte"] = replace(adtte, frame=frame, labels=_labels(adtte, mapping.adtte))
    if mapping.adsl and "adsl" in tables:
        adsl = upper_columns(tables["adsl"])
        renamed = _renamed(adsl, mapping.adsl, said)
        result["adsl"] = replace(adsl, frame=renamed, labels=_labels(adsl, mapping.adsl))
    return result, tuple(said)


def _covariates_apart(frame: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Columns of a plain table that have a name of ADTTE's, but another meaning, under others.

    Where time and event were told, nothing was said of an endpoint and each patient has one row,
    a PARAMCD of several values says no endpoint; nor is TRT01P the arm where another column is.
    """
    said = mapping.adtte
    taken = {"TRT01P"} if "TRTP" in said else set()
    if {"AVAL", "CNSR"} <= {t for t, c in said.items() if c != t} and "PARAMCD" not in said:
        once = SUBJECT not in frame or frame[SUBJECT].is_unique
        names = ("PARAMCD", "PARAM") if once else ()
        taken |= {name for name in names if name in frame and frame[name].nunique() > 1}
        taken |= {"AVALU"} if mapping.unit else set()
    return _called(frame, [*frame], taken) if taken & {*frame} else frame


def _called(frame: pd.DataFrame, kept: Collection[Any], taken: Collection[str]) -> pd.DataFrame:
    """Some columns, each apart from the names that are taken; uncopied, unlike ``rename``."""
    columns = {apart(str(name), taken): frame[name] for name in kept}
    return pd.DataFrame(columns, index=frame.index, copy=False)


def used(mapping: Mapping) -> frozenset[str]:
    """The files' columns that were told to be something: no characteristics of patients."""
    said = [*mapping.adtte.items(), *mapping.adsl.items()]
    return frozenset(c for target, c in said if c not in (target, EVERYONE))


def _as_read(table: Table, columns: Dict[str, str]) -> dict[str, str]:
    """The columns by the names they are read under: "ANALYSIS VALUE" is AVAL."""
    called = adam_names([str(c).strip().upper() for c in table.frame.columns])
    return {target: called.get(column, column) for target, column in columns.items()}


def _taken(table: Table, columns: Dict[str, str]) -> set[str]:
    """The names of the table's own columns that others were told to be: they stand beside them."""
    return {target for target, c in columns.items() if target in table.frame and target != c}


def _labels(table: Table, columns: Dict[str, str]) -> dict[str, str]:
    taken = _taken(table, columns)
    own = {name: name for name in taken} | dict(table.labels)
    return {apart(name, taken): label for name, label in own.items()}


def _renamed(table: Table, columns: Dict[str, str], said: list[tuple[str, str]]) -> pd.DataFrame:
    taken = _taken(table, columns)
    kept = [c for c in table.frame if c not in taken or c not in columns.values()]
    frame = _called(table.frame, kept, taken)
    for target, column in columns.items():
        if column == EVERYONE and target in ("TRTP", "TRT01P"):
            frame[target] = "All patients"
            said.append(((ADTTE_TARGETS | ADSL_TARGETS)[target], "one group, set on the page"))
            continue
        if column not in table.frame:
            raise UserError(
                f"{table.name} has no column {column[:60]}.",
                f"Its columns are: {few(table.frame.columns)}.",
            )
        if target == column:
            continue
        values = table.frame[column]
        if target in ("AVAL", "CNSR", "ENTRY"):
            frame[target] = values
        else:
            frame[target] = text(table.frame, column)
        meaning = (ADTTE_TARGETS | ADSL_TARGETS)[target]
        said.append((meaning, f"{column} of {table.name}, set on the page"))
    return frame


def _coded(
    table: Table, frame: pd.DataFrame, mapping: Mapping, said: list[tuple[str, str]]
) -> pd.DataFrame:
    column = mapping.adtte.get("CNSR", "CNSR")
    if column not in table.frame:
        raise UserError("No column has been chosen for event or censoring.", "Choose the column.")
    status = text(table.frame, column)
    levels = [v for v in status.unique() if v]
    events, unknown = matched(mapping.events, levels)
    if unknown:
        raise UserError(
            f"{column} of {table.name} has no value {few(unknown)}.",
            f"Its values are: {few(levels)}.",
        )
    coded = np.where(status.isin(events), 0.0, 1.0)
    frame["CNSR"] = np.where(status == "", np.nan, coded)
    said.append(("Event", f"{column} = {few(events, 12)}; anything else is censored"))
    return frame


def _code(label: str) -> str:
    """A PARAMCD for a label: its own short form, or its initials.

    >>> _code("PFS"), _code("Overall survival")
    ('PFS', 'OS')
    """
    words = "".join(c if c.isalnum() else " " for c in label).split()
    if len(words) == 1:
        return words[0].upper()[:8]
    return "".join(word[0] for word in words).upper()[:8] or "TTE"


def column_values(values: Any) -> list[str]:
    """The distinct values of a column as text, for choosing among; [] if there are too many."""
    levels = values.dropna().unique()
    if len(levels) > MOST_VALUES:
        return []
    texts = [number_text(v) if isinstance(v, float) else str(v) for v in levels]
    return sorted(texts, key=natural_key)
