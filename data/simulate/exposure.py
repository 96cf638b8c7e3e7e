"""Treatment: first and last dose, and why it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.simulate.draw import Draw
from data.simulate.stats import Bools, Ints

ADVERSE_EVENT = "ADVERSE EVENT"
COMPLETED = "COMPLETED"  # as planned: no reason for stopping
DEATH, PROGRESSION = "DEATH", "PROGRESSIVE DISEASE"
WITHDREW = "WITHDRAWAL BY SUBJECT"
LEFT = {2: "LOST TO FOLLOW-UP", 3: WITHDREW}  # by code of CNSR


@dataclass(frozen=True)
class Exposure:
    """One entry per patient; days count from 1 (randomization or registration).

    treated : took at least one dose
    first, last : days of first and last dose (0 when untreated; the cut-off while ongoing)
    reason : why treatment ended; blank while ongoing
    """

    treated: Bools
    first: Ints
    last: Ints
    reason: list[str]

    def having(self, reason: str) -> list[int]:
        """Which treated patients have this reason."""
        return [int(i) for i in np.flatnonzero(self.treated) if self.reason[i] == reason]


def start_treatment(
    treated: Bools,
    within: int,
    planned: Callable[[int, int], int],
    as_planned: str,
    time: Ints,
    why: Callable[[int], str],
    draw: Draw,
) -> Exposure:
    """Treatment from a day ``within`` the first ones until its planned end, or sooner.

    Parameters
    ----------
    treated : who takes it
    planned : last day by patient and first day; ``as_planned`` is the reason then
    time : treatment ends on that day, six days before a death, if ``why`` gives a reason
    """
    first, last = np.zeros(treated.size, dtype=np.int64), np.zeros(treated.size, dtype=np.int64)
    reason = [""] * treated.size
    for i in (int(k) for k in np.flatnonzero(treated)):
        first[i] = draw.integer(1, within)
        last[i], reason[i] = planned(i, int(first[i])), as_planned
        if time[i] <= last[i] and (found := why(i)):
            last[i], reason[i] = time[i] - (6 if found == DEATH else 0), found
    return Exposure(treated, first, last, reason)
