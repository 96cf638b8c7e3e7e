"""The simulated QuiRedex: 57 patients on lenalidomide with dexamethasone, 62 on observation."""

from __future__ import annotations

import numpy as np

from data.simulate import exposure
from data.simulate.draw import Draw
from data.simulate.outcomes import SIGNS, Outcome, before_death, survival
from data.simulate.packages import Columns
from data.simulate.quiredex.covariates import baseline
from data.simulate.quiredex.events import adverse_events
from data.simulate.quiredex.times import Times, simulate_times
from data.simulate.tables import Cohort, Tables, build, people

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
STOPPED = 13  # for another reason than progression or death, illustrative; 7 for toxicity


def _course(t: Times, draw: Draw) -> tuple[exposure.Exposure, list[str], Columns]:
    """Treatment, best response, and what is known of those on treatment only."""
    n, treated = t.arm.size, t.arm == 1
    drug = [int(i) for i in np.flatnonzero(treated)]

    def planned(i: int, first: int) -> int:
        return first + INDUCTION + MAINTENANCE - draw.integer(1, 25)

    def why(i: int) -> str:
        return exposure.PROGRESSION if t.event[i] else exposure.DEATH

    ex = exposure.start_treatment(treated, 8, planned, exposure.COMPLETED, t.ttp, why, draw)
    last, gone = ex.last, sum(int(ex.last[i]) < INDUCTION + 8 for i in drug)
    stops = draw.sample(ex.having(exposure.COMPLETED), STOPPED)
    for place, i in enumerate(stops):
        # by turns, so that both kinds are among those who stop during induction
        ex.reason[i] = exposure.WITHDREW if place % 2 else exposure.ADVERSE_EVENT
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
            bor[i] = draw.weighted({"PR": 55, "VGPR": 25, "CR": 20})
        elif t.arm[i] == 1:
            bor[i] = "PD" if progressed else draw.weighted({"MR": 40, "SD": 60})
        else:
            bor[i] = "PD" if progressed else "SD"

    def yes(who: list[int], of: list[int]) -> list[str]:
        return ["" if i not in of else "Y" if i in who else "N" for i in range(n)]

    after = {
        "RESPIND": yes(responding + early, drug), "MAINTFL": yes(on, drug),
        "RESPMNT": yes(responding + later, on),
    }  # fmt: skip
    return ex, bor, after


def _outcomes(t: Times, i: int, draw: Draw) -> list[Outcome]:
    status = 1 if t.event[i] else 2 if t.died[i] else 0
    signs = draw.weighted(SIGNS["CRAB"]) if status == 1 else ""
    return [
        before_death("TTP", int(t.ttp[i]), status, "progression", signs, "CRAB"),
        survival(int(t.os[i]), bool(t.died[i]), seen="last contact"),
    ]


def simulate(seed: int) -> Tables:
    """The three tables."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    columns = baseline(t.early, t.ttp, t.event, t.arm, draw)
    ex, bor, after = _course(t, draw)
    watched = np.minimum(t.ttp, INDUCTION + MAINTENANCE)
    cohort = Cohort(
        study="QUIREDEX-SIM", randomized=True, arms=ARMS, params=PARAMS, arm=t.arm, start=t.start,
        cap=t.cap, pfs=watched, os=t.os, died=t.died, columns=columns, exposure=ex, bor=bor,
        outcomes=[_outcomes(t, i, draw) for i in range(t.arm.size)], after=after,
    )  # fmt: skip
    fatal = ex.treated & t.died & ~t.event & (t.ttp <= ex.last + 30)
    return build(cohort, adverse_events(people(cohort, fatal), draw))
