"""Mean times and differences, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from services.statistics.states.aalen_johansen import probability_in_state
from services.statistics.states.mean_time import differences
from services.statistics.states.rows import rows_of

NAN = float("nan")


def test_beyond_the_last_time_nothing_is_said_unless_all_have_died():
    rows = rows_of([[2, NAN], [3, 4]], [6, 4])
    found = probability_in_state(rows, 3, tau=9, landmarks=[9])
    assert found.landmarks[0].states[0].reason == "follow-up ends at 6, before 9"
    assert found.mean_times.states[0].estimate is None
    assert found.mean_times.states[0].reason == "follow-up ends at 6, before tau = 9"
    dead = probability_in_state(rows_of([[2, 3], [3, 4]], [3, 4]), 3, tau=9, landmarks=[9])
    assert dead.landmarks[0].states[2].estimate == 1
    assert [m.estimate for m in dead.mean_times.states] == pytest.approx([2.5, 1, 5.5])
    # A square of such a time is beyond what a number can be: no warning, a reason.
    rows = rows_of([[2, 3], [3, 4], [1, 9]], [3, 4, 9])
    for tau in (1e160, 1e300):
        far = probability_in_state(rows, 3, tau=tau).mean_times.states
        assert far[2].estimate == pytest.approx(tau)


def test_differences_stay_in_range_and_have_the_errors_of_both_arms():
    a = probability_in_state(
        rows_of([[2, NAN], [NAN, NAN], [3, 4]], [6, 7, 5]), 3, tau=5, landmarks=[1, 4]
    )
    b = probability_in_state(
        rows_of([[NAN, 1], [NAN, NAN], [2, 3]], [1, 7, 3]), 3, tau=5, landmarks=[1, 4]
    )
    found = differences(a, b)
    free = found.landmarks[1][1][0]
    assert free.estimate == pytest.approx(0)
    assert free.std_err == pytest.approx(
        np.hypot(a.landmarks[1].states[0].std_err, b.landmarks[1].states[0].std_err)
    )
    assert -1 <= free.lower < 0 < free.upper <= 1
    # At 1 nobody of a has moved and the third of b who died had: exact limits of 3 for a.
    early = found.landmarks[0][1][0]
    assert early.estimate == 1 - b.landmarks[0].states[0].estimate
    assert -1 <= early.lower <= early.estimate <= early.upper <= 1
    assert sum(m.estimate for m in found.mean_times.states) == pytest.approx(0)
