"""Steps of a curve, where they cross a share, numbers at risk: against lifelines, R, counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from numpy.testing import assert_allclose
from numpy.typing import ArrayLike

from services import survival
from services.pages.survival.page import survival_page
from services.statistics import times
from services.statistics.kaplan_meier import curve
from services.statistics.steps import at_risk_table, steps
from services.views.study import View
from tests.oracles.engine import case
from tests.studies import make_study


def test_lifelines_makes_the_curve_that_numpy_makes():
    subjects = times.read(case("gbsg2").data["time"], case("gbsg2").data["event"])
    assert_allclose(curve(subjects).survival[1:], steps(times.count(subjects)).survival, rtol=1e-12)


@pytest.mark.parametrize(
    ("time", "event"),
    [
        (case("gbsg2").data["time"], case("gbsg2").data["event"]),
        ([0, 0, 1, 2, 2], [1, 0, 1, 1, 1]),  # somebody leaves at 0; at last nobody is left
        ([3, 5], [0, 0]),
        ([7], [1]),
    ],
)
def test_lifelines_makes_the_same_bits_of_patients_as_of_counts(
    time: ArrayLike, event: ArrayLike
) -> None:
    """Oracle: its public ``fit``; we hand its estimator the counts instead of the patients."""
    found = curve(times.read(time, event))
    fit = KaplanMeierFitter().fit(np.asarray(time), np.asarray(event)).survival_function_
    assert found.time.tolist() == fit.index.tolist()
    assert found.survival.tolist() == fit["KM_estimate"].tolist()


def test_lifelines_leaves_the_warnings_of_numpy_as_they_were():
    before = np.geterr()
    curve(times.read([1, 2], [1, 1]))
    assert np.geterr() == before


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


# --- numbers at risk --------------------------------------------------------------------------

patients = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 12), st.booleans()), min_size=2, max_size=25
)


@settings(deadline=None)
@given(patients, st.lists(st.floats(0, 15), max_size=6))
def test_at_risk_events_and_censored_add_to_n_at_every_time(
    rows: list[tuple[str, int, bool]], times: list[float]
) -> None:
    """Oracle: counting patients one by one (at risk T >= t, the others before t)."""
    arms, months, events = zip(*rows, strict=True)
    found = survival_page(make_study(arms, months, events, arms=["A", "B"]), View())
    assert found.result is not None
    for drawn in found.result.curves:
        mine = [(t, e) for a, t, e in rows if a == drawn.arm]
        table = at_risk_table(drawn, [*times, *range(13)])
        for i, at in enumerate([*times, *range(13)]):
            near = [m for m in months if abs(m - at) <= 1e-6 and m != at]
            if near:
                continue  # the engine takes times this close for one
            expected = (
                sum(t >= at for t, _ in mine),
                sum(e and t < at for t, e in mine),
                sum(not e and t < at for t, e in mine),
            )
            assert (table.at_risk[i], table.events[i], table.censored[i]) == expected, at
            assert sum(expected) == drawn.n == table.n
