"""What the columns of an uploaded study probably are, from their names and values."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Dict
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from services import lists
from services.errors import UserError, few, short
from services.reading.cells.rules import TimeUnit
from services.reading.columns import upper_columns
from services.reading.formats.table import Table
from services.reading.names import ADSL_TARGETS, ADTTE_TARGETS, EVERYONE, OTHER
from services.values.event_words import event_values, plain
from services.values.frames import text

if TYPE_CHECKING:
    from services.reading.mapping import Mapping

_LISTS = lists.beside(__file__)
_UNIT_WORDS: dict[TimeUnit, set[str]] = {
    unit: {*lists.words(text)} for unit, text in _LISTS["units"].items()
}

_TIMED, _NO_OUTCOME = ({*lists.words(_LISTS["times"][of])} for of in ("outcome", "other"))
_SYNONYMS = {target: lists.words(names) for target, names in _LISTS["names"].items()}


def guess_columns(table: Table, role: str) -> dict[str, str]:
    """What a table's columns probably are, by their names: by ADaM's name the file's."""
    frame = upper_columns(table).frame
    # In small letters, words joined by underscores: "PFS (months)" and "os.time".
    names = {"_".join(plain(str(c)).split()): str(c) for c in reversed(frame.columns)}
    targets = ADTTE_TARGETS if role == "adtte" else ADSL_TARGETS
    found: dict[str, str] = {}
    for target in targets:
        for synonym in _SYNONYMS[target]:
            column = names.get(synonym)
            if column and column not in found.values() and _fits(target, frame[column]):
                found[target] = column
                break
    if role == "adtte" and "AVAL" not in found and (column := time_column(frame, found.values())):
        found["AVAL"] = column
    return found


def guess(table: Table, role: str) -> Mapping:
    """What a reader would probably say of a table, for one to confirm."""
    from services.reading.mapping import Mapping  # the process that reads uploads needs none

    found = guess_columns(table, role)
    if role != "adtte":
        return Mapping(adsl=found)
    frame = upper_columns(table).frame
    status = found.get("CNSR", "")
    if status in ("CNSR", ""):
        return Mapping(adtte=found)
    events = guess_events(text(frame, status), status)
    return Mapping(adtte=found, events=events, unit=unit_of(found.get("AVAL", "")))


def _fits(target: str, values: Any) -> bool:
    levels = values.nunique()
    if target == "AVAL":
        return bool(values.dtype == np.float64 and levels > 1)
    if target == "ENTRY":
        dates = pd.api.types.is_datetime64_dtype(values)
        return bool(dates or (values.dtype == np.float64 and levels > 1))
    if target in ("CNSR", "TRTP", "TRT01P", "TRT01A", "PARAMCD"):
        return bool(1 <= levels <= 20)
    return True


def guess_events(status: Any, name: str = "") -> tuple[str, ...]:
    """The values of a column that certainly mean an event; () where a person has to say it.

    >>> import pandas as pd
    >>> guess_events(pd.Series(["0", "1"])), guess_events(pd.Series(["0", "1"]), "censored")
    (('1',), ('0',))
    """
    return event_values([str(v) for v in status.unique() if v], name)


def choose(mapping: Mapping, tables: Dict[str, Table]) -> tuple[dict[str, Table], tuple[str, ...]]:
    """The tables by role, and the names of those that the one with the times was chosen among.

    Where nobody said which it is, the first that has every column of the mapping.

    Raises
    ------
    UserError : there is no table of that name
    """
    others = {role: t for role, t in tables.items() if role.startswith(OTHER)}
    if not others:
        return dict(tables), ()
    among = [tables["adtte"], *others.values()]
    if mapping.table:
        chosen = [t for t in among if t.name == mapping.table]
        if not chosen:
            raise UserError(
                f"There is no table “{short(mapping.table)}”.",
                f"The tables are: {few(t.name for t in among)}.",
            )
    else:
        said = set(mapping.adtte.values()) - {EVERYONE}
        chosen = [t for t in among if said <= set(upper_columns(t).frame.columns)] or among
    roles = {role: t for role, t in tables.items() if role not in others}
    return {**roles, "adtte": chosen[0]}, tuple(t.name for t in among)


def time_column(frame: pd.DataFrame, taken: Collection[str]) -> str:
    """The one column of numbers whose words say a time to something; "" where several may be it.

    A name that tells its unit goes before one that does not.

    Parameters
    ----------
    taken : columns that are something else
    """
    scored: dict[str, int] = {}
    for column in map(str, frame.columns):
        words = _words(column)
        timed = bool(words & _TIMED) or {"follow", "up"} <= words
        values = frame[column]
        number = values.dtype == np.float64 and values.nunique() > 1
        if timed and number and column not in taken and not words & _NO_OUTCOME:
            scored[column] = 1 + bool(unit_of(column))
    best = [column for column, score in scored.items() if score == max(scored.values())]
    return best[0] if len(best) == 1 else ""


def unit_of(column: str) -> Literal["", TimeUnit]:
    """The unit of time a column's name tells.

    >>> unit_of("Months of follow-up"), unit_of("pfs_days"), unit_of("time")
    ('months', 'days', '')
    """
    words = _words(column)
    return next((unit for unit, spellings in _UNIT_WORDS.items() if words & spellings), "")


def _words(column: str) -> set[str]:
    return set(plain(column).split())
