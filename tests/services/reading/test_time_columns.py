"""Columns that are times to the event, told by their names.

Oracle: headers as people write them, with what a reader takes them for.
"""

from __future__ import annotations

import pandas as pd
import pytest

from services.reading.guess import time_column, unit_of


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Months of follow-up", "months"),
        ("Follow-up (months)", "months"),
        ("OS months", "months"),
        ("time to progression, days", "days"),
        ("Time from randomization to death (weeks)", "weeks"),
        ("Survival time in years", "years"),
        ("Progression-free survival [mo]", "months"),
        ("Observed time", ""),
    ],
)
def test_a_time_to_the_event_is_known_with_its_unit(name: str, unit: str) -> None:
    frame = pd.DataFrame({name: [3.5, 4.5], "Age in years": [60.0, 70.0]})
    assert time_column(frame, ()) == name
    assert unit_of(name) == unit


@pytest.mark.parametrize(
    "name", ["Age in years", "Months since diagnosis", "Time to first dose", "Weeks on treatment"]
)
def test_other_times_are_no_outcome(name: str) -> None:
    assert time_column(pd.DataFrame({name: [3.5, 4.5]}), ()) == ""


def test_of_two_that_may_be_meant_none_is_taken() -> None:
    frame = pd.DataFrame({"Months to death, time": [3.5, 4.5], "Time of progression, mo": [1.0, 2]})
    assert time_column(frame, ()) == ""
    assert time_column(frame, ("Months to death, time",)) == "Time of progression, mo"
