"""The simulated phase 3 of E3A06: 92 patients on lenalidomide, 90 on observation."""

from __future__ import annotations

from data.simulate.baseline import settle_columns
from data.simulate.draw import Draw
from data.simulate.e3a06.covariates import baseline, mayo_levels
from data.simulate.e3a06.events import Severe
from data.simulate.e3a06.study import Ends, make
from data.simulate.e3a06.times import simulate_times
from data.simulate.tables import Tables

# 51% off treatment fits 45 of 88 treated (and 47 of 92 randomized); we count the treated
ENDS = Ends(untreated=4, off=45, toxicity=18, responders=44)
SEVERE = Severe(other=25, any=36, fatigue=5, blood4=5, neutropenia4=4)


def simulate(seed: int) -> Tables:
    """The three tables of the phase 3."""
    t = simulate_times(seed)
    draw = Draw(seed + 100)
    levels = mayo_levels(t.pfs, t.event, t.arm, draw)
    columns = baseline(levels, [bool(x) for x in t.early], draw)
    settled = ("SEX", "AGE", "RACE", "ECOGBL", "IMPARES", "CYTOGEN")
    settle_columns(columns, settled, (t.pfs, t.event, t.arm), draw)
    return make("E3A06-SIM", t, columns, ENDS, SEVERE, draw)
