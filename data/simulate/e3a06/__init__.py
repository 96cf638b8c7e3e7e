"""The simulated phase 3 of E3A06: 92 patients on lenalidomide, 90 on observation."""

from __future__ import annotations

from data.simulate.baseline import baseline, mayo_levels, settle
from data.simulate.draw import Draw
from data.simulate.e3a06.events import Severe
from data.simulate.e3a06.outcomes import ARMS, PARAMS, adverse_events, outcomes
from data.simulate.e3a06.times import simulate_times
from data.simulate.exposure import Ends, expose, respond
from data.simulate.tables import Cohort, Tables, build

RESPONDERS = 44  # of 88 treated
# 51% off treatment fits 45 of 88 treated (and 47 of 92 randomised); we count the treated
ENDS = Ends(untreated=4, off=45, toxicity=18)
SEVERE = Severe(other=25, any=36, fatigue=5, blood4=5, neutropenia4=4)


def simulate(seed: int) -> Tables:
    """The three tables of the phase 3."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    levels = mayo_levels(t.pfs, t.event, t.arm, draw)
    columns = baseline(levels, [bool(x) for x in t.early], draw)
    for name in ("SEX", "AGE", "RACE", "ECOGBL", "IMPARES", "CYTOGEN"):
        settle(columns, name, t.pfs, t.event, t.arm, draw)
    drug = t.arm == 1
    at_once = t.event & t.died & (t.os == t.pfs)
    exposure = expose(drug, t.pfs, t.event, at_once, t.dropout, t.cap, ENDS, draw)
    bor = respond(exposure, ~drug, t.pfs, t.event, RESPONDERS, draw)
    times = outcomes(t.pfs, t.event, t.dropout, t.os, t.died, t.cap, t.spm, t.spm_status, draw)
    cohort = Cohort(
        study="E3A06-SIM", randomised=True, arms=ARMS, params=PARAMS,
        arm=t.arm, start=t.start, cap=t.cap, pfs=t.pfs, os=t.os, died=t.died,
        columns=columns, exposure=exposure, bor=bor, outcomes=times,
    )  # fmt: skip
    return build(cohort, adverse_events(cohort, SEVERE, draw))
