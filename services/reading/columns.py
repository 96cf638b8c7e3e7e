"""ADaM columns: under their standard names, and how to get at their values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from services import lists
from services.errors import UserError, few
from services.reading.formats.table import Table
from services.study.labels import LABELS
from services.study.model import SUBJECT
from services.values.natural import natural_key

_LISTS = lists.beside(__file__)
_LABELS: dict[str, str] = _LISTS["labels"]
_SHORT: dict[str, str] = _LISTS["short"]
_ORDERS = [lists.words(levels) for levels in _LISTS["orders"]]


def known_names() -> frozenset[str]:
    """The columns of ADaM that may be used."""
    return frozenset(_LABELS.values())


def adam_names(headers: Iterable[str]) -> dict[str, str]:
    """The names of those headers that are labels; headers in capitals, each name given once.

    >>> adam_names(["UNIQUE SUBJECT IDENTIFIER", "ANALYSIS VALUE", "CENSOR", "SITE"])
    {'UNIQUE SUBJECT IDENTIFIER': 'USUBJID', 'ANALYSIS VALUE': 'AVAL', 'CENSOR': 'CNSR'}
    >>> adam_names(["ID", "TIME", "CENSOR"])
    {}
    """
    headers = list(headers)
    words = {header: " ".join(re.findall(r"\w+", header)) for header in headers}
    known = _LABELS | (_SHORT if any(w in _LABELS for w in words.values()) else {})
    found: dict[str, str] = {}
    for header in headers:
        name = known.get(words[header])
        if name and name not in headers and name not in found.values():
            found[header] = name
    return found


def upper_columns(table: Table) -> Table:
    """The same table with ADaM's upper-case column names (``formats`` made sure they differ).

    A header that is CDISC's label of a column ("Analysis Value") becomes that column's name.
    """
    names = [str(c).strip().upper() for c in table.frame.columns]
    called = adam_names(names)
    plain = all(k == k.strip().upper() for k in table.labels)
    if names == list(table.frame.columns) and plain and not called:
        return table  # as it is: a copy of a million rows takes its time
    frame = table.frame.set_axis([called.get(name, name) for name in names], axis=1)
    headers = dict(zip(names, map(str, table.frame.columns), strict=True))
    labels = {name: headers[name].strip() for name in names if name not in LABELS}
    labels |= {name: headers[header] for header, name in called.items()}
    labels |= {k.strip().upper(): v for k, v in table.labels.items()}
    return replace(table, frame=frame, labels=labels)


def as_spelled(table: Table) -> dict[str, str]:
    """The table's headers as its file spells them, by the name ``upper_columns`` gives each."""
    headers = {str(c).strip().upper(): str(c).strip() for c in table.frame.columns}
    called = adam_names(list(headers))
    return {called.get(name, name): header for name, header in headers.items()}


def require(table: Table, *names: str, remedy: str = "") -> None:
    """Raise a UserError that names the columns a table lacks."""
    missing = [name for name in names if name not in table.frame]
    if missing:
        has = few(table.frame.columns)
        raise UserError(
            f"{table.name} has no column {' or '.join(missing)}.",
            remedy or f"Rename the column that contains it. The file has: {has}.",
        )


def natural_order(levels: list[str], frame: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Levels in the order a reader expects.

    By the coded copy (``AGEGR1N`` beside ``AGEGR1``) if there is one, else a known scale (low to
    high), else as ``natural_key`` has it ("< 65" before "65-74", "Site 2" before "Site 10").
    """
    numbers = name + "N"
    if numbers in frame and frame[numbers].dtype == np.float64:
        first = frame[numbers].groupby(frame[name]).agg(["min", "max"])
        if bool((first["min"] == first["max"]).all()) and first["min"].is_unique:
            return tuple(first["min"].sort_values().index.map(str))
    upper = {level.upper() for level in levels}
    for order in _ORDERS:
        if upper <= set(order):
            return tuple(sorted(levels, key=lambda v: order.index(v.upper())))
    return tuple(sorted(levels, key=natural_key))


def duplicated_subjects(frame: pd.DataFrame) -> list[str]:
    """The subjects with more than one row."""
    twice = frame[SUBJECT].duplicated(keep="first")
    return list(dict.fromkeys(frame.loc[twice, SUBJECT]))
