"""All that a group of subjects does on one clock: who is at risk when, and who goes where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.arrays import FloatArray, IntArray
from services.statistics import times
from services.statistics.states.rows import CENSORED, Rows


@dataclass(frozen=True, eq=False)
class Clock:
    """Subjects with the same history counted together, on one clock.

    ``time`` (T,) are all distinct times but the origin, ``seen`` those at which somebody stops.
    A history has a ``state``, the time it is ``open`` from (an index, -1: from the beginning), and
    whether its members were there at the first move. ``exits`` has a row for each way out of one:
    time (an index), history, state after it (``CENSORED``), the history that follows (-1: none),
    and how many took it. ``start`` and ``stop`` (R,) are the indices of the ``rows``' times, -1:
    from the beginning; ``initial`` (R,) marks the first stay of who was there at the first move.
    """

    states: int
    time: FloatArray
    seen: NDArray[np.bool_]
    state: IntArray
    open: IntArray
    there: NDArray[np.bool_]
    size: IntArray  # members of each history
    exits: IntArray
    rows: Rows
    start: IntArray
    stop: IntArray
    initial: NDArray[np.bool_]

    def at_risk(self) -> IntArray:
        """Subjects (T, K) in each state just before each time; in the last, who had entered it."""
        last = self.states - 1
        change = np.zeros((len(self.time) + 1, self.states), dtype=np.int64)
        time, history, to, _, count = self.exits.T
        np.add.at(change, (self.open + 1, self.state), self.size)
        np.subtract.at(change, (time + 1, self.state[history]), count)
        np.add.at(change, (time[to == last] + 1, last), count[to == last])
        return np.cumsum(change, axis=0)[:-1]

    def matrices(self, at_risk: IntArray) -> tuple[IntArray, FloatArray]:
        """Times (M,), as indices, at which somebody moved, and the matrix (M, K, K) of each."""
        k = self.states
        at, history, to, _, count = self.exits[self.exits[:, 2] != CENSORED].T
        moves, move = np.unique(at, return_inverse=True)
        way = (move * k + self.state[history]) * k + to
        flows = np.bincount(way, weights=count, minlength=len(moves) * k * k).reshape(-1, k, k)
        share = flows / np.maximum(at_risk[moves], 1)[:, :, None]
        stays = np.eye(k, dtype=bool)
        return moves, np.where(stays, 1 - share.sum(axis=2, keepdims=True), share)

    @staticmethod
    def of(rows: Rows, states: int) -> Clock:
        """The clock of one subject or more over so many states."""
        clock, index = times.distinct(np.concatenate((rows.start, rows.stop)))
        begun = clock < 0
        time = clock[~begun]
        index = index - int(begun.sum())
        start, stop = np.maximum(index[: len(rows.start)], -1), index[len(rows.start) :]
        moved = rows.to != CENSORED
        first_move = stop[moved].min() if moved.any() else stop.min()
        new = np.concatenate(([True], rows.subject[1:] != rows.subject[:-1]))
        there = (start < first_move) & (stop >= first_move)
        history = np.full(len(start), -1)
        kinds: list[IntArray] = []  # rows of time, state, whether there
        made = 0
        here = np.flatnonzero(new)
        before = np.full(len(here), -1)
        while len(here):
            kind = np.column_stack((start[here], rows.state[here], (there & new)[here]))
            key = _key(before, *kind.T)
            _, first, number = np.unique(key, return_index=True, return_inverse=True)
            history[here] = number + made
            made += len(first)
            kinds.append(kind[first])
            goes_on = (here + 1 < len(new)) & ~new[np.minimum(here + 1, len(new) - 1)]
            before, here = history[here[goes_on]], here[goes_on] + 1
        follows = np.full(len(start), -1)
        follows[:-1] = np.where(new[1:], -1, history[1:])
        # Of those who leave one history alike, all who are seen after it have the same next one.
        key = _key(stop, history, rows.to, follows >= 0)
        _, first, count = np.unique(key, return_index=True, return_counts=True)
        exits = np.column_stack((stop, history, rows.to, follows))[first]
        opened, state, present = np.concatenate(kinds).T
        seen = np.zeros(len(time), dtype=bool)
        seen[stop] = True
        return Clock(
            states,
            time,
            seen,
            state,
            opened,
            present.astype(bool),
            np.bincount(history, minlength=made),
            np.column_stack((exits, count)),
            rows,
            start,
            stop,
            there & new,
        )


def _key(*columns: NDArray[Any]) -> IntArray:
    """A number for each row of some columns of whole numbers, -1 or more, in the rows' order."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max()) + 2) + column + 1
    return key
