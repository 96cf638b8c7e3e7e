"""Event times of the simulated AQUILA: progression, first-line treatment and death.

Times are placed where the published figures want them (so many events in each year), then moved
one at a time until every printed figure comes out: first progression, then death, then the start
of first-line treatment.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from data.simulate import stats
from data.simulate import times as shared
from data.simulate.draw import Band, Draw, climb
from data.simulate.randomize import blocks, days
from data.simulate.stats import DAYS_PER_MONTH, Bools, Ints
from data.simulate.times import LOST, WITHDREW, Followed

CUT_OFF = dt.date(2024, 5, 1)  # published
FIRST, LAST = dt.date(2017, 12, 11), dt.date(2019, 5, 27)  # published; its first day was a Sunday
SIZES = {1: 194, 0: 196}  # 1 daratumumab, 0 active monitoring

CENSORED, SLIM, CRAB, DEATH = 0, 1, 2, 3
TREATED = 4  # why observation for progression ended early, beside leaving

# Events per year of follow-up; the sums, and how many are of which kind, are published.
EVENTS = {1: (14, 13, 12, 12, 10, 6), 0: (33, 27, 18, 12, 6, 3)}
KINDS = {1: {SLIM: 50, CRAB: 12, DEATH: 5}, 0: {SLIM: 65, CRAB: 34}}
# Fewer events than the Kaplan-Meier estimates alone would give: patients left, or were treated
# for myeloma before a progression was confirmed. How many is not published.
DROPOUTS = {1: {TREATED: 10, LOST: 8, WITHDREW: 14}, 0: {TREATED: 18, LOST: 14, WITHDREW: 14}}

PFS_60 = {1: Band.printed(63.1, 1), 0: Band.printed(40.8, 1)}
PFS_MEDIAN = Band.printed(41.5, 1)  # monitoring; not reached with daratumumab
PFS_HR = (Band.printed(0.49, 2), Band.printed(0.36, 2), Band.printed(0.67, 2))

DEATHS = {1: 15, 0: 26}  # published
OS_60 = {1: Band.printed(93.0, 1), 0: Band.printed(86.9, 1)}
OS_HR = (Band.printed(0.52, 2), Band.printed(0.27, 2), Band.printed(0.98, 2))
FOLLOW_UP = Band.printed(65.2, 1)
FATAL = {1: 2, 0: 4}  # deaths due to adverse events, published

STARTED = {1: 64, 0: 102}  # 33% and 52%, published
FLT_60 = {1: Band.printed(29.7, 1), 0: Band.printed(55.9, 1)}
FLT_MEDIAN = Band.printed(50.2, 1)
# so many events give a wide interval: the upper limit prints 0.62 only near the top of its band
FLT_HR = (Band.printed(0.46, 2, 0.95), Band.printed(0.33, 2), Band.printed(0.62, 2, 0.95))


@dataclass(frozen=True)
class Times(Followed):
    """One entry per patient; days count from randomization, which is day 1.

    kind : 0 censored, else which event ``pfs`` is
    fatal : died of an adverse event
    flt, flt_status : days; 0 censored, 1 first-line treatment started, 2 died before
    """

    kind: Ints
    fatal: Bools
    flt: Ints
    flt_status: Ints

    @property
    def event(self) -> Bools:
        """Whether progression or death was seen."""
        return np.asarray(self.kind != CENSORED)

    @property
    def progressed(self) -> Bools:
        """Whether progression was seen."""
        return np.asarray(self.event & (self.kind != DEATH))


def _first_guess(draw: Draw) -> Times:
    """Patients with events in the right years and drop-outs, before any calibration."""
    arm = np.array(blocks(SIZES, draw))
    # most came late
    start = days(arm.size, FIRST, LAST, lambda share: share**0.62, draw)
    cap = CUT_OFF.toordinal() - start + 1
    # disease is evaluated every 12 weeks
    pfs = np.array([int(c) - draw.integer(0, 83) for c in cap])
    zero = np.zeros(arm.size, dtype=np.int64)
    none = np.zeros(arm.size, dtype=bool)
    kind, dropout = zero.copy(), zero.copy()
    for a in (1, 0):
        free = [int(i) for i in np.flatnonzero(arm == a)]
        hit = shared.place_events(free, EVENTS[a], pfs, 1.8, draw, last=70)
        for who, day in hit.items():
            pfs[who] = day
        for what, count in KINDS[a].items():
            for i in draw.sample([i for i in hit if not kind[i]], count):
                kind[i] = what
        for why, count in DROPOUTS[a].items():
            for _ in range(count):
                low = 4.0 if why == TREATED else 0.8
                day = int((low + (46 if a == 0 else 56) * draw.unit() ** 1.2) * DAYS_PER_MONTH)
                who = shared.take(free, pfs, day, draw)
                pfs[who], dropout[who] = day, why
    return Times(
        arm=arm, start=start, cap=cap, pfs=pfs, kind=kind, dropout=dropout, os=cap, died=none,
        fatal=none, flt=zero, flt_status=zero,
    )  # fmt: skip


def _pfs_loss(t: Times) -> float:
    loss = shared.ratio_loss(PFS_HR, t.pfs, t.event, t.arm)
    loss += 0.3 * shared.arm_loss(PFS_60, t.arm, stats.percent_at(t.pfs, t.event, 60))
    mine = t.arm == 0
    return loss + 0.1 * PFS_MEDIAN.loss(stats.median(t.pfs[mine], t.event[mine]))


def _calibrate_pfs(start: Times, draw: Draw) -> Times:
    """Move event and drop-out times, and swap whose they are, until the PFS figures print."""

    def propose(t: Times) -> Times | None:
        pfs, kind, dropout = t.pfs.copy(), t.kind.copy(), t.dropout.copy()
        i = draw.one_of(t.event | (dropout > 0))
        if draw.chance(0.8):
            pfs[i] = pfs[i] + draw.integer(-120, 120)
            if not 40 <= pfs[i] < t.cap[i] - 30:
                return None
        else:
            j = draw.one_of(t.arm == t.arm[i])
            if kind[j] or dropout[j] or pfs[i] >= t.cap[j] - 30:
                return None
            pfs[j], kind[j], dropout[j] = pfs[i], kind[i], dropout[i]
            pfs[i], kind[i], dropout[i] = t.cap[i] - draw.integer(0, 83), CENSORED, 0
        return replace(t, pfs=pfs, kind=kind, dropout=dropout)

    return climb(start, propose, _pfs_loss, draw, 60_000, "AQUILA PFS")


def _os_loss(t: Times) -> float:
    loss = shared.ratio_loss(OS_HR, t.os, t.died, t.arm)
    loss += 0.3 * shared.arm_loss(OS_60, t.arm, stats.percent_at(t.os, t.died, 60))
    return loss + 0.3 * FOLLOW_UP.loss(stats.median_follow_up(t.os, t.died)[0])


def _place_death(t: Times, i: int, draw: Draw) -> int:
    """A day of death after progression: within seven weeks if of an adverse event."""
    if t.fatal[i]:
        return int(t.pfs[i]) + draw.integer(14, 50)
    return draw.integer(int(t.pfs[i]) + 60, int(t.cap[i]) - 20)


def _calibrate_os(t: Times, draw: Draw) -> Times:
    """Deaths without progression are PFS events already; the others come after progression."""
    os, died, fatal = t.cap.copy(), t.kind == DEATH, np.zeros(t.arm.size, dtype=bool)
    ended = shared.out_of_sight(t, draw) | died
    os[ended] = t.pfs[ended]
    at_once = [int(i) for i in np.flatnonzero(died)]
    # of an adverse event while treated, hence early
    fatal[sorted(at_once, key=lambda i: int(t.pfs[i]))[: FATAL[1]]] = True
    t = replace(t, os=os, died=died, fatal=fatal)
    for a, count in DEATHS.items():
        room = [int(i) for i in np.flatnonzero(t.progressed & (t.arm == a)) if _has_room(t, int(i))]
        later = draw.sample(room, count - int(np.sum(died[t.arm == a])))
        if a == 0:
            fatal[later[: FATAL[0]]] = True
        for i in later:
            died[i], os[i] = True, _place_death(t, i, draw)

    def propose(s: Times) -> Times | None:
        if draw.chance(0.4):
            return shared.ask_again(s, draw)
        os, died, fatal = s.os.copy(), s.died.copy(), s.fatal.copy()
        i = draw.one_of(died & (s.kind != DEATH))
        j = i
        if draw.chance(0.6):
            j = draw.one_of(s.progressed & (s.arm == s.arm[i]))
            if died[j] or not _has_room(s, j):
                return None
        fatal[i], fatal[j] = (fatal[i], fatal[j]) if i == j else (False, fatal[i])
        os[i], died[i] = s.cap[i], False
        moved = replace(s, os=os, died=died, fatal=fatal)
        died[j], os[j] = True, _place_death(moved, j, draw)
        return moved

    return climb(t, propose, _os_loss, draw, 40_000, "AQUILA OS")


def _has_room(t: Times, i: int) -> bool:
    return int(t.cap[i]) - int(t.pfs[i]) > 120


def _flt_loss(t: Times) -> float:
    started = t.flt_status == 1
    loss = shared.ratio_loss(FLT_HR, t.flt, started, t.arm)
    loss += 0.3 * shared.arm_loss(
        FLT_60, t.arm, lambda m: 100 * stats.cumulative_incidence(t.flt[m], t.flt_status[m], 60)
    )
    mine = t.arm == 0
    return loss + 0.1 * FLT_MEDIAN.loss(stats.median(t.flt[mine], started[mine]))


def _calibrate_flt(t: Times, draw: Draw) -> Times:
    """First-line treatment after most progressions, and before 10 and 18 of them were confirmed."""
    flt, status = t.os.copy(), np.where(t.died, 2, 0)
    early = t.dropout == TREATED
    flt[early], status[early] = t.pfs[early], 1

    def latest(i: int) -> int:
        return int(t.os[i]) - (15 if t.died[i] else 1)

    def place(i: int) -> int:
        # within a few months of progression, now and then after years of watching
        low = int(t.pfs[i]) + 7
        return low + int((latest(i) - low) * draw.unit() ** (3 if draw.chance(0.75) else 1))

    room = [
        int(i) for i in np.flatnonzero(t.progressed & ~t.fatal) if latest(int(i)) > t.pfs[i] + 30
    ]
    for a, count in STARTED.items():
        mine = [i for i in room if t.arm[i] == a]
        for i in draw.sample(mine, count - int(np.sum(early & (t.arm == a)))):
            flt[i], status[i] = place(i), 1

    def propose(s: Times) -> Times | None:
        flt, status = s.flt.copy(), s.flt_status.copy()
        i = draw.pick([k for k in room if status[k] == 1])
        if draw.chance(0.6):
            flt[i] = flt[i] + draw.integer(-90, 90)
            if not t.pfs[i] + 7 <= flt[i] <= latest(i):
                return None
        else:
            j = draw.pick([k for k in room if t.arm[k] == t.arm[i]])
            if j != i and status[j] == 1:
                return None
            flt[i], status[i] = t.os[i], 2 if t.died[i] else 0
            flt[j], status[j] = place(j), 1
        return replace(s, flt=flt, flt_status=status)

    first = replace(t, flt=flt, flt_status=status)
    return climb(first, propose, _flt_loss, draw, 60_000, "AQUILA first-line treatment")


def simulate_times(seed: int) -> Times:
    """All times, calibrated."""
    draw = Draw(seed)
    return _calibrate_flt(_calibrate_os(_calibrate_pfs(_first_guess(draw), draw), draw), draw)
