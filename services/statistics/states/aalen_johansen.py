"""Probability in state over time: the Aalen-Johansen estimate with jackknife standard errors.

p(t) is the share of patients in each state at t: p(t-) times the matrix of moves at t, whose row
of a state is the share of those in it that went each way (Aalen and Johansen 1978). Its variance
is the infinitesimal jackknife, summed by subject, of R's ``survfit`` with ``id`` (survival 3.5):
subject i's influence u_i obeys

    u_i(t) = u_i(t-) H(t) + p_j(t-) / n_j(t) (e_k - H_j(t))

where i is at risk in state j at t and is in k after it; the variance of p(t) is the sum of u_i
squared, and that of a mean time the sum of the squares of its integral. Subjects with the same
history have one u, and what those who are out of observation add is one quadratic form, so that a
time costs no more than the histories that are open at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.arrays import FloatArray, IntArray
from services.statistics import distributions, times
from services.statistics.competing.incidence import limits_of_share
from services.statistics.landmarks import check_landmarks
from services.statistics.results import NotEstimable
from services.statistics.rmst import check_tau
from services.statistics.states.mean_time import mean_times
from services.statistics.states.records import InState, Move, StateCurves, StatesAt
from services.statistics.states.rows import CENSORED, Rows
from services.statistics.steps import NO_SUBJECTS

# What rounding leaves of a standard error that is 0.
_ROUNDING = 1e-14


def probability_in_state(
    rows: Rows,
    states: int,
    *,
    tau: float | None = None,
    landmarks: Sequence[float] = (),
    level: float = 0.95,
    arm: str = "",
) -> StateCurves:
    """The probability of each of ``states`` states over time, and the mean time in each.

    Intervals are R's for several states, normal on the logarithm and cut at 1. Where all begin in
    one state it has probability 1 at first; else the shares are those of the subjects at risk at
    the first move, as in R.

    Parameters
    ----------
    rows : the stays, as ``rows_of`` makes them
    states : how many there are; the last is never left
    tau : end of the mean times, the last time when ``None``
    landmarks : times at which the probabilities are read
    level : confidence level
    arm : name put on the result

    Raises
    ------
    UserError
        Faulty options.
    NotEstimable
        No subjects.

    Examples
    --------
    >>> from services.statistics.states.rows import rows_of
    >>> nan = float("nan")
    >>> c = probability_in_state(rows_of([[2, nan], [3, 3], [nan, nan]], [5, 3, 4]), 3)
    >>> c.probability.round(3)[-1], c.std_err.round(3)[-1]
    (array([0.333, 0.333, 0.333]), array([0.272, 0.272, 0.272]))
    """
    z = distributions.quantile_z(level)
    at = check_landmarks(landmarks)
    end = check_tau(tau)
    if not rows.n:
        raise NotEstimable(NO_SUBJECTS)
    clock = _Clock.of(rows, states)
    last = float(clock.time[-1])
    found = _estimate(clock, last if end is None else end)
    lower, upper = limits_of_share(found.probability, found.std_err, "log", z)
    time = clock.time[clock.seen]
    at_risk = found.at_risk
    if time[0] > 0:
        time = np.concatenate(([0.0], time))
        first = (
            found.first,
            np.zeros(states),
            *limits_of_share(found.first, np.zeros(states), "log", z),
        )
        columns = (found.probability, found.std_err, lower, upper)
        probability, std_err, lower, upper = (
            np.vstack((a, b)) for a, b in zip(first, columns, strict=True)
        )
        at_risk = np.vstack((at_risk[0], at_risk))
    else:
        probability, std_err = found.probability, found.std_err
    moves = _moves(rows)
    curves = StateCurves(
        arm=arm,
        n=rows.n,
        time=time,
        at_risk=at_risk,
        probability=probability,
        std_err=std_err,
        lower=lower,
        upper=upper,
        moves=moves,
        landmarks=(),
        mean_times=mean_times(found.mean, found.mean_std_err, end, last, probability[-1], z),
    )
    marks = tuple(at_time(curves, rows, t) for t in at)
    return StateCurves(**{**vars(curves), "landmarks": marks})


def _moves(rows: Rows) -> tuple[Move, ...]:
    pairs, counts = np.unique(
        np.column_stack((rows.state, rows.to))[rows.to != CENSORED], axis=0, return_counts=True
    )
    return tuple(Move(int(a), int(b), int(n)) for (a, b), n in zip(pairs, counts, strict=True))


def in_state(rows: Rows, states: int, marks: Sequence[float]) -> IntArray:
    """Subjects under observation in each state at each time, and in the last who entered it.

    Returns
    -------
    (times, states) counts; who leaves a state at a time is still in it, as with numbers at risk

    >>> from services.statistics.states.rows import rows_of
    >>> nan = float("nan")
    >>> in_state(rows_of([[2, nan], [3, 3], [nan, nan]], [5, 3, 4]), 3, [0, 3, 5])
    array([[3, 0, 0],
           [2, 1, 0],
           [0, 1, 1]])
    """
    slack = times.TIME_TOLERANCE * float(np.mean(rows.stop)) if len(rows.stop) else 0.0
    counts = np.zeros((len(marks), states), dtype=np.int64)
    for state in range(states - 1):
        mine = rows.state == state
        start, stop = np.sort(rows.start[mine]), np.sort(rows.stop[mine])
        for i, t in enumerate(marks):
            begun = np.searchsorted(start, t - slack, side="left")
            counts[i, state] = begun - np.searchsorted(stop, t - slack, side="left")
    entered = np.sort(rows.stop[rows.to == states - 1])
    counts[:, -1] = [np.searchsorted(entered, t - slack, side="left") for t in marks]
    return counts


def at_time(curves: StateCurves, rows: Rows, time: float) -> StatesAt:
    """The probabilities at one time; beyond the last one only where all have come to rest."""
    states = curves.probability.shape[1]
    slack = times.TIME_TOLERANCE * float(np.mean(curves.time))
    counts = tuple(int(n) for n in in_state(rows, states, [time])[0])
    at_rest = curves.probability[-1, :-1].sum() <= times.TIME_TOLERANCE
    if time > curves.time[-1] + slack and not at_rest:
        reason = times.ends_before(float(curves.time[-1]), time)
        return StatesAt(time, counts, (InState(None, None, None, None, reason),) * states)
    row = int(np.searchsorted(curves.time, time + slack, side="right")) - 1
    return StatesAt(time, counts, tuple(_one(curves, row, state) for state in range(states)))


def _one(curves: StateCurves, row: int, state: int) -> InState:
    value, error = float(curves.probability[row, state]), float(curves.std_err[row, state])
    if error == 0:
        reason = "nobody in this state: no interval" if value == 0 else "all in it: no interval"
        return InState(value, error, None, None, reason)
    return InState(value, error, float(curves.lower[row, state]), float(curves.upper[row, state]))


# --- the estimate -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Clock:
    """Subjects with the same history counted together, on one clock.

    ``time`` (T,) are all distinct times but the origin, ``seen`` those at which somebody stops.
    A history has a ``state``, the time it is ``open`` from (an index, -1: from the beginning), and
    whether its members were there at the first move. ``exits`` has a row for each way out of one:
    time (an index), history, state after it (``CENSORED``), the history that follows (-1: none),
    and how many took it.
    """

    states: int
    time: FloatArray
    seen: NDArray[np.bool_]
    state: IntArray
    open: IntArray
    there: NDArray[np.bool_]
    entries: IntArray  # histories that begin observation, by number
    size: IntArray  # members of each history
    exits: IntArray

    def at_risk(self) -> IntArray:
        """Subjects (T, K) in each state just before each time; in the last, who had entered it."""
        last = self.states - 1
        change = np.zeros((len(self.time) + 1, self.states), dtype=np.int64)
        time, history, to, _, count = self.exits.T
        np.add.at(change, (self.open + 1, self.state), self.size)
        np.subtract.at(change, (time + 1, self.state[history]), count)
        np.add.at(change, (time[to == last] + 1, last), count[to == last])
        return np.cumsum(change, axis=0)[:-1]

    @staticmethod
    def of(rows: Rows, states: int) -> _Clock:
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
            kind = np.column_stack((start[here], rows.state[here], there[here] & new[here]))
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
        return _Clock(
            states,
            time,
            seen,
            state,
            opened,
            present.astype(bool),
            np.unique(history[new]),
            np.bincount(history, minlength=made),
            np.column_stack((exits, count)),
        )


def _key(*columns: NDArray[Any]) -> IntArray:
    """A number for each row of some columns of whole numbers, -1 or more, in the rows' order."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max()) + 2) + column + 1
    return key


@dataclass(frozen=True, eq=False)
class _Found:
    """Arrays over the seen times (and states), and the mean times with their errors."""

    first: FloatArray
    probability: FloatArray
    std_err: FloatArray
    at_risk: IntArray
    mean: FloatArray
    mean_std_err: FloatArray


def _estimate(clock: _Clock, tau: float) -> _Found:
    """What is counted for all times at once; then the influences, from move to move."""
    k = clock.states
    at_risk = clock.at_risk()
    moves, step = _matrices(clock, at_risk)
    there = clock.size * clock.there
    p = np.empty((len(moves) + 1, k))
    p[0] = np.bincount(clock.state, weights=there, minlength=k) / there.sum()
    for i, matrix in enumerate(step):
        p[i + 1] = p[i] @ matrix
    # Beyond the last time a mean is known only if all have come to rest.
    rest = p[-1, :-1].sum() <= times.TIME_TOLERANCE
    end = tau if rest else min(tau, float(clock.time[-1]))
    until = np.minimum(np.append(clock.time[moves], end), tau)
    width = np.diff(np.maximum.accumulate(until), prepend=0.0)
    n = at_risk[moves]
    weight = np.divide(p[:-1], n, out=np.zeros_like(p[:-1]), where=n > 0)
    variance, of_mean = _variances(clock, moves, step, weight, width, p[0])
    error = np.sqrt(np.maximum(variance, 0.0))
    error[(p <= 0) | (p >= 1) | (error <= _ROUNDING)] = 0.0  # whatever weight a subject has
    seen = np.flatnonzero(clock.seen)
    row = np.searchsorted(moves, seen, side="right")
    return _Found(
        p[0],
        p[row],
        error[row],
        at_risk[seen],
        np.cumsum(width[:, None] * p, axis=0)[-1],
        np.sqrt(np.maximum(of_mean, 0.0)),
    )


def _matrices(clock: _Clock, at_risk: IntArray) -> tuple[IntArray, FloatArray]:
    """Times (M,), as indices, at which somebody moved, and the matrix (M, K, K) of each."""
    k = clock.states
    at, history, to, _, count = clock.exits[clock.exits[:, 2] != CENSORED].T
    moves, move = np.unique(at, return_inverse=True)
    way = (move * k + clock.state[history]) * k + to
    flows = np.bincount(way, weights=count, minlength=len(moves) * k * k).reshape(-1, k, k)
    share = flows / np.maximum(at_risk[moves], 1)[:, :, None]
    stays = np.eye(k, dtype=bool)
    return moves, np.where(stays, 1 - share.sum(axis=2, keepdims=True), share)


def _variances(
    clock: _Clock,
    moves: IntArray,
    step: FloatArray,
    weight: FloatArray,
    width: FloatArray,
    first: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Variances (M + 1, K) before the first move and after each, and (K,) of the mean times.

    No influence changes between two moves, so those who leave then are one step.

    Parameters
    ----------
    weight : (M, K) p(t-) / n of each move
    width : (M + 1,) of the time before each move and after the last, as far as the means go
    first : (K,) p before the first move
    """
    k = clock.states
    unit = np.eye(k)
    # Histories in the order in which they open: those that are open are the first ones.
    order = np.argsort(clock.open, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    opened = [*np.searchsorted(clock.open[order], moves).tolist(), len(order)]
    state, there = clock.state[order], clock.there[order]
    size = clock.size[order].astype(np.float64)
    # An influence on the probabilities, behind it on their integral up to tau, and the state.
    rows = np.hstack((np.zeros((len(order), 2 * k)), unit[state]))
    influence = rows[:, : 2 * k]
    influence[there, :k] = (unit[state[there]] - first) / size[there].sum()
    gone = np.zeros((2 * k, 2 * k))  # sum of the outer products of who is out of observation
    variance = np.empty((len(moves) + 1, k))

    # Of the exits since a move come first those who went on, then those who moved for good.
    since = np.searchsorted(moves, clock.exits[:, 0], side="right")
    kind = np.where(clock.exits[:, 2] == CENSORED, 2, clock.exits[:, 3] < 0)
    by_move = np.lexsort((kind, since))
    cuts = np.searchsorted((since * 3 + kind)[by_move], np.arange(3 * len(moves) + 4)).tolist()
    _, left, to, follows, count = clock.exits[by_move].T
    origin = clock.state[left]
    jump = np.zeros((len(left), 2 * k))
    moved = to != CENSORED
    one = weight[since[by_move][moved] - 1, origin[moved]]
    jump[moved, :k] = one[:, None] * (unit[to[moved]] - unit[origin[moved]])
    left, follows = number[left], number[follows]

    # What a time and the move at its end make of a row; at the end time passes alone.
    whole = np.zeros((len(moves) + 1, 3 * k, 2 * k))
    whole[:, :k, :k] = np.concatenate((step, unit[None]))
    whole[:, :k, k:] = width[:, None, None] * unit
    whole[:, k : 2 * k, k:] = unit
    whole[:-1, 2 * k :, :k] = weight[:, :, None] * (unit - step)

    def change(i: int) -> None:
        nonlocal gone
        influence[: opened[i]] = rows[: opened[i]] @ whole[i]
        of_gone = whole[i, : 2 * k]
        gone = of_gone.T @ gone @ of_gone

    for i in range(len(moves) + 1):
        if i:
            change(i - 1)
        a, b, c, d = cuts[3 * i : 3 * i + 4]
        theirs = influence[left[a:d]] + jump[a:d]
        influence[follows[a:b]] = theirs[: b - a]
        theirs[c - a :] = influence[left[c:d]]  # they may have moved first
        final = theirs[b - a :]
        gone += (final * count[b:d, None]).T @ final
        np.subtract.at(size, left[a:d], count[a:d])
        variance[i] = gone.diagonal()[:k] + size[: opened[i]] @ influence[: opened[i], :k] ** 2
    with np.errstate(over="ignore", invalid="ignore"):
        change(len(moves))
        active = size > 0
        of_mean = gone.diagonal()[k:] + size[active] @ influence[active, k:] ** 2
    return variance, of_mean
