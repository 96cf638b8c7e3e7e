"""The simulated phase 2 run-in of E3A06: 44 patients, all on lenalidomide, a study of its own."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import fields, replace

import numpy as np

from data.simulate.baseline import risk_levels
from data.simulate.draw import Band, Draw, climb
from data.simulate.e3a06.covariates import baseline
from data.simulate.e3a06.events import Severe
from data.simulate.e3a06.study import Ends, make
from data.simulate.e3a06.times import CUT_OFF, Assessed, leaving
from data.simulate.randomize import days, working_day
from data.simulate.stats import DAYS_PER_MONTH, Z95, Bools, Ints, median_follow_up, survival_at
from data.simulate.tables import Tables
from data.simulate.times import LOST, ask_again, place_events, take

SIZE = 44
FIRST, LAST = dt.date(2011, 7, 5), dt.date(2013, 7, 26)  # registration
EVENTS = (1, 2, 2, 2, 2, 1)  # per year of follow-up, the last entry later than five years
DROPOUTS = 12
# at 36 and at 60 months, there with limits on the log scale
PFS = (Band.printed(87, 0), Band.printed(78, 0), Band.printed(65, 0), Band.printed(93, 0))
FOLLOW_UP = (Band.printed(82, 0), Band.printed(72, 0), Band.printed(84, 0))  # log-log
DEATHS = 3  # illustrative, all after progression
ENDS = Ends(untreated=0, off=35, toxicity=11, responders=21)
# illustrative: no table of the run-in's adverse events was found
SEVERE = Severe(other=14, any=21, fatigue=3, blood4=3, neutropenia4=2)


def _first_guess(draw: Draw) -> Assessed:
    # most were registered within a few months in the first half of the period
    start = days(SIZE, FIRST, LAST, lambda u: 0.5 * u + 0.5 * u**3, draw, both_ends=False)
    cap = CUT_OFF.toordinal() - start + 1
    pfs = np.array([int(c) - draw.integer(0, 60) for c in cap])
    event, dropout = np.zeros(SIZE, dtype=bool), np.zeros(SIZE, dtype=np.int64)
    free = list(range(SIZE))
    for who, day in place_events(free, EVENTS, cap - 40, 2, draw, late_first=False).items():
        pfs[who], event[who] = day, True
    for _ in range(DROPOUTS):
        day = int(draw.between(2, 58) * DAYS_PER_MONTH)
        who = take(free, pfs, day, draw)
        pfs[who], dropout[who] = day, leaving(draw)
    return Assessed(
        arm=np.ones(SIZE, dtype=np.int64), start=start, cap=cap, pfs=pfs, event=event,
        dropout=dropout, os=cap, died=np.zeros(SIZE, dtype=bool),
    )  # fmt: skip


def pfs_at_60(time: Ints, event: Bools) -> tuple[float, float, float]:
    """Kaplan-Meier estimate at 60 months in percent with its interval on the log scale."""
    s, variance = survival_at(time, event, 60)
    width = Z95 * math.sqrt(variance)
    return 100 * s, 100 * s * math.exp(-width), 100 * min(1.0, s * math.exp(width))


def _pfs_loss(t: Assessed) -> float:
    found = (100 * survival_at(t.pfs, t.event, 36)[0], *pfs_at_60(t.pfs, t.event))
    return sum(b.loss(x) for b, x in zip(PFS, found, strict=True))


def _calibrate(t: Assessed, draw: Draw) -> Assessed:
    """Move event and drop-out times until the PFS figures print, then dates of registration."""

    def move_time(s: Assessed) -> Assessed | None:
        pfs = s.pfs.copy()
        i = draw.one_of(s.event | (s.dropout > 0))
        pfs[i] = pfs[i] + draw.integer(-150, 150)
        return replace(s, pfs=pfs) if 40 <= pfs[i] < s.cap[i] - 30 else None

    t = climb(t, move_time, _pfs_loss, draw, 40_000, "run-in PFS")
    os, died = t.cap.copy(), np.zeros(SIZE, dtype=bool)
    os[t.dropout == LOST] = t.pfs[t.dropout == LOST]
    room = [int(i) for i in np.flatnonzero(t.event & (t.cap - t.pfs > 300))]
    for i in draw.sample(room, DEATHS):
        died[i], os[i] = True, draw.integer(int(t.pfs[i]) + 90, int(t.cap[i]) - 30)

    def move_start(s: Assessed) -> Assessed | None:
        if draw.chance(0.25):
            return ask_again(s, draw)
        start, cap, os, pfs = s.start.copy(), s.cap.copy(), s.os.copy(), s.pfs.copy()
        i = draw.integer(0, SIZE - 1)
        start[i] = working_day(int(start[i]) + draw.integer(-60, 60))
        shift = int(s.start[i] - start[i])
        cap[i] += shift
        # early withdrawals and events keep their times; everyone else lives up to the cut-off
        stays = not s.event[i] and not s.dropout[i]
        if not FIRST.toordinal() <= start[i] <= LAST.toordinal():
            return None
        if pfs[i] + (shift if stays else 0) > cap[i] or (s.died[i] and os[i] >= cap[i]):
            return None
        if os[i] == s.cap[i]:
            os[i] = cap[i]
        if stays:
            pfs[i] += shift
            if pfs[i] < 60 * DAYS_PER_MONTH + 5:
                return None
        return replace(s, start=start, cap=cap, os=os, pfs=pfs)

    def loss(s: Assessed) -> float:
        found = median_follow_up(s.os, s.died)
        return _pfs_loss(s) + sum(b.loss(x) for b, x in zip(FOLLOW_UP, found, strict=True))

    return climb(replace(t, os=os, died=died), move_start, loss, draw, 40_000, "run-in follow-up")


def simulate(seed: int) -> Tables:
    """The three tables of the run-in."""
    draw = Draw(seed)
    t = _calibrate(_first_guess(draw), draw)
    order = np.argsort(t.start, kind="stable")
    t = replace(t, **{f.name: getattr(t, f.name)[order] for f in fields(t)})
    high = np.zeros(SIZE, dtype=bool)
    high[draw.sample(range(SIZE), 14, [2.5 if e else 1.0 for e in t.event])] = True
    levels = risk_levels(high, 14, [1.0] * SIZE, draw)
    columns = baseline(levels, [draw.chance(0.5) for _ in range(SIZE)], draw)
    return make("E3A06-RUNIN-SIM", t, columns, ENDS, SEVERE, draw)
