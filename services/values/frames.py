"""Columns of text as categoricals: whole numbers are compared, sorted and counted much faster.

``reading.formats`` reads text this way, ``uploads.disk`` keeps it, ``reading`` works on it,
and a ``Study`` holds plain text again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

_SPARSE = 16  # flags for up to this many values per row are cheaper than a hash table


def number_text(value: float) -> str:
    """A number as an identifier is written: 1015.0 as "1015".

    >>> number_text(1015.0), number_text(1.5)
    ('1015', '1.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def coded(
    frame: pd.DataFrame, column: str, change: Callable[[str], str] | None = None
) -> tuple[Any, Any]:
    """A column of text, numbers or a categorical as (codes, texts).

    ``texts[codes]`` is the column as text, "" where a value is missing or there is no such column:
    ``texts`` ends with "", and -1 stands for it. With ``change``, which is applied to each distinct
    value, a text may be there twice. Not every text need be in the column.
    """
    if column not in frame:
        return np.full(len(frame), -1), np.array([""], dtype=object)
    values = frame[column]
    if is_coded(values):
        codes, levels = values.cat.codes.to_numpy().astype(np.intp), values.cat.categories
    else:
        codes, levels = pd.factorize(values)
    texts = [number_text(v) if isinstance(v, float) else str(v) for v in levels]
    if change is not None:
        texts = [change(t) for t in texts]
    return codes, np.array([*texts, ""], dtype=object)


def encode(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The frame with these columns, if they are there, as categoricals; "" is missing."""
    made = {}
    for name in names:
        if name in frame and not is_coded(frame[name]):
            codes, texts = coded(frame, name)
            kept = texts != ""
            number = np.where(kept, np.cumsum(kept) - 1, -1)
            made[name] = categorical(number[codes], texts[kept])
    return with_columns(frame, **made) if made else frame


def decoded(values: Any) -> Any:
    """A column as an array; a categorical as text (object, NaN where missing)."""
    if not is_coded(values):
        return values.to_numpy()
    texts = np.array([*values.cat.categories, np.nan], dtype=object)
    return texts[values.cat.codes.to_numpy()]


def decode(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every categorical as text again; the others uncopied."""
    found = {n: decoded(frame[n]) if is_coded(frame[n]) else frame[n] for n in frame}
    return pd.DataFrame(found, index=frame.index, copy=False)


def categorical(codes: Any, levels: Any) -> pd.Categorical:
    """Codes (-1: missing) of distinct texts as a column."""
    return pd.Categorical.from_codes(codes, pd.Index(levels, dtype=object))


def pooled(codes: Any, texts: Any) -> pd.Categorical:
    """Codes (-1: missing) of texts that may be there twice as a column."""
    index = pd.Index(texts, dtype=object)
    if index.is_unique:
        return pd.Categorical.from_codes(codes, index)
    numbers, levels = pd.factorize(texts)
    return categorical(np.append(numbers, -1)[codes], levels)


def is_coded(values: Any) -> bool:
    """Whether a column is a categorical."""
    return isinstance(values.dtype, pd.CategoricalDtype)


def with_columns(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """``frame.assign`` without a copy of what does not change: a million rows take their time."""
    made = frame.copy(deep=False)
    for name, values in columns.items():
        made[name] = values
    return made


def by_appearance(codes: Any, levels: int) -> tuple[Any, Any]:
    """Which codes (from 0) are there, in the order of their first row; and those rows.

    >>> by_appearance(np.array([2, 0, 2]), 4)
    (array([2, 0]), array([0, 1]))
    """
    first = np.full(levels, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    order = np.argsort(first, kind="stable")
    order = order[first[order] < len(codes)]
    return order, first[order]


def rows_of(values: Any) -> dict[str, Any]:
    """Row numbers of each text of a categorical without missing values, by appearance."""
    codes, levels = values.cat.codes.to_numpy(), values.cat.categories
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(levels)))[:-1])
    return {levels[c]: parts[c] for c in by_appearance(codes, len(levels))[0]}


def combinations(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The distinct combinations of some categoricals, as text."""
    key = np.zeros(len(frame), dtype=np.int64)
    for name in names:
        values = frame[name].cat
        # Numbered anew each time, so that they stay small.
        key = pd.factorize(key * (len(values.categories) + 1) + values.codes.to_numpy())[0]
    first = by_appearance(key, int(key.max(initial=-1)) + 1)[1]
    return decode(frame[list(names)].iloc[first])


def tally(texts: Any, sizes: Any) -> dict[str, int]:
    """How many rows hold each text, without those of none; a text may be there twice.

    >>> tally(["a", "b", "a"], [1, 0, 2])
    {'a': 3}
    """
    found: dict[str, int] = {}
    for text, n in zip(texts, sizes, strict=True):
        if n:
            found[str(text)] = found.get(str(text), 0) + int(n)
    return found


def repeated(numbers: Any) -> Any:
    """Which of some whole numbers, 0 or more, have come before."""
    if len(numbers) and int(numbers.max()) <= _SPARSE * len(numbers):
        seen = np.zeros(int(numbers.max()) + 1, dtype=bool)
        seen[numbers] = True
        if int(seen.sum()) == len(numbers):
            return np.zeros(len(numbers), dtype=bool)
    return pd.Series(numbers).duplicated().to_numpy()


def text(frame: pd.DataFrame, column: str, change: Callable[[str], str] | None = None) -> Any:
    """A column as text, "" where missing; all "" if there is no such column.

    ``change`` is applied to each distinct value: over a million rows of a few levels that is
    the difference between milliseconds and seconds.
    """
    if column in frame and change is None and frame[column].dtype == object:
        values = frame[column]
        missing = values.isna()
        return values.where(~missing, "") if missing.any() else values
    codes, texts = coded(frame, column, change)
    return pd.Series(texts[codes], index=frame.index)


def first_of(frame: pd.DataFrame, *names: str) -> str | None:
    """The first of these columns that holds anything."""
    for name in names:
        if name in frame and frame[name].notna().any():
            return name
    return None
