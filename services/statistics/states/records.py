"""Result records of the probability in state. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass

from services.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class InState:
    """A probability or a mean time of one state, with its standard error."""

    estimate: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Move:
    """How many went from one state to another; both are numbers of states."""

    origin: int
    target: int
    n: int


@dataclass(frozen=True)
class StatesAt:
    """What is known of one time: per state who was in it, and its probability."""

    time: float
    at_risk: tuple[int, ...]
    states: tuple[InState, ...]


@dataclass(frozen=True)
class MeanTimes:
    """Mean time in each state from 0 to ``tau``; they add up to it."""

    tau: float
    states: tuple[InState, ...]


@dataclass(frozen=True, eq=False)
class StateCurves:
    """One arm's probability in each of K states (Aalen-Johansen).

    ``time`` (T,) begins at 0 and holds every distinct time; the others are (T, K), just after it:
    ``probability``, its ``std_err``, ``lower`` and ``upper`` (NaN where it is 0), and ``at_risk``,
    who was in the state just before, except the last, which nobody leaves: it counts who entered it
    before. ``n`` subjects.
    """

    arm: str
    n: int
    time: FloatArray
    at_risk: IntArray
    probability: FloatArray
    std_err: FloatArray
    lower: FloatArray
    upper: FloatArray
    moves: tuple[Move, ...]
    landmarks: tuple[StatesAt, ...]
    mean_times: MeanTimes


@dataclass(frozen=True)
class StateDifferences:
    """An arm minus its reference: at each landmark and of the mean times, an entry per state."""

    arm: str
    reference: str
    landmarks: tuple[tuple[float, tuple[InState, ...]], ...]
    mean_times: MeanTimes
