"""The simulated QuiRedex: 57 patients on lenalidomide with dexamethasone, 62 on observation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.simulate.draw import Draw
from data.simulate.e3a06.outcomes import CRAB
from data.simulate.exposure import ADVERSE_EVENT, COMPLETED, Exposure
from data.simulate.quiredex.covariates import baseline
from data.simulate.quiredex.events import on_observation, on_treatment
from data.simulate.quiredex.times import Times, simulate_times
from data.simulate.tables import Cohort, Outcome, Tables, build, people

ARMS = {1: ("RD", "Lenalidomide and dexamethasone"), 0: ("OBS", "Observation")}
PARAMS = {
    "TTP": "Time to Progression (Days)",
    "OS": "Overall Survival (Days)",
}
INDUCTION = 9 * 28  # days, published
MAINTENANCE = 730  # days at most, published
# of 57: 79% responded after induction; of those on maintenance, whose number is not published,
# 90% responded: 45 of 50 is one pair of numbers that fits
ENTERED = 50
AFTER_INDUCTION = 45
ON_MAINTENANCE = 45
STOPPED = 13  # for another reason than progression or death, illustrative; 7 for toxicity


@dataclass(frozen=True)
class _Course:
    exposure: Exposure
    maintained: list[str]  # Y, N or blank (never treated)
    induction: list[str]
    maintenance: list[str]
    bor: list[str]


def _course(t: Times, draw: Draw) -> _Course:
    """Treatment and response of everyone; on observation all but the best response is blank."""
    n = t.arm.size
    drug = [int(i) for i in np.flatnonzero(t.arm == 1)]
    first, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    reason = [""] * n
    for i in drug:
        first[i] = draw.integer(1, 8)
        end = int(first[i]) + INDUCTION + MAINTENANCE - draw.integer(1, 25)
        reason[i], last[i] = COMPLETED, end
        if t.ttp[i] <= end:
            died = not t.event[i]
            reason[i] = "DEATH" if died else "PROGRESSIVE DISEASE"
            last[i] = t.ttp[i] - (6 if died else 0)
    gone = sum(int(last[i]) < INDUCTION + 8 for i in drug)
    room = [i for i in drug if reason[i] == COMPLETED]
    stops = draw.sample(room, STOPPED)
    for place, i in enumerate(stops):
        # by turns, so that both kinds are among those who stop during induction
        reason[i] = "WITHDRAWAL BY SUBJECT" if place % 2 else ADVERSE_EVENT
        if place < 57 - ENTERED - gone:
            last[i] = draw.integer(60, INDUCTION - 10)
        else:
            last[i] = draw.integer(INDUCTION + 60, INDUCTION + MAINTENANCE - 60)
    on = [i for i in drug if last[i] >= INDUCTION + 8]
    out = [i for i in drug if i not in on]
    responding = draw.sample(on, AFTER_INDUCTION - 2, [float(t.ttp[i]) for i in on])
    early = draw.sample([i for i in out if not t.event[i] or t.ttp[i] > 170], 2)
    later = draw.sample([i for i in on if i not in responding], 2)
    bor = [""] * n
    for i in range(n):
        progressed = bool(t.event[i]) and t.ttp[i] < 210
        if i in responding or i in early or i in later:
            bor[i] = draw.weighted(["PR", "VGPR", "CR"], [55, 25, 20])
        elif t.arm[i] == 1:
            bor[i] = "PD" if progressed else draw.weighted(["MR", "SD"], [40, 60])
        else:
            bor[i] = "PD" if progressed else "SD"
    treated = t.arm == 1
    return _Course(
        Exposure(treated, first, last, reason),
        ["" if not treated[i] else "Y" if i in on else "N" for i in range(n)],
        ["" if not treated[i] else "Y" if i in responding or i in early else "N" for i in range(n)],
        ["" if i not in on else "Y" if i in responding or i in later else "N" for i in range(n)],
        bor,
    )


def _outcomes(t: Times, i: int, draw: Draw) -> list[Outcome]:
    if t.event[i]:
        words = draw.weighted(list(CRAB), [*map(float, CRAB.values())])
        ttp = Outcome("TTP", int(t.ttp[i]), 0, words, "CRAB")
    elif t.died[i]:
        ttp = Outcome("TTP", int(t.ttp[i]), 2, reason="Death without progression")
    else:
        reason = "Alive without progression at last contact"
        ttp = Outcome("TTP", int(t.ttp[i]), 1, reason=reason)
    if t.died[i]:
        return [ttp, Outcome("OS", int(t.os[i]), 0, "Death", "Death")]
    return [ttp, Outcome("OS", int(t.os[i]), 1, reason="Alive at last contact")]


def simulate(seed: int) -> Tables:
    """The three tables."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    columns = baseline(t.early, t.ttp, t.event, t.arm, draw)
    course = _course(t, draw)
    watched = np.minimum(t.ttp, INDUCTION + MAINTENANCE)
    cohort = Cohort(
        study="QUIREDEX-SIM", randomised=True, arms=ARMS, params=PARAMS, arm=t.arm, start=t.start,
        cap=t.cap, pfs=watched, os=t.os, died=t.died, columns=columns, exposure=course.exposure,
        bor=course.bor, outcomes=[_outcomes(t, i, draw) for i in range(t.arm.size)],
        after={
            "RESPIND": course.induction, "MAINTFL": course.maintained,
            "RESPMNT": course.maintenance,
        },
    )  # fmt: skip
    on_drug = course.exposure.treated
    fatal = on_drug & t.died & ~t.event & (t.ttp <= course.exposure.last + 30)
    groups = people(cohort, fatal)
    events = on_treatment(groups[1], draw) + on_observation(groups[0], draw)
    return build(cohort, events)
