"""Published safety beside the same counts. Oracle: the trial's evidence file."""

from __future__ import annotations

from tests.adverse_events import page
from tests.studies import bundled


def test_published_safety_stands_beside_the_same_counts():
    """What Lonial 2020 gives, and the calibrated counts; what is not given stays empty."""
    found = page(bundled(), "f.SEX=F").published  # no filter changes it
    rows = {(row.term, row.grades): row for row in found.rows}
    row = rows[("Any nonhematologic adverse event", "3-4")]
    assert row.published["Lenalidomide"].subjects == 25
    assert row.counted["Lenalidomide"].subjects == 25
    assert row.counted["Lenalidomide"].denominator == 88
    assert row.published["Observation"].subjects is None
    assert row.published["Observation"].percent is None
    assert row.sources[0].label == "Lonial 2020"
    for term, grades, count in (
        ("Any adverse event", "3-4", 36),
        ("Fatigue", "3-4", 5),
        ("Neutropenia", "4", 4),
        ("Any hematologic adverse event", "4", 5),
        ("Treatment-associated death", "5", 1),
    ):
        assert rows[(term, grades)].counted["Lenalidomide"].subjects == count
    assert page(bundled("e3a06-run-in")).published is None


def test_published_arms_of_other_names_and_classes_are_found():
    """AQUILA's arm is published as subcutaneous daratumumab, infections as a class."""
    found = page(bundled("aquila")).published
    rows = {(row.term, row.grades): row for row in found.rows}
    row = rows[("Any adverse event", "3-4")]
    assert row.published["Daratumumab"].subjects == row.counted["Daratumumab"].subjects == 78
    assert rows[("Infections", "3-4")].counted["Active monitoring"].subjects > 0
