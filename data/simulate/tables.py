"""From days to the three ADaM tables: subjects, times to events, adverse events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.simulate import adverse_events as ae
from data.simulate.calibrate import Draw
from data.simulate.covariates import Columns
from data.simulate.exposure import ADVERSE_EVENT, Exposure
from data.simulate.stats import Bools, Ints

Row = dict[str, str]

ARMS = {1: ("LEN", "Lenalidomide"), 0: ("OBS", "Observation")}
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
PARAMS = {
    "PFS": "Progression-Free Survival (Days)",
    "OS": "Overall Survival (Days)",
    "SPM": "Time to Second Primary Malignancy (Days)",
}
LEAVING = {2: "Lost to follow-up", 3: "Withdrew consent"}
CANCERS = [
    "breast", "prostate", "colorectal", "melanoma", "lung", "bladder", "thyroid", "renal",
]  # fmt: skip


@dataclass(frozen=True)
class Cohort:
    """Everything about the patients of one study, one entry each, in order of inclusion.

    Days count from 1, the day of randomisation (or of registration: ``randomised`` false).
    ``dropout`` is 0 (none), 2 (lost) or 3 (withdrew); ``spm`` may be absent.
    """

    study: str
    randomised: bool
    arm: Ints
    start: Ints
    cap: Ints
    pfs: Ints
    event: Bools
    dropout: Ints
    os: Ints
    died: Bools
    spm: Ints | None
    spm_status: Ints | None
    columns: Columns
    exposure: Exposure
    bor: list[str]


@dataclass(frozen=True)
class Tables:
    """Rows of ``adsl.csv``, ``adtte.csv`` and ``adae.csv``; every value is text."""

    adsl: list[Row]
    adtte: list[Row]
    adae: list[Row]


def _date(start: int, day: int) -> str:
    """ISO date of a day counted from 1."""
    return dt.date.fromordinal(int(start) + int(day) - 1).isoformat()


def _id(c: Cohort, i: int) -> str:
    return f"{c.study}-{i + 1:04d}"


def _subject(c: Cohort, i: int) -> Row:
    code, name = ARMS[int(c.arm[i])]
    treated, start = bool(c.exposure.treated[i]), int(c.start[i])
    watched = c.arm[i] == 0
    safe = treated or watched
    number = "1" if c.arm[i] == 1 else "2"
    gone = bool(c.died[i]) or c.os[i] < c.cap[i]
    last = c.exposure.last[i] if treated else c.pfs[i]
    begin = c.exposure.first[i] if treated else 1
    row = {
        "STUDYID": c.study,
        "USUBJID": _id(c, i),
        "SUBJID": f"{i + 1:04d}",
        "ARM": name,
        "ARMCD": code,
        "TRT01P": name,
        "TRT01PN": number,
        "TRT01A": name if safe else "",
        "TRT01AN": number if safe else "",
        "ITTFL": "Y",
        "SAFFL": "Y" if safe else "N",
        "RANDDT" if c.randomised else "ENRLDT": _date(start, 1),
        "TRTSDT": _date(start, begin) if safe else "",
        "TRTEDT": _date(start, last) if safe else "",
        "AGE": c.columns["AGE"][i],
        "AGEU": "YEARS",
    }
    for column, values in c.columns.items():
        row.setdefault(column, values[i])
    return row | {
        "BOR": c.bor[i],
        "RESPFL": "" if not c.bor[i] else "Y" if c.bor[i] in ("PR", "VGPR", "CR") else "N",
        "EOTSTT": "" if not treated else "DISCONTINUED" if c.exposure.reason[i] else "ONGOING",
        "DCTREAS": c.exposure.reason[i],
        "DTHFL": "Y" if c.died[i] else "",
        "DTHDT": _date(start, c.os[i]) if c.died[i] else "",
        "LSTALVDT": _date(start, c.os[i]),
        "EOSSTT": "DISCONTINUED" if gone else "ONGOING",
    }


def _time(
    c: Cohort, i: int, param: str, day: int, code: int, event: str, kind: str, reason: str
) -> Row:
    return {
        "STUDYID": c.study,
        "USUBJID": _id(c, i),
        "PARAMCD": param,
        "PARAM": PARAMS[param],
        "AVAL": str(int(day)),
        "AVALU": "DAYS",
        "STARTDT": _date(int(c.start[i]), 1),
        "ADT": _date(int(c.start[i]), day),
        "CNSR": str(code),
        "EVNTDESC": event,
        "EVNTTYPE": kind,
        "CNSDTDSC": reason,
    }


def _times(c: Cohort, i: int, draw: Draw) -> list[Row]:
    out = []
    left = int(c.dropout[i])
    if c.event[i]:
        if c.died[i] and c.os[i] == c.pfs[i]:
            event, kind = "Death", "Death"
        else:
            kind = "CRAB" if draw.chance(0.66) else "SLiM"
            items = CRAB if kind == "CRAB" else SLIM
            event = draw.weighted(list(items), [float(w) for w in items.values()])
        out.append(_time(c, i, "PFS", int(c.pfs[i]), 0, event, kind, ""))
    else:
        reason = LEAVING.get(left, "Alive without progression at data cutoff")
        out.append(_time(c, i, "PFS", int(c.pfs[i]), left or 1, "", "", reason))
    if c.died[i]:
        out.append(_time(c, i, "OS", int(c.os[i]), 0, "Death", "Death", ""))
    elif c.os[i] < c.cap[i]:
        out.append(_time(c, i, "OS", int(c.os[i]), left, "", "", LEAVING[left]))
    else:
        out.append(_time(c, i, "OS", int(c.os[i]), 1, "", "", "Alive at data cutoff"))
    if c.spm is not None and c.spm_status is not None:
        day = int(c.spm[i])
        if c.spm_status[i] == 1:
            event = f"Second primary malignancy: {draw.pick(CANCERS)}"
            out.append(_time(c, i, "SPM", day, 0, event, "Malignancy", ""))
        elif c.spm_status[i] == 2:
            reason = "Death without second primary malignancy"
            out.append(_time(c, i, "SPM", day, 2, "", "", reason))
        else:
            reason = "Alive without second primary malignancy at last contact"
            out.append(_time(c, i, "SPM", day, 1, "", "", reason))
    return out


def _adverse_events(c: Cohort, severe: ae.Severe, draw: Draw) -> list[Row]:
    people: dict[int, list[ae.Person]] = {1: [], 0: []}
    for i in range(c.arm.size):
        treated = bool(c.exposure.treated[i])
        if not treated and c.arm[i] == 1:
            continue
        at_once = bool(c.died[i]) and c.os[i] == c.pfs[i]
        people[int(c.arm[i])].append(
            ae.Person(
                key=i,
                first=int(c.exposure.first[i]) if treated else 1,
                last=int(c.exposure.last[i]) if treated else int(c.pfs[i]),
                alive=int(c.os[i]),
                withdrawn=c.exposure.reason[i] == ADVERSE_EVENT,
                fatal=treated and at_once,
            )
        )
    events = ae.on_drug(people[1], severe, draw)
    if people[0]:
        events += ae.on_observation(people[0], draw)
    first = {p.key: p.first for group in people.values() for p in group}
    rows: list[Row] = []
    number: dict[int, int] = {}
    for e in sorted(events, key=lambda e: e.key):
        number[e.key] = number.get(e.key, 0) + 1
        rows.append(_adverse_event(c, e, number[e.key], first[e.key]))
    return rows


def _study_day(day: int, first: int) -> str:
    """Days from first dose, which is day 1; the day before it is day -1."""
    return str(day - first + 1 if day >= first else day - first)


def _adverse_event(c: Cohort, e: ae.Event, number: int, first: int) -> Row:
    start = int(c.start[e.key])
    return {
        "STUDYID": c.study,
        "USUBJID": _id(c, e.key),
        "TRTA": ARMS[int(c.arm[e.key])][1],
        "AESEQ": str(number),
        "AESOC": e.soc,
        "AEDECOD": e.term,
        "AETOXGR": str(e.grade),
        "AESER": "Y" if e.serious else "N",
        "AEREL": "RELATED" if e.related else "NOT RELATED",
        "AEOUT": e.outcome,
        "AEACN": e.action,
        "AESDTH": "Y" if e.grade == 5 else "N",
        "ASTDT": _date(start, e.start),
        "AENDT": _date(start, e.end) if e.end else "",
        "ASTDY": _study_day(e.start, first),
        "AENDY": _study_day(e.end, first) if e.end else "",
        "TRTEMFL": "Y" if e.start >= first else "N",
    }


def build(c: Cohort, severe: ae.Severe, draw: Draw) -> Tables:
    """The three tables of a cohort; adverse events are drawn here, to the counts of ``severe``."""
    size = range(int(np.size(c.arm)))
    times = [row for i in size for row in _times(c, i, draw)]
    return Tables([_subject(c, i) for i in size], times, _adverse_events(c, severe, draw))


def to_csv(rows: Sequence[Row]) -> str:
    """Comma-separated text with a header line; a blank is empty, no value holds a quote."""
    lines = [",".join(rows[0])]
    for row in rows:
        values = [f'"{v}"' if "," in v else v for v in row.values()]
        lines.append(",".join(values))
    return "\n".join(lines) + "\n"
