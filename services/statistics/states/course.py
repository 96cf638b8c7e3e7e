"""The course of a group over its states, and how long they are in each on average."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.arrays import FloatArray, IntArray
from services.statistics import times
from services.statistics.states.clock import Clock
from services.statistics.states.rows import CENSORED


@dataclass(frozen=True, eq=False)
class Course:
    """What is estimated at M moves of a group over K states, for means up to ``tau``.

    ``moves`` (M,) are indices of times; ``step`` (M, K, K) the matrix of each; ``probability``
    (M + 1, K) before the first move and after each; ``weight`` (M, K) p(t-) / n of each; ``width``
    (M + 1,) the time before each move and after the last, as far as the means go.
    """

    moves: IntArray
    at_risk: IntArray
    step: FloatArray
    probability: FloatArray
    weight: FloatArray
    width: FloatArray

    @staticmethod
    def of(clock: Clock, tau: float) -> Course:
        """The course of those on the clock."""
        at_risk = clock.at_risk()
        moves, step = clock.matrices(at_risk)
        there = clock.size * clock.there
        p = np.empty((len(moves) + 1, clock.states))
        p[0] = np.bincount(clock.state, weights=there, minlength=clock.states) / there.sum()
        for i, matrix in enumerate(step):
            p[i + 1] = p[i] @ matrix
        # Beyond the last time a mean is known only if all have come to rest.
        rest = p[-1, :-1].sum() <= times.TIME_TOLERANCE
        end = tau if rest else min(tau, float(clock.time[-1]))
        until = np.minimum(np.append(clock.time[moves], end), tau)
        width = np.diff(np.maximum.accumulate(until), prepend=0.0)
        n = at_risk[moves]
        weight = np.divide(p[:-1], n, out=np.zeros_like(p[:-1]), where=n > 0)
        return Course(moves, at_risk, step, p, weight, width)

    def means(self, clock: Clock) -> tuple[FloatArray, FloatArray]:
        """Mean time in each state (K,), and its standard error by the infinitesimal jackknife.

        The influence of a subject on a mean is that on the probabilities (``aalen_johansen``) times
        what a probability after each move is worth until ``tau``: found from the last move to the
        first, it adds up over the moves for which the subject is at risk.
        """
        k, unit = clock.states, np.eye(clock.states)
        count = len(self.moves)
        worth = np.empty((count + 1, k, k))
        with np.errstate(over="ignore", invalid="ignore"):
            worth[count] = self.width[count] * unit
            for i in range(count - 1, -1, -1):
                worth[i] = self.width[i] * unit + self.step[i] @ worth[i + 1]
            # Of who stays where they are at a move, added up over the moves.
            stays = self.weight[:, :, None] * ((unit - self.step) @ worth[1:])
            total = np.concatenate((np.zeros((1, k, k)), np.cumsum(stays, axis=0)))
            rows, state = clock.rows, clock.rows.state
            since = np.searchsorted(self.moves, clock.start, side="right")
            until = np.searchsorted(self.moves, clock.stop, side="right")
            of_row = total[until, state] - total[since, state]
            moved = np.flatnonzero(rows.to != CENSORED)
            after, left, to = until[moved], state[moved], rows.to[moved]
            gained = worth[after, to] - worth[after, left]
            of_row[moved] += self.weight[after - 1, left][:, None] * gained
            first = np.flatnonzero(clock.initial)
            of_row[first] += (unit[state[first]] - self.probability[0]) @ worth[0] / len(first)
            influence = np.zeros((rows.n, k))
            np.add.at(influence, rows.subject, of_row)
            mean = np.cumsum(self.width[:, None] * self.probability, axis=0)[-1]
            return mean, np.sqrt(np.sum(influence**2, axis=0))
