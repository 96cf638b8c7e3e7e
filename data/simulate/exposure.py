"""Treatment with lenalidomide, why it ended, and best response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.simulate.draw import Draw
from data.simulate.stats import Bools, Ints

ADVERSE_EVENT = "ADVERSE EVENT"
COMPLETED = "COMPLETED"  # as planned: no reason for stopping


@dataclass(frozen=True)
class Exposure:
    """One entry per patient; days count from 1 (randomisation or registration).

    treated : took at least one dose
    first, last : days of first and last dose (0 when untreated; the cut-off while ongoing)
    reason : why treatment ended; blank while ongoing
    """

    treated: Bools
    first: Ints
    last: Ints
    reason: list[str]


@dataclass(frozen=True)
class Ends:
    """How many are never treated, stop in all, and stop for an adverse event."""

    untreated: int
    off: int
    toxicity: int


def expose(
    drug: Bools,
    pfs: Ints,
    event: Bools,
    died: Ints,
    dropout: Ints,
    cap: Ints,
    ends: Ends,
    draw: Draw,
) -> Exposure:
    """Draw the exposure of the patients on ``drug``.

    ``died`` marks a death without progression. Whoever progresses, dies or leaves is off
    treatment; the toxicity stops and the other stops come from the rest, to the published counts.
    """
    n = drug.size
    quiet = [int(i) for i in np.flatnonzero(drug & ~event)]
    # who never starts tends to leave the trial early
    unstarted = draw.sample(quiet, ends.untreated, [1 / float(pfs[i]) ** 2 for i in quiet])
    treated = drug.copy()
    treated[unstarted] = False
    first, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    reason = [""] * n
    on = [int(i) for i in np.flatnonzero(treated)]
    for i in on:
        first[i], last[i] = draw.integer(1, 9), cap[i]
        if event[i]:
            reason[i] = "DEATH" if died[i] else "PROGRESSIVE DISEASE"
            last[i] = pfs[i] - (6 if died[i] else 0)
    room = [i for i in on if not event[i] and pfs[i] > 150]
    for i in draw.sample(room, ends.toxicity):
        reason[i] = ADVERSE_EVENT
        last[i] = 35 + int((min(int(pfs[i]) - 20, 1100) - 35) * draw.unit() ** 1.4)
    for i in on:
        if dropout[i] and not reason[i]:
            reason[i] = "LOST TO FOLLOW-UP" if dropout[i] == 2 else "WITHDRAWAL BY SUBJECT"
            last[i] = max(int(first[i]) + 7, int(pfs[i]) - draw.integer(0, 25))
    still = [i for i in on if not reason[i]]
    for i in draw.sample(still, ends.off - (len(on) - len(still))):
        reason[i] = draw.weighted(
            ["WITHDRAWAL BY SUBJECT", "PHYSICIAN DECISION", "OTHER"], [6, 3, 2]
        )
        last[i] = draw.integer(120, int(pfs[i]) - 30)
    return Exposure(treated, first, last, reason)


def respond(
    ex: Exposure, watched: Bools, pfs: Ints, event: Bools, responders: int, draw: Draw
) -> list[str]:
    """Best overall response (IMWG); blank when neither treated nor ``watched``.

    Longer exposure makes response likelier; without the drug nobody responds.
    """
    on = [int(i) for i in np.flatnonzero(ex.treated)]
    hit = set(draw.sample(on, responders, [float(min(ex.last[i], 400)) for i in on]))
    out = []
    for i in range(pfs.size):
        early = bool(event[i]) and pfs[i] < 210
        if i in hit:
            out.append(draw.weighted(["PR", "VGPR", "CR"], [80, 18, 2]))
        elif ex.treated[i]:
            out.append("PD" if early else draw.weighted(["MR", "SD"], [45, 55]))
        elif watched[i]:
            out.append("PD" if early else "SD")
        else:
            out.append("")
    return out
