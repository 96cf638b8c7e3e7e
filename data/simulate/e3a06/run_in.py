"""The simulated phase 2 run-in of E3A06: 44 patients, all on lenalidomide, a study of its own."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace

import numpy as np

from data.simulate.baseline import HIGH, INTERMEDIATE, LOW, baseline
from data.simulate.draw import Band, Draw, climb
from data.simulate.e3a06.events import Severe
from data.simulate.e3a06.outcomes import ARMS, PARAMS, adverse_events, outcomes
from data.simulate.e3a06.times import CUT_OFF
from data.simulate.exposure import Ends, expose, respond
from data.simulate.stats import DAYS_PER_MONTH, Z95, Bools, Ints, median_follow_up, survival_at
from data.simulate.tables import Cohort, Tables, build

SIZE = 44
FIRST, LAST = dt.date(2011, 7, 5), dt.date(2013, 7, 26)  # registration
EVENTS = (1, 2, 2, 2, 2, 1)  # per year of follow-up, the last entry later than five years
DROPOUTS = 12
PFS_36, PFS_60 = Band.printed(87, 0), Band.printed(78, 0)
PFS_60_LIMITS = (Band.printed(65, 0), Band.printed(93, 0))  # on the log scale
FOLLOW_UP = (Band.printed(82, 0), Band.printed(72, 0), Band.printed(84, 0))  # log-log
DEATHS = 3  # illustrative, all after progression
RESPONDERS = 21
ENDS = Ends(untreated=0, off=35, toxicity=11)
# illustrative: no table of the run-in's adverse events was found
SEVERE = Severe(other=14, any=21, fatigue=3, blood4=3, neutropenia4=2)


@dataclass(frozen=True)
class RunIn:
    """Times of the run-in; the fields mean what they mean in ``e3a06.times.Times``."""

    start: Ints
    pfs: Ints
    event: Bools
    dropout: Ints
    os: Ints
    died: Bools

    @property
    def cap(self) -> Ints:
        """Days from registration to the data cut-off."""
        return CUT_OFF.toordinal() - self.start + 1


def _first_guess(draw: Draw) -> RunIn:
    span = (LAST - FIRST).days
    start = np.empty(SIZE, dtype=np.int64)
    for i in range(SIZE):
        # most were registered within a few months in the first half of the period
        u = (i + draw.unit()) / SIZE
        day = FIRST + dt.timedelta(days=int(span * (0.5 * u + 0.5 * u**3)))
        start[i] = day.toordinal() - max(0, day.weekday() - 4)
    cap = CUT_OFF.toordinal() - start + 1
    pfs = np.array([int(c) - draw.integer(0, 60) for c in cap])
    event, dropout = np.zeros(SIZE, dtype=bool), np.zeros(SIZE, dtype=np.int64)
    free = list(range(SIZE))
    for year, count in enumerate(EVENTS):
        for _ in range(count):
            until = int(draw.between(max(12 * year, 2), 12 * (year + 1)) * DAYS_PER_MONTH)
            who = draw.pick([i for i in free if cap[i] > until + 40])
            free.remove(who)
            pfs[who], event[who] = until, True
    for _ in range(DROPOUTS):
        until = int(draw.between(2, 58) * DAYS_PER_MONTH)
        who = draw.pick(free)
        free.remove(who)
        pfs[who], dropout[who] = until, 2 if draw.chance(0.4) else 3
    return RunIn(start, pfs, event, dropout, cap.copy(), np.zeros(SIZE, dtype=bool))


def pfs_at_60(time: Ints, event: Bools) -> tuple[float, float, float]:
    """Kaplan-Meier estimate at 60 months in percent with its interval on the log scale."""
    s, variance = survival_at(time, event, 60)
    width = Z95 * math.sqrt(variance)
    return 100 * s, 100 * s * math.exp(-width), 100 * min(1.0, s * math.exp(width))


def _pfs_loss(t: RunIn) -> float:
    s, low, high = pfs_at_60(t.pfs, t.event)
    return (
        PFS_36.loss(100 * survival_at(t.pfs, t.event, 36)[0])
        + PFS_60.loss(s)
        + PFS_60_LIMITS[0].loss(low)
        + PFS_60_LIMITS[1].loss(high)
    )


def _calibrate(t: RunIn, draw: Draw) -> RunIn:
    """Move event and drop-out times until the PFS figures print, then dates of registration."""

    def move_time(s: RunIn) -> RunIn | None:
        pfs = s.pfs.copy()
        i = draw.pick([int(k) for k in np.flatnonzero(s.event | (s.dropout > 0))])
        pfs[i] = pfs[i] + draw.integer(-150, 150)
        return replace(s, pfs=pfs) if 40 <= pfs[i] < s.cap[i] - 30 else None

    t = climb(t, move_time, _pfs_loss, draw, 40_000, "run-in PFS")
    os, died = t.cap.copy(), np.zeros(SIZE, dtype=bool)
    os[t.dropout == 2] = t.pfs[t.dropout == 2]
    room = [int(i) for i in np.flatnonzero(t.event & (t.cap - t.pfs > 300))]
    for i in draw.sample(room, DEATHS):
        died[i], os[i] = True, draw.integer(int(t.pfs[i]) + 90, int(t.cap[i]) - 30)

    def move_start(s: RunIn) -> RunIn | None:
        start, os, pfs = s.start.copy(), s.os.copy(), s.pfs.copy()
        if draw.chance(0.25):
            i = draw.pick([int(k) for k in np.flatnonzero(s.dropout == 3)])
            os[i] = pfs[i] if os[i] == s.cap[i] else s.cap[i]
            return replace(s, os=os)
        i = draw.integer(0, SIZE - 1)
        day = dt.date.fromordinal(int(start[i]) + draw.integer(-60, 60))
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        shift = int(start[i]) - day.toordinal()
        cap = int(s.cap[i]) + shift
        # early withdrawals and events keep their times; everyone else lives up to the cut-off
        if not FIRST <= day <= LAST or pfs[i] + (0 if s.event[i] or s.dropout[i] else shift) > cap:
            return None
        if s.died[i] and os[i] >= cap:
            return None
        if os[i] == s.cap[i]:
            os[i] = cap
        if not s.event[i] and not s.dropout[i]:
            pfs[i] += shift
            if pfs[i] < 60 * DAYS_PER_MONTH + 5:
                return None
        start[i] = day.toordinal()
        return replace(s, start=start, os=os, pfs=pfs)

    def loss(s: RunIn) -> float:
        found = median_follow_up(s.os, s.died)
        return _pfs_loss(s) + sum(b.loss(x) for b, x in zip(FOLLOW_UP, found, strict=True))

    return climb(replace(t, os=os, died=died), move_start, loss, draw, 40_000, "run-in follow-up")


def simulate(seed: int) -> Tables:
    """The three tables of the run-in."""
    draw = Draw(seed)
    t = _calibrate(_first_guess(draw), draw)
    order = np.argsort(t.start, kind="stable")
    t = RunIn(
        t.start[order], t.pfs[order], t.event[order], t.dropout[order], t.os[order], t.died[order]
    )
    hit = [2.5 if e else 1.0 for e in t.event]
    high = set(draw.sample(range(SIZE), 14, hit))
    rest = [i for i in range(SIZE) if i not in high]
    low = set(draw.sample(rest, 14))
    levels = [HIGH if i in high else LOW if i in low else INTERMEDIATE for i in range(SIZE)]
    columns = baseline(levels, [draw.chance(0.5) for _ in range(SIZE)], draw)
    drug = np.ones(SIZE, dtype=bool)
    at_once = t.event & t.died & (t.os == t.pfs)
    exposure = expose(drug, t.pfs, t.event, at_once, t.dropout, t.cap, ENDS, draw)
    bor = respond(exposure, ~drug, t.pfs, t.event, RESPONDERS, draw)
    times = outcomes(t.pfs, t.event, t.dropout, t.os, t.died, t.cap, None, None, draw)
    cohort = Cohort(
        study="E3A06-RUNIN-SIM", randomised=False, arms=ARMS, params=PARAMS,
        arm=drug.astype(np.int64), start=t.start, cap=t.cap, pfs=t.pfs, os=t.os, died=t.died,
        columns=columns, exposure=exposure, bor=bor, outcomes=times,
    )  # fmt: skip
    return build(cohort, adverse_events(cohort, SEVERE, draw))
