"""The simulated AQUILA: 194 patients assigned daratumumab, 196 active monitoring."""

from __future__ import annotations

import numpy as np

from data.simulate.aquila import events as aquila_events
from data.simulate.aquila.covariates import baseline, levels
from data.simulate.aquila.times import CRAB, DEATH, LOST, TREATED, WITHDREW, Times, simulate_times
from data.simulate.draw import Draw
from data.simulate.e3a06.outcomes import CRAB as CRAB_ITEMS
from data.simulate.e3a06.outcomes import SLIM as SLIM_ITEMS
from data.simulate.e3a06.outcomes import survival
from data.simulate.exposure import ADVERSE_EVENT, COMPLETED, Exposure
from data.simulate.stats import Ints
from data.simulate.tables import LEAVING, Cohort, Outcome, Tables, build, people

ARMS = {1: ("DARA", "Daratumumab"), 0: ("MON", "Active monitoring")}
PARAMS = {
    "PFS": "Progression-Free Survival (Days)",
    "OS": "Overall Survival (Days)",
    "FLT": "Time to First-Line Treatment of Myeloma (Days)",
}
TOXICITY = 11  # stopped for an adverse event
STOPPED = 18  # for another reason than progression or leaving, illustrative
PLANNED = 39 * 28  # days of treatment
# best responses: 63.4% with PR or better, 29.9% VGPR or better, 8.8% CR or better of 194;
# 2.0%, 1.0% and 0 of 196
RESPONSES = {1: {"CR": 17, "VGPR": 41, "PR": 65}, 0: {"VGPR": 2, "PR": 2}}


def _expose(t: Times, draw: Draw) -> Exposure:
    """39 cycles of daratumumab, or less: progression, adverse event, leaving; one never starts."""
    n = t.arm.size
    drug = np.flatnonzero(t.arm == 1)
    never = min((int(i) for i in drug if t.dropout[i] == WITHDREW), key=lambda i: int(t.pfs[i]))
    treated = t.arm == 1
    treated[never] = False
    first, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    reason = [""] * n
    why = {LOST: "LOST TO FOLLOW-UP", WITHDREW: "WITHDRAWAL BY SUBJECT", TREATED: "OTHER"}
    for i in (int(k) for k in drug if treated[k]):
        first[i] = draw.integer(1, 5)
        end = int(first[i]) + PLANNED - 28 + draw.integer(0, 14)
        reason[i], last[i] = COMPLETED, end
        if t.pfs[i] <= end:
            died = t.kind[i] == DEATH
            last[i] = t.pfs[i] - (6 if died else 0)
            reason[i] = "DEATH" if died else why.get(int(t.dropout[i]), "PROGRESSIVE DISEASE")
    room = [int(i) for i in drug if reason[i] == COMPLETED]
    stops = draw.sample(room, TOXICITY + STOPPED)
    for place, i in enumerate(stops):
        reason[i] = draw.weighted(["WITHDRAWAL BY SUBJECT", "PHYSICIAN DECISION"], [3, 2])
        if place < TOXICITY:
            reason[i] = ADVERSE_EVENT
        last[i] = 40 + int((PLANNED - 100) * draw.unit() ** 1.3)
    return Exposure(treated, first, last, reason)


def _respond(t: Times, exposure: Exposure, draw: Draw) -> list[str]:
    """Best response; of whoever was never treated it cannot be told (NE)."""
    out = []
    for i in range(t.arm.size):
        early = bool(t.progressed[i]) and t.pfs[i] < 170
        never = t.arm[i] == 1 and not exposure.treated[i]
        out.append("NE" if never else "PD" if early else draw.weighted(["SD", "MR"], [3, 1]))
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


def _progression(t: Times, i: int, draw: Draw) -> Outcome:
    day, left = int(t.pfs[i]), int(t.dropout[i])
    if t.kind[i] == DEATH:
        return Outcome("PFS", day, 0, "Death", "Death")
    if t.kind[i]:
        kind, items = ("CRAB", CRAB_ITEMS) if t.kind[i] == CRAB else ("SLiM", SLIM_ITEMS)
        words = draw.weighted(list(items), [*map(float, items.values())])
        return Outcome("PFS", day, 0, words, kind)
    if left == TREATED:
        reason = "First-line treatment without confirmed progression"
        return Outcome("PFS", day, TREATED, reason=reason)
    reason = LEAVING.get(left, "Alive without progression at data cutoff")
    return Outcome("PFS", day, left or 1, reason=reason)


def _treatment(day: int, status: int) -> Outcome:
    if status == 1:
        return Outcome("FLT", day, 0, "First-line treatment of myeloma started", "Treatment")
    if status == 2:
        return Outcome("FLT", day, 2, reason="Death without first-line treatment")
    return Outcome("FLT", day, 1, reason="Alive without first-line treatment at last contact")


def _outcomes(t: Times, draw: Draw) -> list[list[Outcome]]:
    return [
        [
            _progression(t, i, draw),
            survival(int(t.os[i]), bool(t.died[i]), bool(t.os[i] < t.cap[i]), int(t.dropout[i])),
            _treatment(int(t.flt[i]), int(t.flt_status[i])),
        ]
        for i in range(t.arm.size)
    ]


def _observed(t: Times) -> Ints:
    """Last day on which adverse events are asked for: of monitoring, as long as of treatment."""
    return np.where(t.arm == 1, t.pfs, np.minimum(t.pfs, PLANNED))


def simulate(seed: int) -> Tables:
    """The three tables."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    mayo = levels(t.pfs, t.event, t.arm, draw)
    columns = baseline(mayo, t.pfs, t.event, t.arm, draw)
    exposure = _expose(t, draw)
    bor = _respond(t, exposure, draw)
    cohort = Cohort(
        study="AQUILA-SIM", randomised=True, arms=ARMS, params=PARAMS, arm=t.arm, start=t.start,
        cap=t.cap, pfs=_observed(t), os=t.os, died=t.died, columns=columns,
        exposure=exposure, bor=bor, outcomes=_outcomes(t, draw),
    )  # fmt: skip
    groups = people(cohort, t.fatal)
    events = [e for a in (1, 0) for e in aquila_events.draw_events(groups[a], a == 1, draw)]
    return build(cohort, events)
