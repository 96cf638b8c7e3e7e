"""What the report says of dates: read how, and which were not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from services.errors import SHOWN
from services.reading.cells.examples import cells_hold, count_as, told
from services.reading.cells.rules import ValueRules
from services.reading.formats.table import Table
from services.study.model import Finding
from services.values.date_text import YEARS, complete
from services.values.day_numbers import NAMES, SINCE, is_of_a_trial

if TYPE_CHECKING:
    from services.reading.cells.date_column import Dates

_ORDER = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


def tell(table: Table, columns: Sequence[Dates], rules: ValueRules) -> Iterator[Finding]:
    """Complete partial dates as the rules say, and say what became of each column of a table."""
    for column in columns:
        if column.holds_dates:
            yield from _partial(column, rules)
            yield from _not_read(column)
        else:
            yield _no_dates(column)
    yield from _orders(table, columns)
    yield from _epochs(table, columns)
    short = [c.name for c in columns if any(w.short and w.date for w in c.rest.values())]
    if short:
        yield Finding(
            "note",
            f"{table.name}: two-digit years ({_list(short)}) read as {rules.pivot} to "
            f"{rules.pivot + 99}.",
            "Set pivot under [dates] in study.toml to the first year if they are in another "
            "century.",
        )


def _told(column: Dates, mask: Any, message: str, remedy: str, after: str = "") -> Finding:
    """What became of some of a column's cells."""
    of_column = f"{column.name}{message}:"
    return told(column.table.name, column.cells, mask, of_column, remedy, after, column.severity)


def _partial(column: Dates, rules: ValueRules) -> Iterator[Finding]:
    mask = column.of_kind("partial")
    count = column.cells.count(mask)
    if not count:
        return
    hold = f": {cells_hold(count, 'a partial date' if count == 1 else 'partial dates')}"
    if rules.partial == "missing":
        remedy = (
            'Complete them, or set partial = "first", "middle" or "last" under [dates] in'
            " study.toml."
        )
        yield _told(column, mask, f"{hold} and {count_as(count)}", remedy)
        return
    for i in np.flatnonzero(mask):
        column.dates[i] = np.datetime64(complete(column.rest[int(i)], rules.partial), "us")
    message = f"{hold}, completed with the {rules.partial} possible day"
    found = _told(column, mask, message, "As set by partial under [dates] in study.toml.")
    yield replace(found, severity="note")


def _not_read(column: Dates) -> Iterator[Finding]:
    for kinds, words in (
        (("far",), f"a date before {YEARS[0]} or after {YEARS[-1]}"),
        (("impossible",), "no valid date"),
        (("unknown", "text"), "no date"),
    ):
        mask = column.of_kind(*kinds)
        if count := column.cells.count(mask):
            message = f": {cells_hold(count, words)} and {count_as(count)}"
            yield _told(column, mask, message, "Correct them, or leave them empty.")
    mask = column.of_kind("triple")
    if mask.any():
        why = (
            "is written with the day first in some cells and the month first in others"
            if column.order_why == "both"
            else "may be written with the day first or the month first"
        )
        remedy = (
            'Write them as 2020-12-31, or set order = "dmy", "mdy" or "ymd" under [dates] in'
            " study.toml."
        )
        yield _told(column, mask, f" {why}, and these dates were not read", remedy)
    mask = ~np.isnan(column.numbers) & np.isnat(column.dates)
    if mask.any() and not column.epoch.name:
        yield _numbers(column, mask)


def _numbers(column: Dates, mask: Any) -> Finding:
    message = " holds numbers, and nothing shows which dates they represent"
    remedy = (
        'Write dates as 2020-12-31, or set epoch = "sas", "unix" or "excel" under [dates] in'
        " study.toml."
    )
    return _told(column, mask, message, remedy, " They were not read.")


def _no_dates(column: Dates) -> Finding:
    present = np.ones(len(column.dates), dtype=bool)
    numbers = ~np.isnan(column.numbers)
    if column.unit and numbers.any() and is_of_a_trial(column.numbers[numbers], column.unit):
        return _numbers(column, numbers)
    texts = [column.cells.text(i) for i in range(min(SHOWN, len(present)))]
    return Finding(
        column.severity,
        f"{column.table.name}: {column.name} is named like a date, but its values are not dates: "
        f"{', '.join(texts)}. It is left unchanged.",
        "",
        column.cells.count(present),
    )


def _orders(table: Table, columns: Sequence[Dates]) -> Iterator[Finding]:
    for order, words in _ORDER.items():
        for why, reason in (
            ("values", "no other reading is possible"),
            ("table", "like other dates in the table"),
            ("study.toml", "as stated in study.toml"),
        ):
            names = [c.name for c in columns if (c.order, c.order_why) == (order, why)]
            if names:
                yield Finding(
                    "note",
                    f"{table.name}: {_list(names)} read {words}: {reason}.",
                    "Set order under [dates] in study.toml if that is wrong."
                    if why == "table"
                    else "",
                )


def _epochs(table: Table, columns: Sequence[Dates]) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[str]] = {}
    for column in columns:
        if column.epoch.name and column.unit:
            key = (column.epoch.name, column.unit, column.epoch.why)
            groups.setdefault(key, []).append(column.name)
    for (epoch, unit, why), names in groups.items():
        yield Finding(
            "note",
            f"{table.name}: {_list(names)} {'holds' if len(names) == 1 else 'hold'} numbers, read"
            f" as {NAMES[epoch]} {unit} since {SINCE[epoch]}{f' ({why})' if why else ''}.",
            'Set epoch = "sas", "unix" or "excel" under [dates] in study.toml if that is wrong.',
        )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
