"""Adverse events with their values read."""

from __future__ import annotations

import pytest

from services.adverse_events.coded import coded
from tests.adverse_events import ADAE, tiny


@pytest.mark.parametrize(
    ("value", "grade"), [("3", 2), ("Grade 4", 3), ("GRADE 1", 0), ("", -1), ("UNK", -1), ("6", -1)]
)
def test_grades_are_read_as_written(value, grade):
    text = ADAE.splitlines()[0] + f"\nS1,A,B,{value},N,N,,,Y,,\nS2,A,C,1,N,N,,,Y,,\n"
    assert coded(tiny(text)).grade.tolist() == [grade, 0]
