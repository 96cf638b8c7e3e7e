"""Event times of the simulated QuiRedex: progression to symptomatic myeloma and death.

Times are placed where the published medians want them, then moved one at a time until every
printed figure of the final analysis (Mateos 2022) comes out: first progression, then death.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from data.simulate import stats
from data.simulate.draw import Band, Draw, climb
from data.simulate.randomize import days, stratified
from data.simulate.stats import DAYS_PER_MONTH, Bools, Ints
from data.simulate.times import arm_loss, place_events, ratio_loss

YEAR = 365.25
FIRST, LAST = dt.date(2007, 11, 8), dt.date(2010, 6, 9)  # enrollment, published
CUT_OFF = dt.date(2021, 6, 15)  # 13.6 years after the first patient, the longest follow-up
SHORTEST = 10.4  # years any survivor was followed, published
SIZES = {1: 57, 0: 62}  # 1 lenalidomide with dexamethasone, 0 observation
EARLY = {1: 28, 0: 31}  # of them within six months of diagnosis, illustrative

# Progressions per year of follow-up. 32 and 56 are not published: they are counts that the
# published interval allows and that continue the 22 and 53 reported after 75 months.
EVENTS = {1: (1, 2, 3, 3, 3, 3, 3, 3, 4, 3, 2, 1, 1), 0: (16, 13, 9, 5, 4, 3, 2, 2, 1, 1)}
ALONE = {1: 5, 0: 3}  # deaths without progression, illustrative

TTP_MEDIAN = {1: Band.printed(114, 0), 0: Band.printed(25.2, 1)}
TTP_HR = (Band.printed(0.28, 2), Band.printed(0.18, 2), Band.printed(0.44, 2))

DEATHS = {1: 25, 0: 37}  # not published: what the width of the interval allows
OS_MEDIAN = Band.printed(102, 0)  # observation; not reached with treatment
# 62 deaths give an interval that just prints so; the last is p
OS_HR = (
    Band.printed(0.57, 2, 0.9), Band.printed(0.34, 2, 0.9), Band.printed(0.95, 2, 0.9),
    Band.printed(0.032, 3, 0.9),
)  # fmt: skip
AFTER_P = Band.printed(0.96, 2)  # log-rank, survival from progression
FOLLOW_UP = Band.printed(150, 0)
# The first report gives 94% and 80% alive at 36 months. Nobody left so early in the final
# analysis, so that a percentage is a count of 57 or 62, and none prints so: 54 and 50 come next.
OS_36 = {1: Band.printed(100 * 54 / 57, 1), 0: Band.printed(100 * 50 / 62, 1)}


@dataclass(frozen=True)
class Times:
    """One entry per patient, in order of randomization. Days count from 1 (randomization).

    arm : 1 lenalidomide with dexamethasone, 0 observation
    early : within six months of diagnosis at randomization
    start : proleptic ordinal of the day of randomization
    cap : days from randomization to the last contact of a survivor
    ttp, event : days to progression or to the end of observation; whether it was seen
    os, died : days to death or last contact; whether dead
    """

    arm: Ints
    early: Bools
    start: Ints
    cap: Ints
    ttp: Ints
    event: Bools
    os: Ints
    died: Bools


def _first_guess(draw: Draw) -> Times:
    """Patients with progressions in the right years and deaths without, uncalibrated."""
    arm, early = stratified(SIZES, EARLY, draw)
    start = days(arm.size, FIRST, LAST, lambda share: share**1.4, draw)
    cap = CUT_OFF.toordinal() - start + 1
    # seen last some weeks to months before the cut-off; the last one included soonest
    cap -= np.array([draw.integer(0, 150) for _ in range(arm.size)])
    cap[0] = CUT_OFF.toordinal() - start[0]
    cap[-1] = int(SHORTEST * YEAR) + 5
    ttp, event = cap.copy(), np.zeros(arm.size, dtype=bool)
    os, died = cap.copy(), np.zeros(arm.size, dtype=bool)
    ends = {0, arm.size - 1}  # the two that give the range of follow-up stay alive
    for a in (1, 0):
        free = [int(i) for i in np.flatnonzero(arm == a) if i not in ends]
        for who, day in place_events(free, EVENTS[a], cap - 90, 2, draw).items():
            ttp[who], event[who] = day, True
        for place, who in enumerate(draw.sample(free, ALONE[a])):
            # on treatment one dies of it, hence early
            early_death = a == 1 and place == 0
            month = draw.between(4, 9) if early_death else draw.between(36, 118)
            ttp[who] = os[who] = int(month * DAYS_PER_MONTH)
            died[who] = True
    return Times(arm, early, start, cap, ttp, event, os, died)


def _ttp_loss(t: Times) -> float:
    loss = ratio_loss(TTP_HR, t.ttp, t.event, t.arm)
    loss += 0.03 * arm_loss(TTP_MEDIAN, t.arm, lambda m: stats.median(t.ttp[m], t.event[m]))
    return loss


def _calibrate_ttp(start: Times, draw: Draw) -> Times:
    """Move progressions, and swap whose they are, until the figures print."""

    def propose(t: Times) -> Times | None:
        ttp, event = t.ttp.copy(), t.event.copy()
        i = draw.one_of(event)
        if draw.chance(0.8):
            ttp[i] = ttp[i] + draw.integer(-150, 150)
            return replace(t, ttp=ttp) if 45 <= ttp[i] < t.cap[i] - 60 else None
        j = draw.one_of((t.arm == t.arm[i]) & ~event & ~t.died)
        if ttp[i] >= t.cap[j] - 60 or j in (0, t.arm.size - 1):
            return None
        ttp[j], event[j] = ttp[i], True
        ttp[i], event[i] = t.cap[i], False
        return replace(t, ttp=ttp, event=event)

    return climb(start, propose, _ttp_loss, draw, 40_000, "QuiRedex TTP")


def _os_loss(t: Times) -> float:
    # the last contact of whoever did not progress ends both times
    loss = _ttp_loss(t) + ratio_loss(OS_HR, t.os, t.died, t.arm)
    mine = t.arm == 0
    loss += 0.1 * OS_MEDIAN.loss(stats.median(t.os[mine], t.died[mine]))
    # not reached with treatment, and not by a hair
    treated = t.arm == 1
    loss += 10 * max(0.0, 0.52 - stats.survival_at(t.os[treated], t.died[treated], 170)[0])
    loss += 0.02 * arm_loss(OS_36, t.arm, stats.percent_at(t.os, t.died, 36))
    loss += 0.2 * FOLLOW_UP.loss(stats.median_follow_up(t.os, t.died)[0])
    e = t.event
    p = stats.log_rank_p((t.os - t.ttp)[e], t.died[e], t.arm[e])
    return loss + 0.03 * AFTER_P.loss(p)


def _calibrate_os(t: Times, draw: Draw) -> Times:
    """Deaths after progression; those without stay where they are."""
    os, died = t.os.copy(), t.died.copy()

    def place(i: int) -> int:
        low, high = int(t.ttp[i]) + 40, int(t.cap[i]) - 20
        return draw.integer(low, min(high, low + int(draw.between(600, 3600))))

    room = [int(i) for i in np.flatnonzero(t.event) if t.cap[i] - t.ttp[i] > 150]
    for a, count in DEATHS.items():
        mine = [i for i in room if t.arm[i] == a and 0 < i < t.arm.size - 1]
        for i in draw.sample(mine, count - ALONE[a]):
            died[i], os[i] = True, place(i)

    def propose(s: Times) -> Times | None:
        os, died, cap, ttp = s.os.copy(), s.died.copy(), s.cap.copy(), s.ttp.copy()
        if draw.chance(0.15):
            # when a survivor was seen last
            i = draw.one_of(~died)
            longest = CUT_OFF.toordinal() - int(s.start[i]) + 1
            day = int(cap[i]) + draw.integer(-40, 40)
            if i in (0, cap.size - 1) or not SHORTEST * YEAR + 6 < day <= longest:
                return None
            if s.event[i] and day <= s.ttp[i] + 150:
                return None
            os[i] = cap[i] = day
            if not s.event[i]:
                ttp[i] = day
            return replace(s, os=os, cap=cap, ttp=ttp)
        i = draw.one_of(died & s.event)
        if draw.chance(0.6):
            os[i] = os[i] + draw.integer(-250, 250)
            if not s.ttp[i] + 40 <= os[i] <= s.cap[i] - 20:
                return None
            return replace(s, os=os)
        j = draw.pick([k for k in room if s.arm[k] == s.arm[i]])
        if died[j] or j in (0, cap.size - 1) or s.cap[j] - s.ttp[j] < 150:
            return None
        os[i], died[i] = s.cap[i], False
        os[j], died[j] = place(j), True
        return replace(s, os=os, died=died)

    return climb(replace(t, os=os, died=died), propose, _os_loss, draw, 60_000, "QuiRedex OS")


def simulate_times(seed: int) -> Times:
    """All times, calibrated."""
    draw = Draw(seed)
    return _calibrate_os(_calibrate_ttp(_first_guess(draw), draw), draw)
