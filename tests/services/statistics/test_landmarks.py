"""Survival at a time, and its difference. Oracle: R's summary(survfit)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.statistics import distributions, times
from services.statistics.kaplan_meier import curve
from services.statistics.landmarks import difference
from tests.oracles.engine import ARMS, CASES, INTERVALS, case, optional, rows_of_arm


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_landmarks_against_r(name, arm, ci):
    rows, r, entry = rows_of_arm(name, arm)
    at = np.array(r["intervals"][ci]["landmarks"], dtype=float)
    c = survival.kaplan_meier(
        rows["time"], rows["event"], entry=entry, ci=ci, landmarks=at[:, 0].tolist()
    )
    ours = np.array([optional(m.survival, m.lower, m.upper) for m in c.landmarks])
    assert_allclose(ours, at[:, 1:], atol=1e-9)
    for mark in c.landmarks:
        late = 0 if entry is None else int((entry >= mark.time).sum())
        assert mark.at_risk + mark.events + mark.censored + late == len(rows)


@pytest.mark.parametrize("name", CASES)
def test_landmark_difference_against_r(name):
    c = case(name)
    first, second = c.r["arms"][:2]
    sides = []
    for arm in (second, first):
        rows = c.data[c.data["arm"] == arm]
        sides.append(times.read(rows["time"], rows["event"], rows.get("entry")))
    at, s1, e1 = np.array(c.r["curves"][second]["landmark_se"], dtype=float).T
    for k, t in enumerate(at):
        d = difference(curve(sides[0]), curve(sides[1]), [t], ci="plain")[0]
        reference = survival.kaplan_meier(
            sides[1].time,
            sides[1].event,
            landmarks=[t],
            entry=None if c.entry is None else sides[1].clock[sides[1].entry_index],
        )
        s0 = reference.landmarks[0].survival
        if d.estimate is None:
            assert s0 is None
            continue
        assert_allclose(d.estimate, s1[k] - s0, atol=1e-9)
        if d.p is not None:
            row = np.flatnonzero(reference.time <= t)[-1]
            se = np.hypot(e1[k], reference.std_err[row])
            assert_allclose(d.upper - d.estimate, 1.959963984540054 * se, atol=1e-9)
            assert_allclose(d.p, distributions.normal_p(d.estimate / se), atol=1e-9)


def test_landmark_counts_events_and_censorings_before_the_time_only():
    c = survival.kaplan_meier([5, 10, 10, 15], [1, 1, 0, 0], landmarks=[10])
    mark = c.landmarks[0]
    assert (mark.at_risk, mark.events, mark.censored) == (3, 1, 0)
    assert mark.survival == pytest.approx(0.5)


def test_landmark_beyond_the_last_time_is_not_estimable_unless_survival_is_zero():
    open_ended = survival.kaplan_meier([1, 2, 3], [1, 1, 0], landmarks=[4]).landmarks[0]
    assert open_ended.survival is None
    assert open_ended.reason == "follow-up ends at 3, before 4"
    closed = survival.kaplan_meier([1, 2, 3], [1, 1, 1], landmarks=[4]).landmarks[0]
    assert (closed.survival, closed.lower, closed.upper, closed.reason) == (0.0, None, None, None)


def test_landmark_at_a_time_but_for_rounding_counts_as_that_time():
    c = survival.kaplan_meier([0.1 + 0.2, 1], [1, 0], landmarks=[0.3])
    assert (c.landmarks[0].at_risk, c.landmarks[0].survival) == (2, 0.5)
