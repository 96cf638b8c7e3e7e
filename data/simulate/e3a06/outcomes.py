"""Endpoints of E3A06 in words: what ended each time, and whose adverse events are whose."""

from __future__ import annotations

import numpy as np

from data.simulate.adverse_events import Event
from data.simulate.draw import Draw
from data.simulate.e3a06 import events as e3a06_events
from data.simulate.stats import Bools, Ints
from data.simulate.tables import LEAVING, Cohort, Outcome, people

ARMS = {1: ("LEN", "Lenalidomide"), 0: ("OBS", "Observation")}
PARAMS = {
    "PFS": "Progression-Free Survival (Days)",
    "OS": "Overall Survival (Days)",
    "SPM": "Time to Second Primary Malignancy (Days)",
}
CRAB = {
    "Progression: anemia (CRAB)": 5,
    "Progression: lytic bone lesions (CRAB)": 5,
    "Progression: renal insufficiency (CRAB)": 2,
    "Progression: hypercalcemia (CRAB)": 1,
}
SLIM = {
    "Progression: marrow plasma cells >= 60% (SLiM)": 2,
    "Progression: FLC ratio >= 100 (SLiM)": 3,
    "Progression: more than one focal lesion on MRI (SLiM)": 3,
}
CANCERS = [
    "breast", "prostate", "colorectal", "melanoma", "lung", "bladder", "thyroid", "renal",
]  # fmt: skip


def outcomes(
    pfs: Ints,
    event: Bools,
    dropout: Ints,
    os: Ints,
    died: Bools,
    cap: Ints,
    spm: Ints | None,
    spm_status: Ints | None,
    draw: Draw,
) -> list[list[Outcome]]:
    """PFS, OS and, where given, SPM of each patient; the fields of ``e3a06.times.Times``."""
    found = []
    for i in range(pfs.size):
        at_once = bool(died[i]) and os[i] == pfs[i]
        mine = [
            _progression(int(pfs[i]), bool(event[i]), at_once, int(dropout[i]), draw),
            survival(int(os[i]), bool(died[i]), bool(os[i] < cap[i]), int(dropout[i])),
        ]
        if spm is not None and spm_status is not None:
            mine.append(_malignancy(int(spm[i]), int(spm_status[i]), draw))
        found.append(mine)
    return found


def _progression(day: int, event: bool, died: bool, left: int, draw: Draw) -> Outcome:
    if not event:
        reason = LEAVING.get(left, "Alive without progression at data cutoff")
        return Outcome("PFS", day, left or 1, reason=reason)
    if died:
        return Outcome("PFS", day, 0, "Death", "Death")
    kind = "CRAB" if draw.chance(0.66) else "SLiM"
    items = CRAB if kind == "CRAB" else SLIM
    return Outcome("PFS", day, 0, draw.weighted(list(items), [*map(float, items.values())]), kind)


def survival(day: int, died: bool, gone: bool, left: int) -> Outcome:
    """Overall survival; ``gone`` before the cut-off for the reason ``left`` if alive."""
    if died:
        return Outcome("OS", day, 0, "Death", "Death")
    if gone:
        return Outcome("OS", day, left, reason=LEAVING[left])
    return Outcome("OS", day, 1, reason="Alive at data cutoff")


def _malignancy(day: int, status: int, draw: Draw) -> Outcome:
    if status == 1:
        words = f"Second primary malignancy: {draw.pick(CANCERS)}"
        return Outcome("SPM", day, 0, words, "Malignancy")
    if status == 2:
        return Outcome("SPM", day, 2, reason="Death without second primary malignancy")
    reason = "Alive without second primary malignancy at last contact"
    return Outcome("SPM", day, 1, reason=reason)


def adverse_events(c: Cohort, severe: e3a06_events.Severe, draw: Draw) -> list[Event]:
    """Events of both arms; a treated patient who died without progression died of one."""
    at_once = np.array([o[0].event == "Death" for o in c.outcomes])
    groups = people(c, c.exposure.treated & at_once)
    events = e3a06_events.on_drug(groups[1], severe, draw)
    return events + (e3a06_events.on_observation(groups[0], draw) if groups[0] else [])
