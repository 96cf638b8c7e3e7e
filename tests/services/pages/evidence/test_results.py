"""Published numbers per arm. Oracle: the facts of each trial's file, counted."""

from __future__ import annotations

import pytest

from services.evidence.load import Trial, evidence
from services.pages.evidence.page import evidence_page
from services.pages.evidence.results import events, landmarks, single_arm
from tests.services.pages.evidence.shown import ALL

TRIALS = evidence().trials


@pytest.mark.parametrize("trial", TRIALS, ids=lambda t: t.id)
def test_no_adverse_event_is_lost_or_told_twice(trial: Trial) -> None:
    rows = events(trial)
    assert sum(len(row.arms) for row in rows) == len(trial.adverse_events)
    assert len({row.what for row in rows}) == len(rows)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda t: t.id)
def test_all_reports_hold_every_landmark_of_the_compared_arms(trial: Trial) -> None:
    compared = [
        mark
        for e in trial.endpoints
        if {trial.arm(a.arm).role for a in e.arms} != {"single"}
        for a in e.arms
        for mark in a.landmarks
    ]
    rows = landmarks(trial, "all")
    at_a_time = [row for row in rows if " at " in row.what]
    assert sum(len(row.arms) for row in at_a_time) == len(compared)
    assert {row.what for row in landmarks(trial, "latest")} <= {row.what for row in rows}


def test_a_single_arm_has_its_outcomes_and_no_other_arms() -> None:
    alone = [(t, a) for t in TRIALS for a in t.arms if a.role == "single"]
    assert len(alone) > 3
    for trial, arm in alone:
        row = single_arm(trial, arm)
        assert row.acronym.startswith(trial.acronym)
        assert row.n == arm.n
        others = {a.name for a in trial.arms} - {arm.name}
        for _, number in row.results:
            assert not any(f", {other}:" in number.about for other in others)


def test_residual_disease_says_by_what_test_and_when() -> None:
    """Oracle: the foundation's summary of ASH 2022 (118), and a report of ASCENT at ASH 2022."""
    rows = [(r.acronym, r.cited.text, r.threshold, r.when) for r in evidence_page(ALL).mrd]
    late = "4 years after transplant, 2 years after the end of treatment"
    assert ("GEM-CESAR", "23%", "", late) in rows
    assert ("GEM-CESAR", "62%", "10⁻⁶", "interim report, at a median of 28 months") in rows
    assert ("ASCENT", "84%", "", "at any time by the report of 2022") in rows
    assert ("KRd-R (NCI)", "about 70%", "", "") in rows
    emn15 = [
        (r.arm, r.cited.text, r.threshold) for r in evidence_page(ALL).mrd if "EMN" in r.acronym
    ]
    assert emn15 == [("KRd", "57%", "10⁻⁵"), ("Rd", "5%", "10⁻⁵")]
    # 12 of 12 on teclistamab (Dana-Farber on ASH 2023); 20 of 20 and 6 of 6 after CAR T cells
    whole = {(r.acronym, r.cited.text) for r in evidence_page(ALL).mrd if "100%" in r.cited.text}
    assert whole == {
        ("Immuno-PRISM", "100%, 12 of 12"),
        ("CAR-PRISM", "100%, 20 of 20"),
        ("CAR-PRISM", "100%, 6 of 6"),
    }
    ascent = next(r for r in evidence_page(ALL).single_arm if r.acronym == "ASCENT")
    told = {what: cited.text for what, cited in ascent.results}
    assert told["Progression-free survival at 36 months"] == "89.9% (82.3 to 98.3)"
    assert told["Grade 3-4 nonhematologic adverse events"] == "51%"


def test_deaths_stand_beside_the_hazard_ratio() -> None:
    """Oracle: PubMed's abstract of NEJM 2025;392:1777: 15 (7.7%) and 26 (13.3%) died."""
    (row,) = (
        r for r in evidence_page(ALL).landmarks if (r.acronym, r.what) == ("AQUILA", "Deaths")
    )
    assert [(arm, c.text, c.verification) for arm, c in row.arms] == [
        ("Daratumumab SC", "15 of 194", "primary"),
        ("Active monitoring", "26 of 196", "primary"),
    ]


def test_a_measure_says_its_grade_and_its_time_once() -> None:
    trials = {trial.acronym: trial for trial in evidence().trials}
    told = [row.what for trial in trials.values() for row in events(trial)]
    assert "Toxicities (cases), grade 3" in told
    assert [what for what in told if what.casefold().count("grade") > 1] == []
    medians = [row.what for row in landmarks(trials["AQUILA"], "all")]
    assert "Median time to first-line treatment, months" in medians
    assert "Median PFS, months" in medians
