"""From days to ADaM rows, by hand: one treated patient, one watched, one never treated."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from data.simulate.adverse_events import Event
from data.simulate.exposure import ADVERSE_EVENT, Exposure
from data.simulate.outcomes import Outcome
from data.simulate.tables import Cohort, build, people, to_csv

START = dt.date(2020, 1, 6).toordinal()
COHORT = Cohort(
    study="S", randomized=True, arms={1: ("A", "Drug"), 0: ("B", "Watched")},
    params={"OS": "Overall Survival (Days)"}, arm=np.array([1, 0, 1]), start=np.full(3, START),
    cap=np.full(3, 100), pfs=np.array([50, 60, 70]), os=np.array([80, 100, 90]),
    died=np.array([True, False, False]), columns={"AGE": ["60", "61", "62"], "SEX": ["F", "M", ""]},
    exposure=Exposure(
        np.array([True, False, False]), np.array([3, 0, 0]), np.array([40, 0, 0]),
        [ADVERSE_EVENT, "", ""],
    ),
    bor=["PR", "SD", ""], outcomes=[[Outcome("OS", 80, 0, "Death", "Death")], [], []],
)  # fmt: skip
EVENT = Event(0, "Cough", "Lungs", 2, False, True, "RECOVERED/RESOLVED", "NOT CHANGED", 2, 5)


def test_subjects_say_what_they_were_given() -> None:
    treated, watched, never = build(COHORT, []).adsl
    assert [r["SAFFL"] for r in (treated, watched, never)] == ["Y", "Y", "N"]
    assert [r["TRT01A"] for r in (treated, watched, never)] == ["Drug", "Watched", ""]
    assert (treated["TRTSDT"], treated["TRTEDT"]) == ("2020-01-08", "2020-02-14")
    assert (watched["TRTSDT"], watched["TRTEDT"]) == ("2020-01-06", "2020-03-05")
    assert [r["RESPFL"] for r in (treated, watched, never)] == ["Y", "N", ""]
    assert (treated["DTHDT"], treated["EOSSTT"]) == ("2020-03-25", "DISCONTINUED")
    # alive at the cut-off, and gone before it
    assert (watched["EOSSTT"], never["EOSSTT"]) == ("ONGOING", "DISCONTINUED")
    assert (treated["EOTSTT"], treated["DCTREAS"]) == ("DISCONTINUED", ADVERSE_EVENT)
    assert "ENRLDT" in build(replace(COHORT, randomized=False), []).adsl[0]


def test_times_count_the_day_of_randomization_as_one() -> None:
    (row,) = build(COHORT, []).adtte
    assert (row["AVAL"], row["STARTDT"], row["ADT"]) == ("80", "2020-01-06", "2020-03-25")
    assert (row["PARAM"], row["CNSR"], row["EVNTDESC"]) == ("Overall Survival (Days)", "0", "Death")


def test_there_is_no_study_day_0() -> None:
    first, second = build(COHORT, [EVENT, replace(EVENT, start=3, end=0)]).adae
    assert (first["ASTDY"], first["AENDY"], first["TRTEMFL"]) == ("-1", "3", "N")
    assert (second["ASTDY"], second["AENDY"], second["TRTEMFL"]) == ("1", "", "Y")
    assert [r["AESEQ"] for r in (first, second)] == ["1", "2"]


def test_only_the_treated_and_the_watched_can_have_events() -> None:
    found = people(COHORT, np.array([True, False, False]))
    assert [(p.key, p.first, p.last, p.withdrawn, p.fatal) for p in found[1]] == [
        (0, 3, 40, True, True)
    ]
    assert [(p.key, p.first, p.last, p.alive) for p in found[0]] == [(1, 1, 60, 100)]


def test_only_values_with_a_comma_are_quoted() -> None:
    assert to_csv([{"A": "x", "B": "y, z"}, {"A": "", "B": "1"}]) == 'A,B\nx,"y, z"\n,1\n'
