"""Curves, quantiles, landmarks and follow-up against R's survival (see tests/oracles)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from services.statistics import distributions, times
from services.statistics.kaplan_meier import curve
from services.statistics.landmarks import difference
from services.statistics.steps import steps
from tests.oracles.engine import CASES, case, numbers, optional

ARMS = [(name, arm) for name in CASES for arm in case(name).r["arms"]]
INTERVALS = ("log-log", "log", "plain")


def _arm(name, arm):
    c = case(name)
    rows = c.data[c.data["arm"] == arm]
    return rows, c.r["curves"][arm], rows.get("entry")


def _fit(name, arm, **options):
    rows, expected, entry = _arm(name, arm)
    return survival.kaplan_meier(rows["time"], rows["event"], entry=entry, **options), expected


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_curve_against_r(name, arm, ci):
    c, r = _fit(name, arm, ci=ci)
    start = len(c.time) - len(numbers(r["time"]))  # R has no row for the origin
    assert (c.n, c.events) == (r["n"], r["events"])
    # R keeps the data's first of two equal times, in another order than ours at most 1e-9 off.
    assert_allclose(c.time[start:], numbers(r["time"]), rtol=1e-9)
    assert_allclose(c.survival[start:], numbers(r["survival"]), atol=1e-9)
    assert_allclose(c.lower[start:], numbers(r["intervals"][ci]["lower"]), atol=1e-9)
    assert_allclose(c.upper[start:], numbers(r["intervals"][ci]["upper"]), atol=1e-9)
    assert_allclose(c.std_err[start:], numbers(r["std_err"]), atol=1e-9)
    assert c.at_risk[start:].tolist() == numbers(r["at_risk"]).tolist()
    assert c.n_event[start:].tolist() == numbers(r["n_event"]).tolist()
    assert c.n_censor[start:].tolist() == numbers(r["n_censor"]).tolist()


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_another_level_against_r(name, arm):
    c, r = _fit(name, arm, level=0.8)
    start = len(c.time) - len(numbers(r["time"]))
    assert_allclose(c.lower[start:], numbers(r["lower_80"]), atol=1e-9)
    assert_allclose(c.upper[start:], numbers(r["upper_80"]), atol=1e-9)


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_quantiles_against_r(name, arm, ci):
    c, r = _fit(name, arm, ci=ci)
    m = c.median
    expected = r["intervals"][ci]
    assert_allclose(optional(m.estimate, m.lower, m.upper), numbers(expected["median"]), rtol=1e-9)
    # R's quantile() takes half-way to the end of the curve when it ends at the quantile; its
    # print(), which we follow, the first time. The median above is from print(). It also sorts
    # a limit that rises again (few at risk early), where we take the first time as print() does.
    for at, p in ((0, 0.25), (2, 0.75)):
        q = c.quartiles[at]
        column = at // 2
        for ours, theirs, line in zip(
            (q.estimate, q.lower, q.upper),
            (row[column] for row in expected["quartiles"]),
            (c.survival, c.lower, c.upper),
            strict=True,
        ):
            line = line[~np.isnan(line)]
            if abs(line[-1] - (1 - p)) > 1e-8 and (np.diff(line) <= 0).all():
                assert_allclose(optional(ours), optional(theirs), rtol=1e-9)


@pytest.mark.parametrize(("name", "arm"), ARMS)
@pytest.mark.parametrize("ci", INTERVALS)
def test_landmarks_against_r(name, arm, ci):
    rows, r, entry = _arm(name, arm)
    at = np.array(r["intervals"][ci]["landmarks"], dtype=float)
    c = survival.kaplan_meier(
        rows["time"], rows["event"], entry=entry, ci=ci, landmarks=at[:, 0].tolist()
    )
    ours = np.array([optional(m.survival, m.lower, m.upper) for m in c.landmarks])
    assert_allclose(ours, at[:, 1:], atol=1e-9)
    for mark in c.landmarks:
        late = 0 if entry is None else int((entry >= mark.time).sum())
        assert mark.at_risk + mark.events + mark.censored + late == len(rows)


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_follow_up_against_r(name, arm):
    c, r = _fit(name, arm)
    f = c.follow_up
    assert_allclose(optional(f.estimate, f.lower, f.upper), numbers(r["follow_up"]), rtol=1e-9)
    assert (f.reason is None) == (f.estimate is not None)


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


def test_entry_at_zero_changes_nothing():
    time, event = [1, 2, 3, 4], [1, 0, 1, 1]
    plain = survival.kaplan_meier(time, event, landmarks=[0, 2])
    late = survival.kaplan_meier(time, event, landmarks=[0, 2], entry=[0] * 4)
    assert_allclose(plain.survival, late.survival, rtol=1e-12)
    assert plain.at_risk.tolist() == late.at_risk.tolist()
    assert [m.at_risk for m in plain.landmarks] == [m.at_risk for m in late.landmarks]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ci": "arcsin"}, "no interval called 'arcsin'"),
        ({"level": 1.0}, "level 1.0"),
        ({"landmarks": [-1]}, "-1.0 is not a landmark"),
        ({"tau": 0}, "0 is not an end"),
    ],
)
def test_bad_options_say_what_is_allowed(options, message):
    with pytest.raises(UserError, match=message):
        survival.kaplan_meier([1, 2], [1, 0], **options)
