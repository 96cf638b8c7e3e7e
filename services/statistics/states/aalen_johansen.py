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

import numpy as np

from services.arrays import FloatArray, IntArray
from services.statistics import distributions, times
from services.statistics.competing.incidence import limits_of_share
from services.statistics.landmarks import check_landmarks
from services.statistics.results import NotEstimable
from services.statistics.rmst import check_tau
from services.statistics.states.clock import Clock
from services.statistics.states.course import Course
from services.statistics.states.mean_time import mean_times
from services.statistics.states.records import InState, MeanTimes, Move, StateCurves, StatesAt
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
    clock, course = _course(rows, states, end)
    seen = np.flatnonzero(clock.seen)
    row = np.searchsorted(course.moves, seen, side="right")
    time, at_risk = clock.time[seen], course.at_risk[seen]
    probability, std_err = course.probability[row], _errors(clock, course)[row]
    lower, upper = limits_of_share(probability, std_err, "log", z)
    if time[0] > 0:
        time = np.concatenate(([0.0], time))
        first, none = course.probability[0], np.zeros(states)
        begin = (first, none, *limits_of_share(first, none, "log", z))
        columns = (probability, std_err, lower, upper)
        probability, std_err, lower, upper = (
            np.vstack((a, b)) for a, b in zip(begin, columns, strict=True)
        )
        at_risk = np.vstack((at_risk[0], at_risk))
    curves = StateCurves(
        arm=arm,
        n=rows.n,
        time=time,
        at_risk=at_risk,
        probability=probability,
        std_err=std_err,
        lower=lower,
        upper=upper,
        moves=_moves(rows),
        landmarks=(),
        mean_times=_mean_times(clock, course, end, z),
    )
    marks = tuple(at_time(curves, rows, t) for t in at)
    return StateCurves(**{**vars(curves), "landmarks": marks})


def mean_times_in_states(
    rows: Rows, states: int, *, tau: float | None = None, level: float = 0.95
) -> MeanTimes:
    """The mean times of ``probability_in_state`` alone, without the errors of its curves.

    Parameters, errors and source are those of ``probability_in_state``.
    """
    z = distributions.quantile_z(level)
    end = check_tau(tau)
    return _mean_times(*_course(rows, states, end), end, z)


def _course(rows: Rows, states: int, tau: float | None) -> tuple[Clock, Course]:
    if not rows.n:
        raise NotEstimable(NO_SUBJECTS)
    clock = Clock.of(rows, states)
    return clock, Course.of(clock, float(clock.time[-1]) if tau is None else tau)


def _mean_times(clock: Clock, course: Course, tau: float | None, z: float) -> MeanTimes:
    last = float(clock.time[-1])
    return mean_times(*course.means(clock), tau, last, course.probability[-1], z)


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


def _errors(clock: Clock, course: Course) -> FloatArray:
    """Standard errors (M + 1, K) of the probabilities before the first move and after each."""
    p = course.probability
    error = np.sqrt(np.maximum(_variances(clock, course), 0.0))
    error[(p <= 0) | (p >= 1) | (error <= _ROUNDING)] = 0.0  # whatever weight a subject has
    return error


def _variances(clock: Clock, course: Course) -> FloatArray:
    """Squares of ``_errors`` but for rounding.

    No influence changes between two moves, so those who leave then are one step.
    """
    k, moves, weight = clock.states, course.moves, course.weight
    unit = np.eye(k)
    # Histories in the order in which they open: those that are open are the first ones.
    order = np.argsort(clock.open, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    opened = [*np.searchsorted(clock.open[order], moves).tolist(), len(order)]
    state, there = clock.state[order], clock.there[order]
    size = clock.size[order].astype(np.float64)
    # An influence on the probabilities, and the state.
    rows = np.hstack((np.zeros((len(order), k)), unit[state]))
    influence = rows[:, :k]
    influence[there] = (unit[state[there]] - course.probability[0]) / size[there].sum()
    gone = np.zeros((k, k))  # sum of the outer products of who is out of observation
    variance = np.empty((len(moves) + 1, k))

    # Of the exits since a move come first those who went on, then those who moved for good.
    since = np.searchsorted(moves, clock.exits[:, 0], side="right")
    kind = np.where(clock.exits[:, 2] == CENSORED, 2, clock.exits[:, 3] < 0)
    by_move = np.lexsort((kind, since))
    cuts = np.searchsorted((since * 3 + kind)[by_move], np.arange(3 * len(moves) + 4)).tolist()
    _, left, to, follows, count = clock.exits[by_move].T
    origin = clock.state[left]
    jump = np.zeros((len(left), k))
    moved = to != CENSORED
    one = weight[since[by_move][moved] - 1, origin[moved]]
    jump[moved] = one[:, None] * (unit[to[moved]] - unit[origin[moved]])
    left, follows = number[left], number[follows]

    # What a move makes of a row.
    whole = np.hstack((course.step, weight[:, :, None] * (unit - course.step)))
    for i in range(len(moves) + 1):
        if i:
            influence[: opened[i - 1]] = rows[: opened[i - 1]] @ whole[i - 1]
            gone = course.step[i - 1].T @ gone @ course.step[i - 1]
        a, b, c, d = cuts[3 * i : 3 * i + 4]
        theirs = influence[left[a:d]] + jump[a:d]
        influence[follows[a:b]] = theirs[: b - a]
        theirs[c - a :] = influence[left[c:d]]  # they may have moved first
        final = theirs[b - a :]
        gone += (final * count[b:d, None]).T @ final
        np.subtract.at(size, left[a:d], count[a:d])
        variance[i] = gone.diagonal() + size[: opened[i]] @ influence[: opened[i]] ** 2
    return variance
