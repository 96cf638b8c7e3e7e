"""Columns that pages need as numbers, cell by cell; and those that are text for a cell or two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services import lists
from services.errors import UserError, few
from services.reading.cells.dates import is_date_name
from services.reading.cells.examples import Cells, cells_hold, count_as, told
from services.reading.cells.rules import ValueRules
from services.reading.formats.plain import keeps_text
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values import numbers
from services.values.frames import is_coded, with_columns

# Read cell by cell: what is not a number there is missing, and told.
NEEDED = {role: frozenset(lists.words(names)) for role, names in lists.beside(__file__).items()}
# Read as a whole: a wrong cell of these is an error.
WHOLE = ("AVAL", "CNSR")
# In a column that must hold numbers 0300 and 3E2 are numbers, not codes.
_LOOSE = re.compile(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DIGITS = r"[+-]?[\d.,]+([eE][+-]?\d{1,3})?"
_SAY_COMMA = (
    'Write 1480 or 1.48, or set comma = "thousands" or "decimal" under [numbers] in study.toml.'
)
_MOSTLY = 0.8
_MANY = 12  # different numbers: more than a scale has
_SAMPLE = 2_000


def settle_numbers(
    tables: Mapping[str, Table], rules: ValueRules
) -> tuple[dict[str, Table], list[Finding]]:
    """The tables with numbers where pages need them.

    Parameters
    ----------
    tables : by role, with names in capitals
    rules : what ``study.toml`` says

    Returns
    -------
    (tables, findings)

    Raises
    ------
    UserError : times or censoring that are not numbers; names the values
    """
    result, findings = dict(tables), []
    for role, table in tables.items():
        made: dict[str, Any] = {}
        for name in map(str, table.frame.columns):
            values = table.frame[name]
            if role == "adtte" and name in WHOLE:
                if values.dtype != np.float64:
                    made[name] = _whole(table, name, values, rules)
            elif name in NEEDED[role]:
                if values.dtype != np.float64:
                    column, notes = _needed(table, name, values, rules)
                    findings += notes
                    made |= {} if column is None else {name: column}
            elif _may_be_numbers(name, values):
                column, notes = _other(table, name, values, rules)
                findings += notes
                made |= {} if column is None else {name: column}
        if made:
            result[role] = replace(table, frame=with_columns(table.frame, **made))
    return result, findings


def _cells(table: Table, values: Any) -> Cells:
    cells = Cells.of(table.frame, values)
    if pd.api.types.is_datetime64_any_dtype(values):
        moments = cells.levels.astype("datetime64[us]").tolist()
        texts = [str(moment).removesuffix(" 00:00:00") for moment in moments]
        return replace(cells, levels=np.array(texts, dtype=object))
    return cells


def _floats(levels: Any, rules: ValueRules) -> tuple[Any, Any]:
    """Numbers of the distinct values, NaN where one is none; and which commas leave in doubt."""
    texts = pa.array(list(map(str, levels)), pa.string())
    meaning = numbers.commas(numbers.with_commas(texts))
    doubt = np.zeros(len(texts), dtype=bool)
    if meaning == "either":
        if rules.comma:
            meaning = rules.comma
        else:
            comma = pc.match_substring(texts, ",").to_numpy(zero_copy_only=False)
            doubt = comma & _like_numbers(texts)
    plain = numbers.without_commas(texts, meaning).to_pylist()
    found = [float(t) if _LOOSE.fullmatch(t) else np.nan for t in plain]
    return np.array(found, dtype=np.float64), doubt


def _like_numbers(texts: pa.Array) -> Any:
    return pc.match_substring_regex(texts, rf"^({_DIGITS})$").to_numpy(zero_copy_only=False)


def _whole(table: Table, name: str, values: Any, rules: ValueRules) -> Any:
    cells = _cells(table, values)
    if not len(cells.levels):
        return np.full(len(values), np.nan)
    if pd.api.types.is_datetime64_any_dtype(values):
        some = _some(cells, np.ones(len(cells.levels), bool))
        raise UserError(
            f"{table.name}: {name} contains dates: {some}.",
            "AVAL is a time, such as the days from STARTDT to ADT; CNSR is 0 for an event.",
        )
    found, doubt = _floats(cells.levels, rules)
    if doubt.any():
        raise UserError(
            f"{table.name}: the commas of {name} may separate decimals or thousands:"
            f" {_some(cells, doubt)}.",
            _SAY_COMMA,
        )
    odd = ~np.isfinite(found)
    if odd.any():
        raise UserError(
            f"{table.name}: {name} contains values that are not numbers: {_some(cells, odd)}.",
            "Leave missing values empty; write decimals with a point."
            if name == "AVAL"
            else "Write 0 for an event, 1 or more for censored, and leave missing values empty.",
        )
    return np.append(found, np.nan)[cells.codes]


def _some(cells: Cells, chosen: Any) -> str:
    return few(repr(cells.text(i)) for i in np.flatnonzero(chosen))


def _needed(table: Table, name: str, values: Any, rules: ValueRules) -> tuple[Any, list[Finding]]:
    cells = _cells(table, values)
    if not len(cells.levels):
        return np.full(len(values), np.nan), []
    found, doubt = _floats(cells.levels, rules)
    if doubt.any():
        return None, [_in_doubt(table, name, cells, doubt)]
    odd = ~np.isfinite(found)
    count = cells.count(odd)
    if odd.all():
        message = f"{name} must be numeric, but none of its values is a number:"
        remedy = "Write plain numbers, with a point for decimals."
        return None, [told(table.name, cells, odd, message, remedy)]
    message = f"{name}: {cells_hold(count, 'no number')} and {count_as(count)}:"
    remedy = "Write a plain number, or leave it empty."
    notes = [told(table.name, cells, odd, message, remedy)] if count else []
    return np.append(found, np.nan)[cells.codes], notes


def _in_doubt(table: Table, name: str, cells: Cells, doubt: Any) -> Finding:
    message = f"the commas of {name} may separate decimals or thousands:"
    return told(table.name, cells, doubt, message, _SAY_COMMA, " It is kept as text.")


def _may_be_numbers(name: str, values: Any) -> bool:
    text = is_coded(values) or values.dtype == object
    return text and not keeps_text(name) and not is_date_name(name)


def _other(table: Table, name: str, values: Any, rules: ValueRules) -> tuple[Any, list[Finding]]:
    """A column nobody needs stays as it is: a text may be a level. It is told where it would be
    of use as numbers, and read where only its commas were in doubt."""
    levels = values.cat.categories if is_coded(values) else pd.unique(values.dropna())
    sample = pa.array(list(map(str, levels[:_SAMPLE])), pa.string())
    if not len(sample):
        return None, []
    if _like_numbers(sample).mean() < _MOSTLY:
        return None, []
    cells = _cells(table, values)
    found, doubt = _floats(cells.levels, rules)
    if doubt.any():
        return None, [_in_doubt(table, name, cells, doubt)]
    odd = ~np.isfinite(found)
    if not odd.any() and rules.comma:
        return np.append(found, np.nan)[cells.codes], []
    share = 1 - cells.count(odd) / max(cells.count(np.ones(len(odd), dtype=bool)), 1)
    if len(odd) - int(odd.sum()) <= _MANY or share < _MOSTLY or not odd.any():
        return None, []
    message = f"{name} is kept as text, although most of its values are numbers. Not numbers:"
    remedy = "Clear or correct these cells to use it as a number."
    return None, [told(table.name, cells, odd, message, remedy)]
