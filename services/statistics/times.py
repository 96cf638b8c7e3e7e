"""Times to event: checked, made comparable and counted once per distinct time.

Every estimate of the engine starts here, so that one rule decides which times are the same,
who is at risk and what a mistake in the data is called.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.arrays import BoolArray, FloatArray, IntArray
from services.errors import UserError
from services.replaced import replace
from services.statistics.inputs import (
    check_times,
    events_of,
    floats,
    rows_named,
    same_length,
)

# Two times closer than this share of the mean distinct time are one time. The value is R's
# (``aeqSurv``, sqrt of the machine's epsilon), so that ties are the same ties as in R.
TIME_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True, eq=False)
class Subjects:
    """Checked records of n subjects on one clock.

    ``clock`` holds the J distinct times, ascending; ``index`` (n,) says which of them each
    subject's time is, ``entry_index`` (n,) the same for entry times. A subject is at risk at
    ``clock[j]`` when ``entry_index < j <= index``.
    """

    clock: FloatArray
    index: IntArray
    event: BoolArray
    entry_index: IntArray | None = None

    @property
    def n(self) -> int:
        """Number of subjects."""
        return len(self.index)

    @property
    def time(self) -> FloatArray:
        """Each subject's time (n,), ties made exact."""
        return self.clock[self.index]

    def take(self, rows: BoolArray | IntArray) -> Subjects:
        """Keep some subjects, on the same clock (so ties stay what they were)."""
        entry = None if self.entry_index is None else self.entry_index[rows]
        return replace(self, index=self.index[rows], event=self.event[rows], entry_index=entry)


@dataclass(frozen=True, eq=False)
class Counts:
    """Subjects counted at every distinct time of every stratum.

    R rows in order of stratum, then time; the counts are (groups, R). ``at_risk`` counts those
    with entry < time <= T, as the risk set of the partial likelihood does.
    """

    time: FloatArray
    clock_index: IntArray
    stratum: IntArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray

    def at(self, rows: BoolArray | slice) -> Counts:
        """Keep some rows."""
        return Counts(
            self.time[rows],
            self.clock_index[rows],
            self.stratum[rows],
            self.at_risk[:, rows],
            self.events[:, rows],
            self.censored[:, rows],
        )


def distinct(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distinct values, one of those that differ by rounding alone, and each value's place.

    The rule is that of ``timefix`` in R's survival, but relative only: R also merges every gap
    under 1.5e-8, which would make one time of all data measured on a very small scale.
    """
    distinct, index = np.unique(values, return_inverse=True)
    if len(distinct) > 1:
        gaps = np.diff(distinct)
        tied = gaps <= TIME_TOLERANCE * float(np.mean(np.abs(distinct)))
        if tied.any():
            first = np.concatenate(([True], ~tied))
            index = (np.cumsum(first) - 1)[index]
            distinct = distinct[first]
    return distinct, index.astype(np.int64, copy=False)


def read(time: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None) -> Subjects:
    """Check times and events and put them on one clock.

    Parameters
    ----------
    time : (n,) time to event or censoring, any unit, 0 or more
    event : (n,) true (1) for an event, false (0) for a censored time
    entry : (n,) time from which each subject was under observation (left truncation)

    Raises
    ------
    UserError : missing, infinite or negative times, events that are not 0 or 1, arrays of different
        length, an entry that is not before its time. The message counts them and names rows, the
        first row being 1

    >>> s = read([5, 3, 3], [True, False, True])
    >>> s.clock, s.index
    (array([3., 5.]), array([1, 0, 0]))
    >>> read([5, -3], [1, 1])
    Traceback (most recent call last):
    ...
    services.errors.UserError: 1 of 2 times is negative (row 2). Times are finite numbers, 0 \
or more. Correct these rows or leave them out.
    """
    times = floats(time, "time")
    events = events_of(event)
    same_length(len(times), event=events)
    check_times(times, "time")
    if entry is None:
        clock, index = distinct(times)
        return Subjects(clock, index, events)
    entries = floats(entry, "entry time")
    same_length(len(times), entry=entries)
    check_times(entries, "entry time")
    clock, both = distinct(np.concatenate((times, entries)))
    index, entry_index = both[: len(times)], both[len(times) :]
    late = entry_index >= index
    if late.any():
        count = int(late.sum())
        raise UserError(
            f"{count} of {len(times)} entry times {'is' if count == 1 else 'are'} not before the "
            f"time itself ({rows_named(late)}).",
            "A subject must enter observation before its event or censoring.",
        )
    return Subjects(clock, index, events, entry_index)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where subjects stand among the R rows, one for each (stratum, time) that occurs.

    ``row`` (n,) is each subject's own row, ``end`` (R,) the row after the last of the stratum.
    With entry times ``entry_row`` (n,) is the last row of the stratum a subject enters too late
    for; ``entered_late`` marks those who have one.
    """

    clock_index: IntArray
    stratum: IntArray
    end: IntArray
    row: IntArray
    entry_row: IntArray | None = None
    entered_late: BoolArray | None = None


def layout(subjects: Subjects, strata: IntArray | None = None) -> Layout:
    """Find the rows of (stratum, time); risk sets do not cross strata.

    >>> layout(read([5, 3, 3], [1, 0, 1])).row
    array([1, 0, 0])
    """
    ticks = max(len(subjects.clock), 1)
    key = subjects.index if strata is None else strata * ticks + subjects.index
    # A table of all (stratum, time) is quicker than a sort as long as it is not much longer
    # than the data.
    span = int(key.max()) + 1 if len(key) else 0
    if span <= 4 * len(key) + 1024:
        occurs = np.zeros(span, dtype=np.bool_)
        occurs[key] = True
        keys = np.flatnonzero(occurs)
        row = (np.cumsum(occurs) - 1)[key]
    else:
        keys, row = np.unique(key, return_inverse=True)
    stratum = keys // ticks
    end = np.searchsorted(stratum, stratum, side="right")
    if subjects.entry_index is None:
        return Layout(keys % ticks, stratum, end, row)
    own = 0 if strata is None else strata
    entry_row = np.searchsorted(keys, own * ticks + subjects.entry_index, side="right") - 1
    late = (entry_row >= 0) & (stratum[entry_row] == own)
    return Layout(keys % ticks, stratum, end, row, entry_row, late)


def count(
    subjects: Subjects,
    group: IntArray | None = None,
    groups: int = 1,
    strata: IntArray | None = None,
) -> Counts:
    """Count events, censorings and those at risk per group at every distinct time.

    Parameters
    ----------
    subjects : the checked records
    group : (n,) codes 0 .. groups - 1; one group when left out
    strata : (n,) codes; risk sets do not cross strata

    >>> c = count(read([1, 1, 2], [1, 0, 1]), np.array([0, 1, 1]), 2)
    >>> c.time, c.at_risk, c.events
    (array([1., 2.]), array([[1, 0],
           [2, 1]]), array([[1, 0],
           [0, 1]]))
    """
    at = layout(subjects, strata)
    rows = len(at.stratum)

    def table(row: IntArray, chosen: BoolArray | None = None) -> IntArray:
        cell = row if group is None else group * rows + row
        cell = cell if chosen is None else cell[chosen]
        return np.bincount(cell, minlength=groups * rows).reshape(groups, rows)

    events = table(at.row, subjects.event)
    leaving = table(at.row)
    at_risk = to_come(leaving, at.end)
    if at.entry_row is not None:
        # Who enters at or after a row's time is not yet at risk there.
        at_risk = at_risk - to_come(table(at.entry_row, at.entered_late), at.end)
    time = subjects.clock[at.clock_index]
    return Counts(time, at.clock_index, at.stratum, at_risk, events, leaving - events)


def to_come(counts: IntArray, end: IntArray) -> IntArray:
    """Sum (groups, R) along each row's own stratum from the row to ``end``."""
    before = np.zeros((counts.shape[0], counts.shape[1] + 1), dtype=np.int64)
    np.cumsum(counts, axis=1, out=before[:, 1:])
    return before[:, end] - before[:, :-1]


def ends_before(last: float, time: float, what: str = "") -> str:
    """Why nothing is known of a time: both with a decimal, or as many as tell them apart.

    >>> ends_before(75.26899, 200), ends_before(35.96, 36)
    ('follow-up ends at 75.3, before 200', 'follow-up ends at 35.96, before 36')
    """
    digits = next((d for d in range(1, 12) if round(last, d) < round(time, d)), 12)
    end, wanted = (f"{round(value, digits):.15g}" for value in (last, time))
    return f"follow-up ends at {end}, before {what}{wanted}"
