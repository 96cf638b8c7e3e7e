"""Event times of the simulated phase 3: progression, death and second cancers.

Times are placed where the published landmarks want them (so many events in each year), then moved
one at a time until every printed figure of Lonial 2020 comes out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from data.simulate.draw import Band, Draw, climb
from data.simulate.stats import (
    DAYS_PER_MONTH,
    Bools,
    Ints,
    cumulative_incidence,
    hazard_ratio,
    median_follow_up,
    survival_at,
)

CUT_OFF = dt.date(2019, 2, 15)
FIRST, LAST = dt.date(2013, 11, 4), dt.date(2017, 10, 27)  # randomisation
SIZES = {1: 92, 0: 90}  # 1 lenalidomide, 0 observation
EARLY = {1: 50, 0: 48}  # of them within a year of diagnosis

# Events per year of follow-up and later. 8 and 22 are not published: they are the counts that
# the published interval allows (its width fixes 1/e1 + 1/e0).
EVENTS = {1: (2, 4, 1, 1), 0: (9, 8, 5, 0)}
DROPOUTS = {1: 11, 0: 23}

LANDMARKS = {1: {12: 98, 24: 93, 36: 91}, 0: {12: 89, 24: 76, 36: 66}}
PFS_HR = (Band.printed(0.28, 2), Band.printed(0.12, 2), Band.printed(0.62, 2))
PFS_P = Band.printed(0.002, 3)
# six deaths leave little choice: the lower limit prints 0.08 only near the top of its band
OS_HR = (Band.printed(0.46, 2), Band.printed(0.08, 2, 0.97), Band.printed(2.53, 2))
FOLLOW_UP = Band.printed(35, 0)
SPM = {1: Band.printed(0.052, 3), 0: Band.printed(0.035, 3)}


@dataclass(frozen=True)
class Times:
    """One entry per patient, in order of randomisation. Days count from 1 (randomisation).

    arm : 1 lenalidomide, 0 observation
    early : within a year of diagnosis at randomisation
    start : proleptic ordinal of the day of randomisation
    cap : days from randomisation to the data cut-off
    pfs, event : days to progression, death or censoring; whether it is an event
    dropout : 0 none, 2 lost to follow-up, 3 withdrew consent (from assessments)
    os, died : days to death or last contact; whether dead
    spm, spm_status : days; 0 censored, 1 second cancer, 2 died without
    """

    arm: Ints
    early: Bools
    start: Ints
    cap: Ints
    pfs: Ints
    event: Bools
    dropout: Ints
    os: Ints
    died: Bools
    spm: Ints
    spm_status: Ints


def _randomise(draw: Draw) -> tuple[Ints, Bools, Ints]:
    """Arm, stratum and date of each patient: blocks of four within each stratum."""
    queues: dict[bool, list[int]] = {}
    for early in (True, False):
        sizes = {a: EARLY[a] if early else SIZES[a] - EARLY[a] for a in (1, 0)}
        pairs = min(sizes.values())
        queue: list[int] = []
        while pairs:
            half = min(2, pairs)
            queue += draw.shuffled([1] * half + [0] * half)
            pairs -= half
        queue += [1] * (sizes[1] - sizes[0])
        queues[early] = queue
    strata = draw.shuffled([True] * len(queues[True]) + [False] * len(queues[False]))
    arms = [queues[s].pop(0) for s in strata]
    span = (LAST - FIRST).days
    days = []
    for i in range(len(arms)):
        day = FIRST + dt.timedelta(days=int((i + draw.unit()) * span / len(arms)))
        # nobody is randomised at a weekend
        days.append(day.toordinal() - max(0, day.weekday() - 4))
    return np.array(arms), np.array(strata), np.array(days)


def _first_guess(draw: Draw) -> Times:
    """Patients with events in the right years and drop-outs, before any calibration."""
    arm, early, start = _randomise(draw)
    cap = CUT_OFF.toordinal() - start + 1
    # the last assessment lies a few weeks before the cut-off
    pfs = np.array([int(c) - draw.integer(0, 60) for c in cap])
    event = np.zeros(arm.size, dtype=bool)
    dropout = np.zeros(arm.size, dtype=np.int64)
    for a in (1, 0):
        free = [int(i) for i in np.flatnonzero(arm == a)]
        for year, count in reversed(list(enumerate(EVENTS[a]))):
            for _ in range(count):
                month = draw.between(max(12 * year, 1.5), 12 * (year + 1))
                day = int(month * DAYS_PER_MONTH)
                who = draw.pick([i for i in free if pfs[i] > day])
                free.remove(who)
                pfs[who], event[who] = day, True
        for _ in range(DROPOUTS[a]):
            # on observation people leave sooner: they came for the drug
            day = int((0.7 + (22 if a == 0 else 30) * draw.unit() ** 1.3) * DAYS_PER_MONTH)
            who = draw.pick([i for i in free if pfs[i] > day])
            free.remove(who)
            pfs[who] = day
            dropout[who] = 2 if draw.chance(0.4) else 3
    zero = np.zeros(arm.size, dtype=np.int64)
    none = np.zeros(arm.size, dtype=bool)
    return Times(arm, early, start, cap, pfs, event, dropout, cap.copy(), none, zero, zero)


def _pfs_loss(t: Times) -> float:
    loss = 0.0
    for a, marks in LANDMARKS.items():
        mine = t.arm == a
        for month, percent in marks.items():
            s = survival_at(t.pfs[mine], t.event[mine], month)[0]
            loss += Band.printed(percent, 0).loss(100 * s)
    h = hazard_ratio(t.pfs, t.event, t.arm)
    for band, x in zip((*PFS_HR, PFS_P), (h.ratio, h.lower, h.upper, h.p), strict=True):
        loss += band.loss(x)
    return loss


def _calibrate_pfs(start: Times, draw: Draw) -> Times:
    """Move event and drop-out times, and swap whose they are, until the PFS figures print."""

    def propose(t: Times) -> Times | None:
        pfs, event, dropout = t.pfs.copy(), t.event.copy(), t.dropout.copy()
        i = draw.pick([int(k) for k in np.flatnonzero(event | (dropout > 0))])
        if draw.chance(0.7):
            pfs[i] = pfs[i] + draw.integer(-90, 90)
            if not 25 <= pfs[i] < t.cap[i]:
                return None
        else:
            j = draw.pick([int(k) for k in np.flatnonzero(t.arm == t.arm[i])])
            if not (pfs[i] < t.cap[j] and pfs[j] < t.cap[i]) or event[j] or dropout[j]:
                return None
            pfs[j], event[j], dropout[j] = pfs[i], event[i], dropout[i]
            pfs[i], event[i], dropout[i] = t.cap[i] - draw.integer(0, 60), False, 0
        return replace(t, pfs=pfs, event=event, dropout=dropout)

    return climb(start, propose, _pfs_loss, draw, 60_000, "E3A06 PFS")


def _os_loss(t: Times) -> float:
    h = hazard_ratio(t.os, t.died, t.arm)
    loss = sum(b.loss(x) for b, x in zip(OS_HR, (h.ratio, h.lower, h.upper), strict=True))
    return loss + FOLLOW_UP.loss(median_follow_up(t.os, t.died)[0])


def _calibrate_os(t: Times, draw: Draw) -> Times:
    """Deaths: one without progression in each arm, the others (1 and 3) after it."""
    os, died = t.cap.copy(), np.zeros(t.arm.size, dtype=bool)
    lost = t.dropout == 2
    left = (t.dropout == 3) & np.array([draw.chance(0.6) for _ in range(t.arm.size)])
    os[lost | left] = t.pfs[lost | left]
    for a, later in ((1, 1), (0, 3)):
        early = [int(i) for i in np.flatnonzero((t.arm == a) & t.event & (t.pfs > 200))]
        first = draw.pick(early)
        died[first], os[first] = True, t.pfs[first]
        room = [i for i in early if i != first and t.cap[i] - t.pfs[i] > 200]
        for i in draw.sample(room, later):
            died[i], os[i] = True, draw.integer(int(t.pfs[i]) + 60, int(t.cap[i]) - 20)

    def propose(s: Times) -> Times | None:
        os, died = s.os.copy(), s.died.copy()
        if draw.chance(0.5):
            # a withdrawn patient may still agree to be followed for survival
            i = draw.pick([int(k) for k in np.flatnonzero(s.dropout == 3)])
            os[i] = s.pfs[i] if os[i] == s.cap[i] else s.cap[i]
        else:
            i = draw.pick([int(k) for k in np.flatnonzero(died & (os > s.pfs))])
            j = draw.pick([int(k) for k in np.flatnonzero(s.event & (s.arm == s.arm[i]))])
            if (died[j] and j != i) or s.cap[j] - s.pfs[j] < 120:
                return None
            os[i], died[i] = s.cap[i], False
            os[j], died[j] = draw.integer(int(s.pfs[j]) + 60, int(s.cap[j]) - 20), True
        return replace(s, os=os, died=died)

    return climb(replace(t, os=os, died=died), propose, _os_loss, draw, 20_000, "E3A06 OS")


def _calibrate_spm(t: Times, draw: Draw) -> Times:
    """Second cancers: 4 and 3 within three years, one later one on lenalidomide."""
    alive = np.where(t.died, 2, 0)

    def place(who: dict[int, int]) -> Times:
        spm, status = t.os.copy(), alive.copy()
        for i, day in who.items():
            spm[i], status[i] = day, 1
        return replace(t, spm=spm, spm_status=status)

    def draw_one(a: int, late: bool) -> tuple[int, int]:
        low, high = (1100, 1600) if late else (120, 1090)
        room = [int(i) for i in np.flatnonzero((t.arm == a) & ~t.died & (t.os > low + 60))]
        i = draw.pick(room)
        return i, draw.integer(low, min(high, int(t.os[i]) - 20))

    kinds = [(1, False)] * 4 + [(0, False)] * 3 + [(1, True)]
    first = [draw_one(*k) for k in kinds]

    def propose(s: list[tuple[int, int]]) -> list[tuple[int, int]] | None:
        k = draw.integer(0, len(kinds) - 1)
        new = draw_one(*kinds[k])
        if any(new[0] == other[0] for j, other in enumerate(s) if j != k):
            return None
        return [new if j == k else other for j, other in enumerate(s)]

    def loss(s: list[tuple[int, int]]) -> float:
        if len({i for i, _ in s}) < len(s):
            return 1e3
        p = place(dict(s))
        return sum(
            SPM[a].loss(cumulative_incidence(p.spm[p.arm == a], p.spm_status[p.arm == a], 36))
            for a in (1, 0)
        )

    found = climb(first, propose, loss, draw, 20_000, "E3A06 second cancers")
    return place(dict(found))


def simulate_times(seed: int) -> Times:
    """All times of the phase 3, calibrated."""
    draw = Draw(seed)
    return _calibrate_spm(_calibrate_os(_calibrate_pfs(_first_guess(draw), draw), draw), draw)
