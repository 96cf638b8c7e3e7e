"""From times to tables: what the phase 3 of E3A06 and its run-in share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.simulate import exposure
from data.simulate.baseline import settle_columns
from data.simulate.draw import Draw
from data.simulate.e3a06.covariates import baseline, mayo_levels
from data.simulate.e3a06.events import Severe, adverse_events
from data.simulate.e3a06.times import Assessed, Times, simulate_times
from data.simulate.outcomes import Outcome, before_death, progression_free, survival
from data.simulate.packages import Columns
from data.simulate.tables import Cohort, Tables, build, people

ARMS = {1: ("LEN", "Lenalidomide"), 0: ("OBS", "Observation")}
PARAMS = {
    "PFS": "Progression-Free Survival (Days)",
    "OS": "Overall Survival (Days)",
    "SPM": "Time to Second Primary Malignancy (Days)",
}
CANCERS = [
    "breast", "prostate", "colorectal", "melanoma", "lung", "bladder", "thyroid", "renal",
]  # fmt: skip


@dataclass(frozen=True)
class Ends:
    """How many are never treated, stop in all, stop for an adverse event, and respond."""

    untreated: int
    off: int
    toxicity: int
    responders: int


# 51% off treatment fits 45 of 88 treated (and 47 of 92 randomized); we count the treated
PHASE_3 = Ends(untreated=4, off=45, toxicity=18, responders=44)
PHASE_3_SEVERE = Severe(other=25, any=36, fatigue=5, blood4=5, neutropenia4=4)


def _expose(t: Assessed, ends: Ends, draw: Draw) -> exposure.Exposure:
    """Exposure to lenalidomide.

    Whoever progresses, dies or leaves is off treatment; the toxicity stops and the other stops
    come from the rest, to the published counts.
    """
    drug = t.arm == 1
    quiet = [int(i) for i in np.flatnonzero(drug & ~t.event)]
    # who never starts tends to leave the trial early
    unstarted = draw.sample(quiet, ends.untreated, [1 / float(t.pfs[i]) ** 2 for i in quiet])
    treated = drug.copy()
    treated[unstarted] = False

    def why(i: int) -> str:
        return "" if not t.event[i] else exposure.DEATH if t.died_first[i] else exposure.PROGRESSION

    ex = exposure.start_treatment(treated, 9, lambda i, first: int(t.cap[i]), "", t.pfs, why, draw)
    on = [int(i) for i in np.flatnonzero(treated)]
    for i in draw.sample([i for i in on if not t.event[i] and t.pfs[i] > 150], ends.toxicity):
        ex.reason[i] = exposure.ADVERSE_EVENT
        ex.last[i] = 35 + int((min(int(t.pfs[i]) - 20, 1100) - 35) * draw.unit() ** 1.4)
    for i in on:
        if t.dropout[i] and not ex.reason[i]:
            ex.reason[i] = exposure.LEFT[int(t.dropout[i])]
            ex.last[i] = max(int(ex.first[i]) + 7, int(t.pfs[i]) - draw.integer(0, 25))
    still = ex.having("")
    for i in draw.sample(still, ends.off - (len(on) - len(still))):
        ex.reason[i] = draw.weighted({exposure.WITHDREW: 6, "PHYSICIAN DECISION": 3, "OTHER": 2})
        ex.last[i] = draw.integer(120, int(t.pfs[i]) - 30)
    return ex


def _respond(t: Assessed, ex: exposure.Exposure, responders: int, draw: Draw) -> list[str]:
    """Best overall response (IMWG); blank when assigned to the drug and never treated.

    Longer exposure makes response likelier; without the drug nobody responds.
    """
    on = [int(i) for i in np.flatnonzero(ex.treated)]
    hit = set(draw.sample(on, responders, [float(min(ex.last[i], 400)) for i in on]))
    out = []
    for i in range(t.pfs.size):
        early = bool(t.event[i]) and t.pfs[i] < 210
        if i in hit:
            out.append(draw.weighted({"PR": 80, "VGPR": 18, "CR": 2}))
        elif ex.treated[i]:
            out.append("PD" if early else draw.weighted({"MR": 45, "SD": 55}))
        else:
            out.append("" if t.arm[i] == 1 else "PD" if early else "SD")
    return out


def _outcomes(t: Assessed, i: int, draw: Draw) -> list[Outcome]:
    left, kind = int(t.dropout[i]), ""
    if t.event[i]:
        kind = "Death" if t.died_first[i] else "CRAB" if draw.chance(0.66) else "SLiM"
    out = [
        progression_free(int(t.pfs[i]), kind, left, draw),
        survival(int(t.os[i]), bool(t.died[i]), left if t.os[i] < t.cap[i] else 0),
    ]
    if isinstance(t, Times):
        status = int(t.spm_status[i])
        event = f"Second primary malignancy: {draw.pick(CANCERS)}" if status == 1 else ""
        what = "second primary malignancy"
        out.append(before_death("SPM", int(t.spm[i]), status, what, event, "Malignancy"))
    return out


def make(
    name: str, t: Assessed, columns: Columns, ends: Ends, severe: Severe, draw: Draw
) -> Tables:
    """The three tables; a treated patient who died without progression died of an event."""
    ex = _expose(t, ends, draw)
    bor = _respond(t, ex, ends.responders, draw)
    cohort = Cohort(
        study=name, randomized=isinstance(t, Times), arms=ARMS, params=PARAMS, arm=t.arm,
        start=t.start, cap=t.cap, pfs=t.pfs, os=t.os, died=t.died, columns=columns,
        exposure=ex, bor=bor, outcomes=[_outcomes(t, i, draw) for i in range(t.arm.size)],
    )  # fmt: skip
    groups = people(cohort, ex.treated & t.died_first)
    return build(cohort, adverse_events(groups, severe, draw))


def simulate(seed: int) -> Tables:
    """The three tables of the phase 3: 92 patients on lenalidomide, 90 on observation."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    levels = mayo_levels(t.pfs, t.event, t.arm, draw)
    columns = baseline(levels, [bool(x) for x in t.early], draw)
    settled = ("SEX", "AGE", "RACE", "ECOGBL", "IMPARES", "CYTOGEN")
    settle_columns(columns, settled, (t.pfs, t.event, t.arm), draw)
    return make("E3A06-SIM", t, columns, PHASE_3, PHASE_3_SEVERE, draw)
