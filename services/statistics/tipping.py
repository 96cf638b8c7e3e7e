"""How much a hazard ratio rests on: what a few further events would make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services import names as say
from services.arrays import BoolArray, IntArray
from services.statistics import cox, inputs, times
from services.statistics.results import HazardRatio
from services.statistics.times import Subjects

STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Tipping:
    """The hazard ratio if ``k`` more of an arm had had the event; ``None`` with a ``reason``."""

    arm: str
    k: int
    hazard_ratio: HazardRatio | None
    reason: str | None = None


@dataclass(frozen=True)
class TippingPoint:
    """The smallest number of further events in one arm at which the interval includes 1.

    ``k`` is 0 where it does as observed, ``None`` with a ``reason`` where no number does.
    ``candidates`` counts the censored of the arm; ``hazard_ratio`` is that at ``k``.
    """

    arm: str
    k: int | None
    candidates: int
    hazard_ratio: HazardRatio | None = None
    reason: str | None = None


def includes_one(ratio: HazardRatio) -> bool:
    """Whether the interval does."""
    return ratio.lower <= 1 <= ratio.upper


def tipping(
    time: ArrayLike,
    event: ArrayLike,
    treated: ArrayLike,
    *,
    left: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float = 0.95,
    names: tuple[str, str] = cox.NAMES,
    steps: Sequence[int] = STEPS,
) -> tuple[tuple[Tipping, ...], tuple[TippingPoint, TippingPoint]]:
    """Refit Cox's model with further events in one arm, the earliest censored first.

    A tipping-point analysis (Zhao, Saville and Zhou 2016 review them) that needs no model of what
    was not seen: the event is put at the time of censoring, and nothing else changes. Of those
    censored at one time the first in the data goes first, which matters with strata alone.

    Parameters
    ----------
    time, event, treated, strata, entry, level, names : as in
        :func:`services.statistics.cox.hazard_ratio`
    left : (n,) true for those who are not censored but left by a competing event: none of them can
        have had the event later
    steps : numbers of further events

    Returns
    -------
    (ratios, points) : ratios of each step, the arm's first, then the reference's; the smallest
    number that makes the interval include 1, likewise

    >>> t, e, x = [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], [0] * 4 + [1] * 4
    >>> ratios, (arm, reference) = tipping(t, e, x, steps=(1,))
    >>> [round(r.hazard_ratio.estimate, 4) for r in ratios], arm.k
    ([0.7944, 0.6131], 0)
    """
    subjects = times.read(time, event, entry)
    group = cox.as_codes(treated, subjects.n)
    codes = inputs.strata_codes(strata, subjects.n)
    gone = np.zeros(subjects.n, dtype=np.bool_) if left is None else np.asarray(left, np.bool_)
    inputs.same_length(subjects.n, left=gone)
    order = np.argsort(subjects.index, kind="stable")
    queues = {side: _queue(subjects, gone, group, order, side) for side in (1, 0)}
    fits = _Fits(subjects, group, codes, queues, level, names)
    fits.fit([(1, 0), *((side, k) for side in (1, 0) for k in steps if k <= len(queues[side]))])

    def step(side: int, k: int) -> Tipping:
        n, name = len(queues[side]), names[side]
        if k > n:
            only = f"only {n} censored" if n else "nobody is censored"
            return Tipping(name, k, None, f"{only} {say.on(name)}")
        return Tipping(name, k, *fits.of(side, k))

    ratios = tuple(step(side, k) for side in (1, 0) for k in steps)
    return ratios, (_point(fits, 1), _point(fits, 0))


class _Fits:
    """Hazard ratios by (arm, further events), many fitted at once."""

    def __init__(
        self,
        subjects: Subjects,
        group: IntArray,
        codes: IntArray | None,
        queues: Mapping[int, IntArray],
        level: float,
        names: tuple[str, str],
    ) -> None:
        self.subjects, self.group, self.codes = subjects, group, codes
        self.queues, self.level, self.names = queues, level, names
        self._known: dict[tuple[int, int], tuple[HazardRatio | None, str | None]] = {}

    def of(self, side: int, k: int) -> tuple[HazardRatio | None, str | None]:
        """The ratio with ``k`` further events in an arm, 1 or 0, or why there is none."""
        return self._known[(side if k else 1, k)]

    def fit(self, wanted: Sequence[tuple[int, int]]) -> None:
        """Fit those of (arm, further events) that are not known: a copy of the data for each."""
        new = [pair for pair in dict.fromkeys(wanted) if pair not in self._known]
        if not new:
            return
        n, m = self.subjects.n, len(new)
        events = np.tile(self.subjects.event, (m, 1))
        for row, (side, k) in zip(events, new, strict=True):
            row[self.queues[side][:k]] = True
        entry, group = self.subjects.entry_index, np.tile(self.group, m)
        copies = Subjects(
            self.subjects.clock,
            np.tile(self.subjects.index, m),
            events.ravel(),
            None if entry is None else np.tile(entry, m),
        )
        width = 1 if self.codes is None else int(self.codes.max(initial=0)) + 1
        stratum = np.repeat(np.arange(m), n) * width
        stratum = stratum if self.codes is None else stratum + np.tile(self.codes, m)
        counts = times.count(copies, group, 2, stratum)
        number = np.tile(np.bincount(self.group, minlength=2), (m, 1))
        died = np.array([np.bincount(self.group[row], minlength=2) for row in events])
        found = cox.hazard_ratios_of(
            counts, counts.stratum // width, number, died, level=self.level, names=self.names
        )
        self._known.update(zip(new, found, strict=True))


def _point(fits: _Fits, side: int) -> TippingPoint:
    n, name = len(fits.queues[side]), fits.names[side]
    ratio, reason = fits.of(side, 0)
    if ratio is None:
        return TippingPoint(name, None, n, None, f"no hazard ratio as observed ({reason})")
    if includes_one(ratio):
        return TippingPoint(name, 0, n, ratio)
    below = ratio.estimate < 1
    if below != (side == 1):
        away = f"further events {say.on(name)} would move the hazard ratio away from 1"
        return TippingPoint(name, None, n, None, away)
    # Each further event moves the near limit toward 1, so narrowing finds the smallest number.
    low, high = 0, n + 1
    while high - low > 1:
        between = sorted({*np.linspace(low, high, 10)[1:-1].astype(int).tolist()} - {low, high})
        fits.fit([(side, k) for k in between])
        for k in between:
            found = fits.of(side, k)[0]
            if found is not None and (found.upper >= 1 if below else found.lower <= 1):
                high = k
                break
            low = k
    found = fits.of(side, high)[0] if high <= n else None
    if found is None or not includes_one(found):
        every = f"all {n:,} censored" if n > 1 else "the one censored"
        why = f"even with an event in {every} {say.on(name)} the interval would not include 1"
        why = why if n else f"nobody is censored {say.on(name)}"
        return TippingPoint(name, None, n, None, why)
    return TippingPoint(name, high, n, found)


def _queue(
    subjects: Subjects, gone: BoolArray, group: IntArray, order: IntArray, side: int
) -> IntArray:
    """Places of the censored of one arm, the earliest first."""
    open_ = ~subjects.event & ~gone & (group == side)
    queue: IntArray = order[open_[order]]
    return queue
