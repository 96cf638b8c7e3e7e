"""From days to the three ADaM tables: subjects, times to events, adverse events."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from data.simulate.adverse_events import Event, Person
from data.simulate.exposure import ADVERSE_EVENT, COMPLETED, Exposure
from data.simulate.outcomes import Outcome
from data.simulate.packages import Columns
from data.simulate.stats import Bools, Ints

Row = dict[str, str]


@dataclass(frozen=True)
class Cohort:
    """Everything about the patients of one study, one entry each, in order of inclusion.

    Days count from 1, the day of randomization (or of registration: ``randomized`` false).

    arms : code and name, by number; 0 is watched without a drug
    params : PARAM by PARAMCD
    start : proleptic ordinal of day 1
    cap : days to the end of follow-up of whoever stays in the study
    pfs : days to the end of observation for progression
    os, died : days to death or last contact; whether dead
    outcomes : per patient, one entry per endpoint
    after : further columns, behind the response
    """

    study: str
    randomized: bool
    arms: Mapping[int, tuple[str, str]]
    params: Mapping[str, str]
    arm: Ints
    start: Ints
    cap: Ints
    pfs: Ints
    os: Ints
    died: Bools
    columns: Columns
    exposure: Exposure
    bor: list[str]
    outcomes: Sequence[Sequence[Outcome]]
    after: Columns = field(default_factory=dict)


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
    code, name = c.arms[int(c.arm[i])]
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
        "RANDDT" if c.randomized else "ENRLDT": _date(start, 1),
        "TRTSDT": _date(start, begin) if safe else "",
        "TRTEDT": _date(start, last) if safe else "",
        "AGE": c.columns["AGE"][i],
        "AGEU": "YEARS",
    }
    for column, values in c.columns.items():
        row.setdefault(column, values[i])
    row["BOR"] = c.bor[i]
    row["RESPFL"] = "" if not c.bor[i] else "Y" if c.bor[i] in ("PR", "VGPR", "CR") else "N"
    for column, values in c.after.items():
        row[column] = values[i]
    why = c.exposure.reason[i]
    ended = COMPLETED if why == COMPLETED else "DISCONTINUED" if why else "ONGOING"
    return row | {
        "EOTSTT": ended if treated else "",
        "DCTREAS": "" if why == COMPLETED else why,
        "DTHFL": "Y" if c.died[i] else "",
        "DTHDT": _date(start, c.os[i]) if c.died[i] else "",
        "LSTALVDT": _date(start, c.os[i]),
        "EOSSTT": "DISCONTINUED" if gone else "ONGOING",
    }


def _time(c: Cohort, i: int, o: Outcome) -> Row:
    return {
        "STUDYID": c.study,
        "USUBJID": _id(c, i),
        "PARAMCD": o.param,
        "PARAM": c.params[o.param],
        "AVAL": str(int(o.day)),
        "AVALU": "DAYS",
        "STARTDT": _date(int(c.start[i]), 1),
        "ADT": _date(int(c.start[i]), o.day),
        "CNSR": str(o.code),
        "EVNTDESC": o.event,
        "EVNTTYPE": o.kind,
        "CNSDTDSC": o.reason,
    }


def people(c: Cohort, fatal: Bools) -> dict[int, list[Person]]:
    """Whoever can have adverse events, by arm; ``fatal`` marks a death of one."""
    out: dict[int, list[Person]] = {number: [] for number in c.arms}
    for i in range(c.arm.size):
        treated = bool(c.exposure.treated[i])
        if not treated and c.arm[i] != 0:
            continue
        out[int(c.arm[i])].append(
            Person(
                key=i,
                first=int(c.exposure.first[i]) if treated else 1,
                last=int(c.exposure.last[i]) if treated else int(c.pfs[i]),
                alive=int(c.os[i]),
                withdrawn=c.exposure.reason[i] == ADVERSE_EVENT,
                fatal=bool(fatal[i]),
            )
        )
    return out


def _adverse_events(c: Cohort, events: Sequence[Event]) -> list[Row]:
    rows: list[Row] = []
    number: dict[int, int] = {}
    for e in sorted(events, key=lambda e: e.key):
        number[e.key] = number.get(e.key, 0) + 1
        first = int(c.exposure.first[e.key]) if c.exposure.treated[e.key] else 1
        rows.append(_adverse_event(c, e, number[e.key], first))
    return rows


def _study_day(day: int, first: int) -> str:
    """Days from first dose, which is day 1; the day before it is day -1."""
    return str(day - first + 1 if day >= first else day - first)


def _adverse_event(c: Cohort, e: Event, number: int, first: int) -> Row:
    start = int(c.start[e.key])
    return {
        "STUDYID": c.study,
        "USUBJID": _id(c, e.key),
        "TRTA": c.arms[int(c.arm[e.key])][1],
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


def build(c: Cohort, events: Sequence[Event]) -> Tables:
    """The three tables of a cohort and its adverse events."""
    size = range(int(np.size(c.arm)))
    times = [_time(c, i, o) for i in size for o in c.outcomes[i]]
    return Tables([_subject(c, i) for i in size], times, _adverse_events(c, events))


def to_csv(rows: Sequence[Row]) -> str:
    """Comma-separated text with a header line; a blank is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
