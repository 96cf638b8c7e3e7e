"""Dates of a study's tables, cell by cell: one that cannot be read is missing, and told.

What the values of one column leave open is asked of the others: whether the day or the month
comes first of the columns of the same table, what numbers count from of the study's other dates.
What stays open is not read, and the report names the setting that decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from services.reading.cells.date_column import COLLECTED, Dates
from services.reading.cells.date_words import tell
from services.reading.cells.examples import Cells
from services.reading.cells.rules import ORDERS, ValueRules
from services.reading.formats.plain import DATETIME
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values.date_text import FAR, IMPOSSIBLE, YEARS, Written, in_order, parse
from services.values.day_numbers import Epoch, choose_epochs, is_of_a_trial, to_dates, unit_of
from services.values.frames import is_coded, with_columns

_NAME = re.compile(r"\w+(DTM?|DTTM|DAT)|\w*DATE")
_BIRTH = re.compile(r"\w*(BRTH|BIRTH|DOB)\w*")
# ISO, and a day every month of that name has: what else is written is read one by one.
_PLAIN = (
    r"^\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    r"|02-(0[1-9]|1\d|2[0-8]))([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?$"
)
_FEW_WRONG = 0.05  # of a column's dates may be impossible in the order the others are written in


def is_date_name(name: str) -> bool:
    """Whether a column of this name (in capitals) holds dates.

    >>> is_date_name("TRTSDT"), is_date_name("RANDDATE"), is_date_name("AESTDTC")
    (True, True, False)
    """
    return _NAME.fullmatch(name) is not None


def settle_dates(
    tables: Mapping[str, Table], rules: ValueRules
) -> tuple[dict[str, Table], list[Finding]]:
    """The tables with every column that is named as a date read as one, as far as it can be.

    Columns that came as dates stay, without those of no year in ``YEARS``.

    Parameters
    ----------
    tables : by role, with names in capitals
    rules : what ``study.toml`` says

    Returns
    -------
    (tables, findings)
    """
    columns = []
    known = []
    for role, table in tables.items():
        for name in map(str, table.frame.columns):
            values = table.frame[name]
            dates = pd.api.types.is_datetime64_any_dtype(values)
            if dates and _is_far(values.to_numpy()).any():
                columns.append(_of_dates(table, role, name))
            if is_date_name(name):
                if dates:
                    known.append((name, values))
                elif values.notna().any():
                    columns.append(_read(table, role, name, rules.pivot))
            elif COLLECTED.fullmatch(name) and not pd.api.types.is_numeric_dtype(values):
                known.append((name, values))
    if not columns:
        return dict(tables), []
    for role in tables:
        _settle_order([c for c in columns if c.role == role], rules)
    _settle_numbers(columns, known, rules)
    _drop_far(columns)
    findings: list[Finding] = []
    result = dict(tables)
    for role, table in tables.items():
        mine = [c for c in columns if c.role == role]
        findings += tell(table, mine, rules)
        made = {c.name: _series(c) for c in mine if c.holds_dates}
        if made:
            result[role] = replace(table, frame=with_columns(table.frame, **made))
    return result, findings


def _series(column: Dates) -> Any:
    slots = np.append(column.dates, np.datetime64("NaT", "us"))
    return slots[column.cells.codes]


def read_column(table: Table, name: str, rules: ValueRules) -> tuple[Any, list[Finding]]:
    """A single column of text, whatever its name, as datetime64[us]; and what was lost."""
    column = _read(table, "", name, rules.pivot)
    _settle_order([column], rules)
    _drop_far([column])
    return _series(column), list(tell(table, [column], rules))


def _is_far(dates: Any) -> Any:
    """Which dates are of no year in ``YEARS``."""
    low, high = (np.datetime64(str(year)) for year in (YEARS[0], YEARS[-1] + 1))
    return (dates < low) | (dates >= high)  # NaT is neither


def _drop_far(columns: Iterable[Dates]) -> None:
    """Take no date for one that no study has; they are told as such."""
    for column in columns:
        far = _is_far(column.dates)
        partial = [i for i, w in column.rest.items() if w.kind == "partial" and w.year not in YEARS]
        column.dates[far] = np.datetime64("NaT")
        column.rest |= dict.fromkeys([*map(int, np.flatnonzero(far)), *partial], FAR)


def _of_dates(table: Table, role: str, name: str) -> Dates:
    """A column that came as dates."""
    cells = Cells.of(table.frame, table.frame[name])
    nan = np.full(len(cells.levels), np.nan)
    return Dates(table, role, name, cells, cells.levels.astype(DATETIME), numbers=nan)


def _read(table: Table, role: str, name: str, pivot: int) -> Dates:
    cells = Cells.of(table.frame, table.frame[name])
    levels = cells.levels
    column = Dates(
        table, role, name, cells,
        np.full(len(levels), np.datetime64("NaT", "us"), dtype=DATETIME),
        numbers=np.full(len(levels), np.nan),
    )  # fmt: skip
    if levels.dtype.kind == "f":
        _read_numbers(column, levels, pivot)
    else:
        _read_texts(column, levels, pivot)
    return column


def _read_texts(column: Dates, levels: Any, pivot: int) -> None:
    texts = pa.array(levels, pa.string())
    plain = pc.match_substring_regex(texts, _PLAIN).to_numpy(zero_copy_only=False)
    if plain.any():
        column.dates[plain] = (
            texts.filter(pa.array(plain)).to_numpy(zero_copy_only=False).astype(DATETIME)
        )
    for i in np.flatnonzero(~plain):
        _take(column, int(i), parse(levels[i], pivot))


def _read_numbers(column: Dates, levels: Any, pivot: int) -> None:
    whole = levels == np.round(levels)
    # 20200131, 202001 and 2020; everything else counts from an epoch.
    low, high = YEARS[0], YEARS[-1] + 1
    written = np.zeros(len(levels), dtype=bool)
    for scale in (1, 100, 10_000):
        written |= (levels >= low * scale) & (levels < high * scale)
    written &= whole
    column.numbers[~written] = levels[~written]
    for i in np.flatnonzero(written):
        _take(column, int(i), parse(str(int(levels[i])), pivot))


def _take(column: Dates, i: int, written: Written) -> None:
    if written.kind == "number":
        column.numbers[i] = written.number
        return
    if written.date is not None:
        column.dates[i] = np.datetime64(written.date, "us")
        if not written.short:
            return
    column.rest[i] = written


def _settle_order(columns: list[Dates], rules: ValueRules) -> None:
    """Read dates of three numbers in the one order that is possible over a column or table."""
    open_columns = []
    for column in columns:
        for i, written in list(column.rest.items()):
            if written.kind == "triple" and not _readings(written, rules).any():
                column.rest[i] = IMPOSSIBLE
        triples = [w for w in column.rest.values() if w.kind == "triple"]
        if not triples:
            continue
        possible = _possible(triples, rules)
        if len(possible) == 1:
            column.order = possible[0]
            column.order_why = "study.toml" if rules.order else "values"
        elif possible:
            open_columns.append((column, possible))
        else:
            column.order_why = "both"
    said = {c.order for c in columns if c.order}
    for column, possible in open_columns:
        if len(said) == 1 and said <= set(possible):
            column.order, column.order_why = next(iter(said)), "table"
    for column in columns:
        if not column.order:
            continue
        for i, written in list(column.rest.items()):
            if written.kind == "triple":
                read = in_order(written, column.order, rules.pivot)
                column.rest[i] = read
                if read.date is not None:
                    column.dates[i] = np.datetime64(read.date, "us")


def _possible(triples: list[Written], rules: ValueRules) -> list[str]:
    """The orders in which every date can be read, else in which nearly every one can."""
    if rules.order and not (rules.order == "ymd" and not any(w.short for w in triples)):
        return [rules.order]
    share = np.mean([_readings(w, rules) for w in triples], axis=0)
    for least in (1.0, 1 - _FEW_WRONG):
        found: list[str] = [o for o, s in zip(ORDERS, share, strict=True) if s >= least]
        if found:
            return found
    return []


def _readings(written: Written, rules: ValueRules) -> Any:
    """In which of ``ORDERS`` a date of three numbers is one."""
    return np.array([in_order(written, o, rules.pivot).kind == "date" for o in ORDERS])


def _settle_numbers(
    columns: list[Dates], known: Iterable[tuple[str, Any]], rules: ValueRules
) -> None:
    """Read day numbers and their like from the epoch that fits the study's other dates."""
    counted = []
    for column in columns:
        numbers = column.numbers[~np.isnan(column.numbers)]
        if not len(numbers):
            continue
        _years_are_numbers(column)
        column.unit = unit_of(numbers)
        if column.unit and (_BIRTH.fullmatch(column.name) or is_of_a_trial(numbers, column.unit)):
            counted.append(column)
    if not counted:
        return
    births = [c for c in counted if _BIRTH.fullmatch(c.name)]
    trial = [c for c in counted if c not in births]
    middles = [] if rules.epoch else _middles(columns, known)
    epochs = choose_epochs(
        [(c.numbers[~np.isnan(c.numbers)], c.unit or "days", c.of_sas) for c in trial],
        middles,
        rules.epoch,
    )
    for column, epoch in zip(trial, epochs, strict=True):
        column.epoch = epoch
    for column in births:  # far from every other date: they count as the others of the table do
        others = {c.epoch for c in trial if c.role == column.role and c.unit == column.unit}
        if len(others) == 1:
            column.epoch = next(iter(others))
        elif rules.epoch or column.of_sas:
            column.epoch = Epoch(rules.epoch or "sas")
    for column in counted:
        if column.epoch.name and column.unit:
            has = ~np.isnan(column.numbers)
            column.dates[has] = to_dates(column.numbers[has], column.unit, column.epoch.name)
            for i in np.flatnonzero(has & np.isnat(column.dates)):
                column.rest[int(i)] = IMPOSSIBLE


def _years_are_numbers(column: Dates) -> None:
    """1965 among days of birth is a day number like the others."""
    if _BIRTH.fullmatch(column.name):
        for i, written in list(column.rest.items()):
            if written.kind == "partial" and written.number:
                column.numbers[i] = written.number
                del column.rest[i]


def _middles(columns: list[Dates], known: Iterable[tuple[str, Any]]) -> list[Any]:
    """The middle date of each column whose dates are read."""
    found = []
    for name, values in known:
        if not _BIRTH.fullmatch(name):
            dates = _collected(values) if COLLECTED.fullmatch(name) else values.to_numpy()
            found.append(dates.astype(DATETIME))
    found += [c.dates for c in columns if not _BIRTH.fullmatch(c.name)]
    present = [dates[~np.isnat(dates)] for dates in found]
    return [np.sort(dates)[len(dates) // 2] for dates in present if len(dates)]


def _collected(values: Any) -> Any:
    levels = values.cat.categories if is_coded(values) else values.dropna().unique()
    texts = pc.utf8_slice_codeunits(pa.array(list(map(str, levels)), pa.string()), 0, 10)
    plain = texts.filter(pc.match_substring_regex(texts, _PLAIN))
    return plain.to_numpy(zero_copy_only=False).astype(DATETIME)
