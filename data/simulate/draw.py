"""Seeded draws and the local search that every step of the generator shares.

Bytes must not depend on the numpy version, so all randomness comes from ``random.Random.random``,
the one method whose stream Python guarantees, and losses are rounded before they are compared:
a last-bit difference between two maths libraries must not change which move is taken.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
S = TypeVar("S")

_NORMAL = NormalDist()


class Draw:
    """A seeded stream of draws, all made from uniform numbers in [0, 1)."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def unit(self) -> float:
        """A uniform number in [0, 1)."""
        return self._random.random()

    def chance(self, p: float) -> bool:
        """True with probability ``p``."""
        return self.unit() < p

    def between(self, low: float, high: float) -> float:
        """A uniform number in [low, high)."""
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.unit() * (high - low + 1))

    def normal(self, mean: float, sd: float) -> float:
        """A normal number by inversion."""
        return mean + sd * _NORMAL.inv_cdf(min(max(self.unit(), 1e-12), 1 - 1e-12))

    def pick(self, items: Sequence[T]) -> T:
        """One item, all equally likely."""
        return items[self.integer(0, len(items) - 1)]

    def one_of(self, mask: NDArray[np.bool_]) -> int:
        """One position where ``mask`` is true, all equally likely."""
        return self.pick([int(i) for i in np.flatnonzero(mask)])

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, with probability in proportion to its weight."""
        return list(weights)[self._place(list(weights.values()))]

    def _place(self, weights: Sequence[float]) -> int:
        at = self.unit() * sum(weights)
        for place, weight in enumerate(weights):
            at -= weight
            if at < 0:
                return place
        return len(weights) - 1

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A copy in random order (Fisher-Yates)."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.integer(0, i)
            out[i], out[j] = out[j], out[i]
        return out

    def sample(self, items: Sequence[T], k: int, weights: Sequence[float] | None = None) -> list[T]:
        """``k`` different items, drawn one after the other in proportion to the weights."""
        pool, left = list(items), list(weights) if weights is not None else [1.0] * len(items)
        if k > len(pool):
            raise ValueError(f"cannot draw {k} of {len(pool)}")
        out: list[T] = []
        for _ in range(k):
            i = self._place(left)
            out.append(pool.pop(i))
            left.pop(i)
        return out


@dataclass(frozen=True)
class Band:
    """The values that print as a published figure: ``low`` <= x < ``high``.

    ``inner`` is the share of the half-width that counts as met: it keeps a figure off its
    rounding edge, so that another engine's last digits print the same.
    """

    low: float
    high: float
    inner: float = 0.8

    def loss(self, x: float) -> float:
        """0 well inside the band, else the distance in half-widths."""
        half = (self.high - self.low) / 2
        return max(0.0, abs(x - (self.low + self.high) / 2) / half - self.inner) if x == x else 1e3

    @classmethod
    def printed(cls, value: float, digits: int, inner: float = 0.8) -> Band:
        """The band of a figure printed with ``digits`` decimals."""
        half = 0.5 * 10.0**-digits
        return cls(value - half, value + half, inner)


def climb(
    state: S,
    propose: Callable[[S], S | None],
    loss: Callable[[S], float],
    draw: Draw,
    steps: int,
    what: str,
) -> S:
    """Walk from ``state`` until its loss is 0.

    Parameters
    ----------
    state : where to start (never changed in place)
    propose : gives a changed copy, or ``None`` when the drawn move is not allowed
    loss : 0 when every target is met
    draw : decides, now and then, to take a slightly worse step and so leave a local hollow
    steps : give up after so many proposals
    what : named in the error when no state meets the targets

    Raises
    ------
    RuntimeError : no state with loss 0 within ``steps``
    """
    at = round(loss(state), 9)
    for step in range(steps):
        if at <= 0:
            return state
        other = propose(state)
        if other is None:
            continue
        there = round(loss(other), 9)
        slack = 0.3 * (1 - step / steps) if draw.chance(0.03) else 0.0
        if there <= at + slack:
            state, at = other, there
    if at <= 0:
        return state
    raise RuntimeError(f"{what}: targets not met after {steps} steps (loss {at:.3f})")
