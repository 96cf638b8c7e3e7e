"""What lifelines has no answer to; what it has is in ``test_programs.py``."""

from __future__ import annotations

import numpy as np
import pytest

from services.statistics.opinions.by_lifelines import Lifelines
from services.statistics.opinions.programs import Patients


def test_what_lifelines_does_not_have_is_left_out() -> None:
    who = Patients(
        time=np.array([1.0, 2, 3, 4]),
        event=np.array([True, False, True, True]),
        group=np.array([0, 1, 0, 1]),
        stratum=np.array([0, 0, 1, 1]),
    )
    assert Lifelines().log_rank(who) == {}
    median, points = Lifelines().curve(who, [1.5], "plain", 0.95)
    assert median == {"estimate": 3.0}
    assert points == [{"estimate": pytest.approx(0.75)}]
