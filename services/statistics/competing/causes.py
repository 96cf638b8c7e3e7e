"""Codes of competing causes, checked once for every estimate that uses them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import FloatArray, IntArray
from services.errors import UserError
from services.statistics import inputs, times
from services.statistics.times import Subjects


def read_causes(values: ArrayLike, last: int | None = None) -> IntArray:
    """Check codes of causes: 0 (censored), 1, 2, … up to ``last``.

    Raises
    ------
    UserError : a code that is missing, not whole, negative or above ``last``

    >>> read_causes([0, 2.0, 1])
    array([0, 2, 1])
    """
    found, levels = inputs.codes(values, "cause")
    for level in levels:
        known = isinstance(level, (int, float)) and float(level).is_integer() and level >= 0
        if not known or (last is not None and level > last):
            allowed = "1, 2 and so on" if last is None else f"1 to {last}"
            raise UserError(
                f"{level!r} is not the code of a cause.",
                f"Use 0 for censored and {allowed} for the causes.",
            )
    return np.array([int(level) for level in levels], dtype=np.int64)[found]


def read(time: ArrayLike, cause: ArrayLike, last: int | None = None) -> tuple[Subjects, IntArray]:
    """Check times and codes of causes; an event of the subjects is one of any cause.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    cause : (n,) codes as for :func:`read_causes`
    last : the highest code there may be

    >>> subjects, codes = read([5, 3], [2, 0])
    >>> subjects.event, codes
    (array([ True, False]), array([2, 0]))
    """
    codes = read_causes(cause, last)
    return times.read(time, codes > 0), codes


def check_code(code: int) -> None:
    """Raise a ``UserError`` for a number that cannot be the code of a cause."""
    if code < 1 or code != int(code):
        raise UserError(f"{code} is not the code of a cause.", "Causes are coded 1, 2 and so on.")


def left(after: FloatArray) -> FloatArray:
    """Values just before each time of a step function that starts at 1; along the last axis.

    >>> left(np.array([0.8, 0.5]))
    array([1. , 0.8])
    """
    return np.concatenate((np.ones((*after.shape[:-1], 1)), after[..., :-1]), axis=-1)
