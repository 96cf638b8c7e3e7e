"""Who was in which state from when to when: rows from the times at which states were entered.

States are numbered in their order, 0 first; nobody goes back. A row is a stay: a subject was at
risk of leaving ``state`` after ``start`` and up to ``stop``, and then went ``to`` another state or
was seen no more. It is the form R's ``survfit`` takes with ``id``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError
from services.statistics import times
from services.statistics.inputs import check_times, floats, rows_named, same_length

CENSORED = -1
# Whoever is under observation from the beginning is at risk at time 0 too, as for Kaplan-Meier.
ORIGIN = -1.0


@dataclass(frozen=True, eq=False)
class Rows:
    """R rows of n subjects, in order of subject and time.

    ``subject`` (R,) counts 0 .. n - 1; ``start`` (R,) is ``ORIGIN`` for who was there from the
    beginning; ``stop`` (R,); ``state`` (R,) and ``to`` (R,), the latter ``CENSORED`` at the end of
    observation. Times that differ by rounding are one time.
    """

    n: int
    subject: IntArray
    start: FloatArray
    stop: FloatArray
    state: IntArray
    to: IntArray

    def of(self, chosen: BoolArray) -> Rows:
        """The rows of the chosen subjects (n,), counted anew."""
        kept = chosen[self.subject]
        number = np.cumsum(chosen) - 1
        return Rows(
            int(chosen.sum()),
            number[self.subject[kept]],
            self.start[kept],
            self.stop[kept],
            self.state[kept],
            self.to[kept],
        )


def rows_of(entered: ArrayLike, end: ArrayLike, entry: ArrayLike | None = None) -> Rows:
    """The stays of every subject.

    On one day the later state counts, and a state entered after a later one does not: who is
    treated before progression never waits untreated. The last state takes in whoever enters it for
    good; in any other a subject stays at risk until ``end``.

    Parameters
    ----------
    entered : (n, K - 1) time at which each state but the first was entered, NaN if never; any
        unit, 0 or more
    end : (n,) last time under observation; what was entered later is not seen
    entry : (n,) time from which each subject was under observation (left truncation): the state
        then counts, not when it was entered

    Raises
    ------
    UserError
        Missing, infinite or negative times; an entry that is not before the end; a death before
        the entry. Rows are counted from 1.

    Examples
    --------
    >>> nan = np.nan
    >>> r = rows_of([[2, nan], [3, 3], [nan, nan]], [5, 3, 4])
    >>> r.subject, r.start, r.stop
    (array([0, 0, 1, 2]), array([-1.,  2., -1., -1.]), array([2., 5., 3., 4.]))
    >>> r.state, r.to
    (array([0, 1, 0, 0]), array([ 1, -1,  2, -1]))
    """
    reached = np.asarray(entered, dtype=np.float64)
    last = floats(end, "end of observation")
    n = len(last)
    same_length(n, entered=reached)
    check_times(last, "end of observation")
    known = reached[~np.isnan(reached)]
    check_times(known, "time of a change of state")
    since = np.full(n, ORIGIN) if entry is None else floats(entry, "entry time")
    same_length(n, entry=since)
    if entry is not None:
        check_times(since, "entry time")
        _check_entry(since, last)
    clock, index = times.distinct(np.concatenate((known, last, since[since >= 0])))
    exact = clock[index]
    reached = reached.copy()
    reached[~np.isnan(reached)] = exact[: len(known)]
    last = exact[len(known) : len(known) + n]
    if entry is not None:
        since = exact[len(known) + n :]
        gone = reached[:, -1] <= since
        if gone.any():
            raise UserError(
                f"{int(gone.sum())} of {n} subjects are in the last state before they enter"
                f" observation ({rows_named(gone)}).",
                "Correct these rows or leave them out.",
            )
    return _stays(reached, last, since)


def _check_entry(since: FloatArray, last: FloatArray) -> None:
    late = since >= last
    if late.any():
        raise UserError(
            f"{int(late.sum())} of {len(last)} entry times are not before the end of observation"
            f" ({rows_named(late)}).",
            "A subject must enter observation before its end.",
        )


def _stays(reached: FloatArray, last: FloatArray, since: FloatArray) -> Rows:
    n, later = reached.shape
    at = np.where(np.isnan(reached) | (reached > last[:, None]), np.inf, reached)
    # When any state beyond the one of the column's number was entered first.
    beyond = np.minimum.accumulate(at[:, ::-1], axis=1)[:, ::-1]
    begins = np.column_stack((np.full(n, -np.inf), at))
    parts = []
    for state in range(later):  # nobody leaves the last
        # In ``state`` from its own time until the first time of any later one.
        start = np.maximum(begins[:, state], since)
        stop = np.minimum(beyond[:, state], last)
        stays = np.flatnonzero(start < stop)
        moved = beyond[stays, state] <= last[stays]
        to = np.full(len(stays), CENSORED)
        # On one day the latest of the states entered.
        same = at[stays] == beyond[stays, state][:, None]
        latest = later - np.argmax(same[:, ::-1], axis=1)
        to[moved] = latest[moved]
        parts.append((stays, start[stays], stop[stays], np.full(len(stays), state), to))
    subject, start, stop, state_of, to = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((start, subject))
    return Rows(n, subject[order], start[order], stop[order], state_of[order], to[order])
