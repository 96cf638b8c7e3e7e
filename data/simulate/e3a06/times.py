"""Event times of the simulated phase 3: progression, death and second cancers.

Times are placed where the published landmarks want them (so many events in each year), then moved
one at a time until every printed figure of Lonial 2020 comes out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from data.simulate import stats
from data.simulate import times as shared
from data.simulate.draw import Band, Draw, climb
from data.simulate.randomize import days, stratified
from data.simulate.stats import DAYS_PER_MONTH, Bools, Ints
from data.simulate.times import LOST, WITHDREW, Followed

CUT_OFF = dt.date(2019, 2, 15)
FIRST, LAST = dt.date(2013, 11, 4), dt.date(2017, 10, 27)  # randomization
SIZES = {1: 92, 0: 90}  # 1 lenalidomide, 0 observation
EARLY = {1: 50, 0: 48}  # of them within a year of diagnosis

# Events per year of follow-up and later. 8 and 22 are not published: they are the counts that
# the published interval allows (its width fixes 1/e1 + 1/e0).
EVENTS = {1: (2, 4, 1, 1), 0: (9, 8, 5, 0)}
DROPOUTS = {1: 11, 0: 23}

LANDMARKS = {12: (89, 98), 24: (76, 93), 36: (66, 91)}  # percent by month and arm
PFS_HR = (  # and p
    Band.printed(0.28, 2), Band.printed(0.12, 2), Band.printed(0.62, 2), Band.printed(0.002, 3),
)  # fmt: skip
# six deaths leave little choice: the lower limit prints 0.08 only near the top of its band
OS_HR = (Band.printed(0.46, 2), Band.printed(0.08, 2, 0.97), Band.printed(2.53, 2))
FOLLOW_UP = Band.printed(35, 0)
SPM = {1: Band.printed(0.052, 3), 0: Band.printed(0.035, 3)}


@dataclass(frozen=True)
class Assessed(Followed):
    """What phase 3 and run-in have; ``event`` is whether progression or death was seen."""

    event: Bools

    @property
    def died_first(self) -> Bools:
        """Whether death came without progression."""
        return np.asarray(self.event & self.died & (self.os == self.pfs))


@dataclass(frozen=True)
class Times(Assessed):
    """Times of the phase 3.

    early : within a year of diagnosis at randomization
    spm, spm_status : days; 0 censored, 1 second cancer, 2 died without
    """

    early: Bools
    spm: Ints
    spm_status: Ints


def leaving(draw: Draw) -> int:
    """Why somebody left the assessments."""
    return LOST if draw.chance(0.4) else WITHDREW


def _first_guess(draw: Draw) -> Times:
    """Patients with events in the right years and drop-outs, before any calibration."""
    arm, early = stratified(SIZES, EARLY, draw, scatter=False)
    start = days(arm.size, FIRST, LAST, lambda share: share, draw, both_ends=False)
    cap = CUT_OFF.toordinal() - start + 1
    # the last assessment lies a few weeks before the cut-off
    pfs = np.array([int(c) - draw.integer(0, 60) for c in cap])
    zero, none = np.zeros(arm.size, dtype=np.int64), np.zeros(arm.size, dtype=bool)
    event, dropout = none.copy(), zero.copy()
    for a in (1, 0):
        free = [int(i) for i in np.flatnonzero(arm == a)]
        for who, day in shared.place_events(free, EVENTS[a], pfs, 1.5, draw).items():
            pfs[who], event[who] = day, True
        for _ in range(DROPOUTS[a]):
            # on observation people leave sooner: they came for the drug
            day = int((0.7 + (22 if a == 0 else 30) * draw.unit() ** 1.3) * DAYS_PER_MONTH)
            who = shared.take(free, pfs, day, draw)
            pfs[who], dropout[who] = day, leaving(draw)
    return Times(
        arm=arm, early=early, start=start, cap=cap, pfs=pfs, event=event, dropout=dropout,
        os=cap, died=none, spm=zero, spm_status=zero,
    )  # fmt: skip


def _pfs_loss(t: Times) -> float:
    loss = 0.0
    for months, percent in LANDMARKS.items():
        bands = {a: Band.printed(percent[a], 0) for a in (1, 0)}
        loss += shared.arm_loss(bands, t.arm, stats.percent_at(t.pfs, t.event, months))
    return loss + shared.ratio_loss(PFS_HR, t.pfs, t.event, t.arm)


def _calibrate_pfs(start: Times, draw: Draw) -> Times:
    """Move event and drop-out times, and swap whose they are, until the PFS figures print."""

    def propose(t: Times) -> Times | None:
        pfs, event, dropout = t.pfs.copy(), t.event.copy(), t.dropout.copy()
        i = draw.one_of(event | (dropout > 0))
        if draw.chance(0.7):
            pfs[i] = pfs[i] + draw.integer(-90, 90)
            if not 25 <= pfs[i] < t.cap[i]:
                return None
        else:
            j = draw.one_of(t.arm == t.arm[i])
            if not (pfs[i] < t.cap[j] and pfs[j] < t.cap[i]) or event[j] or dropout[j]:
                return None
            pfs[j], event[j], dropout[j] = pfs[i], event[i], dropout[i]
            pfs[i], event[i], dropout[i] = t.cap[i] - draw.integer(0, 60), False, 0
        return replace(t, pfs=pfs, event=event, dropout=dropout)

    return climb(start, propose, _pfs_loss, draw, 60_000, "E3A06 PFS")


def _os_loss(t: Times) -> float:
    loss = shared.ratio_loss(OS_HR, t.os, t.died, t.arm)
    return loss + FOLLOW_UP.loss(stats.median_follow_up(t.os, t.died)[0])


def _calibrate_os(t: Times, draw: Draw) -> Times:
    """Deaths: one without progression in each arm, the others (1 and 3) after it."""
    os, died = t.cap.copy(), np.zeros(t.arm.size, dtype=bool)
    gone = shared.out_of_sight(t, draw)
    os[gone] = t.pfs[gone]
    for a, later in ((1, 1), (0, 3)):
        early = [int(i) for i in np.flatnonzero((t.arm == a) & t.event & (t.pfs > 200))]
        first = draw.pick(early)
        died[first], os[first] = True, t.pfs[first]
        room = [i for i in early if i != first and t.cap[i] - t.pfs[i] > 200]
        for i in draw.sample(room, later):
            died[i], os[i] = True, draw.integer(int(t.pfs[i]) + 60, int(t.cap[i]) - 20)

    def propose(s: Times) -> Times | None:
        if draw.chance(0.5):
            return shared.ask_again(s, draw)
        os, died = s.os.copy(), s.died.copy()
        i = draw.one_of(died & (os > s.pfs))
        j = draw.one_of(s.event & (s.arm == s.arm[i]))
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
        return shared.arm_loss(
            SPM, p.arm, lambda m: stats.cumulative_incidence(p.spm[m], p.spm_status[m], 36)
        )

    found = climb(first, propose, loss, draw, 20_000, "E3A06 second cancers")
    return place(dict(found))


def simulate_times(seed: int) -> Times:
    """All times of the phase 3, calibrated."""
    draw = Draw(seed)
    return _calibrate_spm(_calibrate_os(_calibrate_pfs(_first_guess(draw), draw), draw), draw)
