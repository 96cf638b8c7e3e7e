"""Mean times beside the hundred patients. Oracle: the states page, R's answers, and days counted
by hand."""

from __future__ import annotations

import numpy as np
import pytest

from services.pages.benefit_risk.mean_times import days_with
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.states.page import states_page
from services.views.study import decode
from tests.studies import bundled, two_arms


def test_time_free_of_progression_is_that_of_the_states_page() -> None:
    page = benefit_risk_page(bundled("aquila"), decode("?diff=60"))
    free = page.mean_times[0]
    assert (free.id, free.tau, free.published) == ("free", 60, False)
    # R's survfit: 48.253568 and 36.546777 (tests/oracles/states.json).
    assert free.arms["Daratumumab"].estimate == pytest.approx(48.253568, abs=1e-6)
    assert free.difference is not None
    told = states_page(bundled("aquila"), decode("?tau=60")).whole.differences[0]
    first = told.mean_times.states[0]
    assert (free.difference.estimate, free.difference.lower) == (first.estimate, first.lower)


def test_days_with_an_event_are_counted_once() -> None:
    subject = np.array([0, 0, 0, 1, 2, 3])
    start = np.array([3.0, 1, 10, 5, 20, 1])
    end = np.array([6.0, 4, 12, np.nan, 22, 3])
    last = np.array([11.0, 7, 15, 0])
    # Days 1 to 6, 10 and 11; 5 to 7, as it goes on; none, as it began later; none, not watched.
    assert days_with(subject, start, end, last).tolist() == [8, 3, 0, 0]
    nothing = np.empty(0)
    assert days_with(nothing.astype(int), nothing, nothing, last).tolist() == [0, 0, 0, 0]


def test_severe_time_is_within_the_time_watched() -> None:
    page = benefit_risk_page(bundled("aquila"), decode("?diff=36"))
    severe = page.mean_times[1]
    assert severe.title == "Months with a grade 3 or higher adverse event"
    for found in severe.arms.values():
        assert 0 <= found.lower < found.estimate < found.upper < 36


def test_without_states_or_events_the_reason_is_told() -> None:
    free, severe = benefit_risk_page(two_arms(), decode("")).mean_times
    assert "no endpoint that is one of death" in str(free.reason)
    assert severe.reason
