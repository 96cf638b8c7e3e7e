"""Columns of data as arrays, with words for what is wrong in them and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError

_ROWS_NAMED = 5


def rows_named(bad: BoolArray) -> str:
    """Name the first few marked rows, the first row being 1.

    >>> rows_named(np.array([False, True, True]))
    'rows 2, 3'
    """
    found = np.flatnonzero(bad) + 1
    names = ", ".join(str(i) for i in found[:_ROWS_NAMED])
    return f"row{'s' if len(found) > 1 else ''} {names}{', …' if len(found) > _ROWS_NAMED else ''}"


def _numbers(values: ArrayLike, what: str) -> FloatArray:
    try:
        array = np.asarray(pd.to_numeric(np.asarray(values).ravel()), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UserError(f"The {what}s hold text: {error}.", f"Give each {what} as a number.") from (
            error
        )
    return array


def floats(values: ArrayLike, what: str) -> FloatArray:
    """One column as floats, missing values as NaN; a ``UserError`` when it holds text.

    >>> floats(["1", "2.5"], "time")
    array([1. , 2.5])
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise UserError(f"The {what}s must be one column, not {array.ndim} dimensions.")
    if array.dtype.kind in "fiub":
        return array.astype(np.float64, copy=False)
    return _numbers(array, what)


def events_of(values: ArrayLike) -> BoolArray:
    """Event indicators 0 and 1 as booleans; a ``UserError`` names the rows of anything else.

    >>> events_of([1, 0])
    array([ True, False])
    """
    array = np.asarray(values)
    if array.dtype == np.bool_ and array.ndim == 1:
        return array
    numbers = floats(values, "event indicator")
    bad = (numbers != 0) & (numbers != 1)
    if bad.any():
        raise UserError(
            f"{int(bad.sum())} of {len(numbers)} event indicators are neither 0 nor 1 or are "
            f"missing ({rows_named(bad)}).",
            "Use 1 (true) for an event and 0 (false) for a censored time.",
        )
    return numbers.astype(np.bool_)


def check_times(time: FloatArray, what: str) -> None:
    """Raise a ``UserError`` counting missing, infinite and negative times and naming rows."""
    faults = []
    for label, bad in (
        ("missing", np.isnan(time)),
        ("infinite", np.isinf(time)),
        ("negative", time < 0),
    ):
        count = int(np.count_nonzero(bad))
        if count:
            verb = "is" if count == 1 else "are"
            faults.append(f"{count} of {len(time)} {what}s {verb} {label} ({rows_named(bad)})")
    if faults:
        raise UserError(
            "; ".join(faults) + ".",
            "Times are finite numbers, 0 or more. Correct these rows or leave them out.",
            tuple(faults),
        )


def same_length(n: int, **columns: Sequence[Any] | NDArray[Any]) -> None:
    """Raise a ``UserError`` when a column has not one value for each of the n subjects."""
    for name, values in columns.items():
        if len(values) != n:
            raise UserError(f"There are {n} times but {len(values)} values of {name}.")


def codes(values: ArrayLike, name: str) -> tuple[IntArray, list[Any]]:
    """Number the levels of a column, in sorted order.

    Returns
    -------
    codes : (n,) 0 .. k - 1
    levels : the k levels

    Raises
    ------
    UserError : a missing value; rows are counted from 1

    >>> codes(["b", "a", "b"], "arm")
    (array([1, 0, 1]), ['a', 'b'])
    """
    array = np.asarray(values)
    if array.dtype.kind in "OUSfM":
        found, levels = pd.factorize(array, sort=True)
        missing = found < 0
        if missing.any():
            raise UserError(
                f"{int(missing.sum())} of {len(array)} values of {name} are missing "
                f"({rows_named(missing)}).",
                "Leave these subjects out or give them a value.",
            )
        return found.astype(np.int64), levels.tolist()
    levels, found = np.unique(array, return_inverse=True)
    return found.astype(np.int64, copy=False), levels.tolist()


def codes_or_missing(values: ArrayLike) -> IntArray:
    """Number the levels of a column as they come; -1 is a missing value.

    >>> codes_or_missing(["b", None, "a", "b"])
    array([ 0, -1,  1,  0])
    """
    return pd.factorize(np.asarray(values))[0].astype(np.int64)


def strata_codes(strata: ArrayLike | None, n: int) -> IntArray | None:
    """Strata as integer codes (n,); ``None`` when there are none or only one."""
    if strata is None:
        return None
    found, levels = codes(strata, "strata")
    same_length(n, strata=found)
    return found if len(levels) > 1 else None
