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
        keys: list[tuple[int, int, bool]] = []
        made = 0
        here = np.flatnonzero(new)
        before = np.full(len(here), -1)
        while len(here):
            key = np.column_stack((before, start[here], rows.state[here], there[here] & new[here]))
            distinct, number = np.unique(key, axis=0, return_inverse=True)
            history[here] = number.ravel() + made
            made += len(distinct)
            keys += [(int(s), int(t), bool(w)) for _, t, s, w in distinct]
            goes_on = (here + 1 < len(new)) & ~new[np.minimum(here + 1, len(new) - 1)]
            before, here = history[here[goes_on]], here[goes_on] + 1
        follows = np.full(len(start), -1)
        follows[:-1] = np.where(new[1:], -1, history[1:])
        exits, count = np.unique(
            np.column_stack((stop, history, rows.to, follows)), axis=0, return_counts=True
        )
        seen = np.zeros(len(time), dtype=bool)
        seen[stop] = True
        return _Clock(
            states,
            time,
            seen,
            np.array([k[0] for k in keys]),
            np.array([k[1] for k in keys]),
            np.array([k[2] for k in keys]),
            np.unique(history[new]),
            np.bincount(history, minlength=made),
            np.column_stack((exits, count)),
        )


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
    k = clock.states
    unit = np.eye(k)
    # An influence on the probabilities and, behind it, on their integral up to tau.
    influence = np.zeros((len(clock.state), 2 * k))
    size = np.zeros(len(clock.state))
    there = clock.size * clock.there
    p = np.bincount(clock.state, weights=there, minlength=k) / there.sum()
    first = p
    influence[clock.there, :k] = (unit[clock.state[clock.there]] - p) / there.sum()
    gone = np.zeros((2 * k, 2 * k))  # sum of the outer products of who is out of observation
    opens = {int(t): clock.entries[clock.open[clock.entries] == t] for t in set(clock.open)}
    active = np.empty(0, dtype=np.int64)
    in_it = np.zeros(k)
    rested = 0
    mean = np.zeros(k)
    before = 0.0
    ends = np.searchsorted(clock.exits[:, 0], np.arange(len(clock.time) + 1))
    steps: list[tuple[FloatArray, FloatArray, FloatArray]] = []

    def tally(states: IntArray, n: IntArray) -> FloatArray:
        return np.bincount(states, weights=n, minlength=k).astype(np.float64)

    def enter(now: int) -> None:
        nonlocal active, in_it
        if now not in opens:
            return
        new = opens[now]
        size[new] = clock.size[new]
        active = np.concatenate((active, new))
        in_it = in_it + tally(clock.state[new], clock.size[new])

    def change(until: float, step: FloatArray, stay: FloatArray) -> None:
        """Integrate from the last change to this one, as far as tau; then move by ``step``."""
        nonlocal mean, before, gone, p
        width = max(min(until, tau) - before, 0.0)
        before += width
        mean = mean + width * p
        own = influence[active]
        influence[active, k:] += width * own[:, :k]
        influence[active, :k] = own[:, :k] @ step + stay[clock.state[active]]
        whole = np.eye(2 * k)
        whole[:k, :k], whole[:k, k:] = step, width * unit
        gone = whole.T @ gone @ whole
        p = p @ step

    enter(-1)
    for now, time in enumerate(clock.time):
        out = clock.exits[ends[now] : ends[now + 1]]
        if len(out):
            at_risk = in_it.copy()
            at_risk[-1] = rested
            moved = out[out[:, 2] != CENSORED]
            weight = np.divide(p, in_it, out=np.zeros(k), where=in_it > 0)
            if len(moved):
                ways = clock.state[moved[:, 1]] * k + moved[:, 2]
                flows = np.bincount(ways, weights=moved[:, 4], minlength=k * k).reshape(k, k)
                share = np.divide(
                    flows, in_it[:, None], out=np.zeros((k, k)), where=in_it[:, None] > 0
                )
                np.fill_diagonal(share, 0.0)
                step = share + np.diag(1 - share.sum(axis=1))
                change(float(time), step, weight[:, None] * (unit - step))
                rested += int(moved[moved[:, 2] == k - 1, 4].sum())
            left, to, follows, count = out[:, 1], out[:, 2], out[:, 3], out[:, 4]
            theirs = influence[left].copy()
            jumped = to != CENSORED
            origin = clock.state[left[jumped]]
            theirs[jumped, :k] += weight[origin][:, None] * (unit[to[jumped]] - unit[origin])
            on = follows >= 0
            final = theirs[~on]
            gone = gone + (final * count[~on][:, None]).T @ final
            influence[follows[on]] = theirs[on]
            size[follows[on]] = count[on]
            size -= np.bincount(left, weights=count, minlength=len(size))
            in_it = in_it - tally(clock.state[left], count)
            in_it = in_it + tally(clock.state[follows[on]], count[on])
            active = np.concatenate((active, follows[on]))
            active = active[size[active] > 0]
        enter(now)
        if clock.seen[now]:
            if len(moved) or not steps:
                variance = np.diag(gone)[:k] + size[active] @ influence[active, :k] ** 2
                error = np.sqrt(np.maximum(variance, 0.0))
                error = np.where(error > _ROUNDING, error, 0.0)
            steps.append((p, error, at_risk))
    with np.errstate(over="ignore", invalid="ignore"):
        # Beyond the last time a mean is known only if all have come to rest.
        rest = p[:-1].sum() <= times.TIME_TOLERANCE
        change(tau if rest else min(tau, float(clock.time[-1])), unit, np.zeros((k, k)))
        own = influence[active, k:]
        variance = np.diag(gone)[k:] + size[active] @ own**2
    return _Found(
        first,
        np.array([s[0] for s in steps]),
        np.array([s[1] for s in steps]),
        np.array([s[2] for s in steps]).astype(np.int64),
        mean,
        np.sqrt(np.maximum(variance, 0.0)),
    )
