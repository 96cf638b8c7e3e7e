"""Steps of a curve, and where they cross a share. Oracles: lifelines, R's rule."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

from services import survival
from services.statistics import times
from services.statistics.kaplan_meier import curve
from services.statistics.steps import steps
from tests.oracles.engine import case


def test_lifelines_makes_the_curve_that_numpy_makes():
    subjects = times.read(case("gbsg2").data["time"], case("gbsg2").data["event"])
    assert_allclose(curve(subjects).survival[1:], steps(times.count(subjects)).survival, rtol=1e-12)


def test_median_upper_limit_is_not_reached_when_the_last_observation_is_an_event():
    # lifelines: a finite upper limit, because it takes the band at S = 0 for 0.
    c = survival.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert (c.median.estimate, c.median.lower, c.median.upper) == (2.5, 1.0, None)
    assert np.isnan(c.upper[-1])


def test_survival_of_exactly_a_half_takes_the_mid_point_to_the_next_drop():
    assert survival.kaplan_meier([1, 2, 4, 5], [1, 1, 1, 1]).median.estimate == 3.0
    # 1 - 1/10 ... reaches 0.5 but for 1e-16; the flat stretch counts all the same.
    c = survival.kaplan_meier(range(1, 11), [1] * 10)
    assert c.median.estimate == 5.5


def test_survival_of_exactly_a_half_to_the_end_takes_its_first_time():
    c = survival.kaplan_meier([1, 3, 6, 7], [1, 1, 0, 0])
    assert c.median.estimate == 3.0
