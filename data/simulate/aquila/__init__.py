"""The simulated AQUILA: 194 patients assigned daratumumab, 196 active monitoring."""

from __future__ import annotations

import numpy as np

from data.simulate import exposure
from data.simulate.aquila import times
from data.simulate.aquila.covariates import baseline, levels
from data.simulate.aquila.events import adverse_events
from data.simulate.aquila.times import TREATED, Times, simulate_times
from data.simulate.draw import Draw
from data.simulate.outcomes import LEAVING, Outcome, before_death, progression_free, survival
from data.simulate.tables import Cohort, Tables, build, people
from data.simulate.times import WITHDREW

ARMS = {1: ("DARA", "Daratumumab"), 0: ("MON", "Active monitoring")}
PARAMS = {
    "PFS": "Progression-Free Survival (Days)",
    "OS": "Overall Survival (Days)",
    "FLT": "Time to First-Line Treatment of Myeloma (Days)",
}
KINDS = {times.CENSORED: "", times.SLIM: "SLiM", times.CRAB: "CRAB", times.DEATH: "Death"}
REASONS = LEAVING | {TREATED: "First-line treatment without confirmed progression"}
TOXICITY = 11  # stopped for an adverse event
STOPPED = 18  # for another reason than progression or leaving, illustrative
PLANNED = 39 * 28  # days of treatment
# best responses: 63.4% with PR or better, 29.9% VGPR or better, 8.8% CR or better of 194;
# 2.0%, 1.0% and 0 of 196
RESPONSES = {1: {"CR": 17, "VGPR": 41, "PR": 65}, 0: {"VGPR": 2, "PR": 2}}


def _expose(t: Times, draw: Draw) -> exposure.Exposure:
    """39 cycles of daratumumab, or less: progression, adverse event, leaving; one never starts."""
    treated = t.arm == 1
    left = [int(i) for i in np.flatnonzero(treated & (t.dropout == WITHDREW))]
    treated[min(left, key=lambda i: int(t.pfs[i]))] = False
    leaving = exposure.LEFT | {TREATED: "OTHER"}

    def planned(i: int, first: int) -> int:
        return first + PLANNED - 28 + draw.integer(0, 14)

    def why(i: int) -> str:
        if t.kind[i] == times.DEATH:
            return exposure.DEATH
        return leaving.get(int(t.dropout[i]), exposure.PROGRESSION)

    ex = exposure.start_treatment(treated, 5, planned, exposure.COMPLETED, t.pfs, why, draw)
    stops = draw.sample(ex.having(exposure.COMPLETED), TOXICITY + STOPPED)
    for place, i in enumerate(stops):
        ex.reason[i] = draw.weighted({exposure.WITHDREW: 3, "PHYSICIAN DECISION": 2})
        if place < TOXICITY:
            ex.reason[i] = exposure.ADVERSE_EVENT
        ex.last[i] = 40 + int((PLANNED - 100) * draw.unit() ** 1.3)
    return ex


def _respond(t: Times, ex: exposure.Exposure, draw: Draw) -> list[str]:
    """Best response; of whoever was never treated it cannot be told (NE)."""
    out = []
    for i in range(t.arm.size):
        early = bool(t.progressed[i]) and t.pfs[i] < 170
        never = t.arm[i] == 1 and not ex.treated[i]
        out.append("NE" if never else "PD" if early else draw.weighted({"SD": 3, "MR": 1}))
        if t.arm[i] == 0 and out[i] == "MR":
            out[i] = "SD"
    for a, counts in RESPONSES.items():
        room = [int(i) for i in np.flatnonzero(t.arm == a) if out[i] not in ("NE", "PD")]
        # longer exposure and longer control make response likelier
        weights = [float(min(int(t.pfs[i]), 900)) for i in room]
        chosen = draw.sample(room, sum(counts.values()), weights)
        for what, count in counts.items():
            for i in chosen[:count]:
                out[i] = what
            chosen = chosen[count:]
    return out


def _outcomes(t: Times, i: int, draw: Draw) -> list[Outcome]:
    left, status = int(t.dropout[i]), int(t.flt_status[i])
    started, what = "First-line treatment of myeloma started", "first-line treatment"
    return [
        progression_free(int(t.pfs[i]), KINDS[int(t.kind[i])], left, draw, REASONS),
        survival(int(t.os[i]), bool(t.died[i]), left if t.os[i] < t.cap[i] else 0),
        before_death("FLT", int(t.flt[i]), status, what, started, "Treatment"),
    ]


def simulate(seed: int) -> Tables:
    """The three tables."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    mayo = levels(t.pfs, t.event, t.arm, draw)
    columns = baseline(mayo, t.pfs, t.event, t.arm, draw)
    treatment = _expose(t, draw)
    bor = _respond(t, treatment, draw)
    # adverse events are asked for during monitoring as long as during treatment
    watched = np.where(t.arm == 1, t.pfs, np.minimum(t.pfs, PLANNED))
    cohort = Cohort(
        study="AQUILA-SIM", randomized=True, arms=ARMS, params=PARAMS, arm=t.arm, start=t.start,
        cap=t.cap, pfs=watched, os=t.os, died=t.died, columns=columns,
        exposure=treatment, bor=bor, outcomes=[_outcomes(t, i, draw) for i in range(t.arm.size)],
    )  # fmt: skip
    return build(cohort, adverse_events(people(cohort, t.fatal), draw))
