"""Competing risks against R: survival's survfit, cmprsk's cuminc, coxph.

The oracle's file is made by tests/oracles/make_competing.R.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.json_text import to_json
from services.statistics import kaplan_meier as km
from services.statistics.competing.gray import gray_test
from services.statistics.competing.incidence import (
    cause_specific_hazard_ratio,
    cumulative_incidence,
)
from services.statistics.cox import hazard_ratio
from services.statistics.results import NotEstimable
from tests.services.statistics.competing.cases import SETS, cases, trials


def floats(values):
    return np.array(values, dtype=np.float64)  # null is NaN


def estimate(data, **options):
    causes = [f"cause {i + 1}" for i in range(max(1, *data["cause"]))]
    return cumulative_incidence(data["time"], data["cause"], causes=causes, **options)


@pytest.mark.parametrize("data", SETS.values(), ids=SETS)
def test_incidence_against_survfit(data):
    r = data["curve"]
    for interval in r["limits"]:
        found = estimate(data, ci=interval["ci"], level=interval["level"])
        skip = len(found.time) - len(r["time"])  # the origin is a row of ours
        assert found.time[skip:].tolist() == r["time"]
        assert found.at_risk[skip:].tolist() == r["at_risk"]
        np.testing.assert_allclose(found.event_free[skip:], r["event_free"], atol=1e-13)
        for i, cause in enumerate(found.causes):
            np.testing.assert_allclose(cause.incidence[skip:], r["incidence"][i], atol=1e-13)
            np.testing.assert_allclose(cause.std_err[skip:], r["std_err"][i], atol=1e-12)
            for limit in ("lower", "upper"):
                ours, theirs = getattr(cause, limit)[skip:], floats(interval[limit][i])
                np.testing.assert_allclose(ours, theirs, atol=1e-12, err_msg=limit)


@pytest.mark.parametrize(("data", "r"), cases("aalen"))
def test_incidence_against_cuminc_whose_variance_is_larger(data, r):
    found = estimate(data)
    cause, every = found.causes[r["cause"] - 1], np.sum([c.n_event for c in found.causes], axis=0)
    first = int(np.flatnonzero(every)[0])
    # cuminc gives every corner of the steps: the last row of a time is the value after it.
    for i in np.flatnonzero(np.diff([*r["time"], np.inf]) > 0):
        at = int(np.searchsorted(found.time, r["time"][i], side="right")) - 1
        assert cause.incidence[at] == pytest.approx(r["incidence"][i], abs=1e-13)
        if at == first and every[first] == 1 < found.n:  # by n / (n - 1) at the first event
            n = found.at_risk[first]
            ours = cause.std_err[at] ** 2 * n / (n - 1)
            assert ours == pytest.approx(r["variance"][i], rel=1e-10, abs=1e-14)


@pytest.mark.parametrize(("data", "r"), cases("cox"))
def test_cause_specific_hazard_ratio_against_coxph(data, r):
    rows = floats(data["group"]) < 2
    found = cause_specific_hazard_ratio(
        floats(data["time"])[rows],
        floats(data["cause"])[rows],
        floats(data["group"])[rows],
        cause_of_interest=r["cause"],
        strata=floats(data["stratum"])[rows] if r["stratified"] else None,
    )
    assert np.log(found.estimate) == pytest.approx(r["coef"], abs=1e-9)
    assert found.log_se == pytest.approx(r["se"], abs=1e-9)


def test_landmarks_add_up_and_read_the_curve():
    data = SETS["ties"]
    found = estimate(data, landmarks=[0, 1, 2.5, 7])
    time, cause = floats(data["time"]), floats(data["cause"])
    for record in found.causes:
        for point in record.landmarks:
            before = time < point.time
            assert point.events == np.sum(before & (cause == record.code))
            assert point.censored == np.sum(before & (cause == 0))
            assert point.at_risk == np.sum(time >= point.time)
            total = point.at_risk + point.events + point.other_events + point.censored
            assert total == found.n == 15
            row = np.searchsorted(found.time, point.time, side="right") - 1
            assert point.incidence == record.incidence[row]
            assert (point.lower, point.upper) == (record.lower[row], record.upper[row])


def test_landmark_past_follow_up():
    ends = cumulative_incidence([1, 2, 3], [1, 2, 0], causes=["a", "b"], landmarks=[3, 4])
    known, past = ends.causes[0].landmarks
    assert known.incidence == pytest.approx(1 / 3)
    assert (past.incidence, past.lower, past.upper) == (None, None, None)
    assert past.reason == "follow-up ends at 3, before 4"
    # Nobody is left: what happened is all that ever will.
    ends = cumulative_incidence([1, 2, 3], [1, 2, 1], causes=["a", "b"], landmarks=[9])
    assert ends.causes[0].landmarks[0].incidence == pytest.approx(2 / 3)
    assert ends.causes[0].landmarks[0].at_risk == 0


def test_interval_that_does_not_exist_has_a_reason():
    for ci in ("log", "log-log"):
        found = cumulative_incidence([1, 2], [1, 1], causes=["a", "b"], ci=ci, landmarks=[0.5, 2])
        first, last = found.causes[0].landmarks
        assert (first.incidence, first.lower) == (0, None)
        assert first.reason == "0 events so far: no interval"
        never = found.causes[1].landmarks[1]
        assert (never.incidence, never.upper) == (0, None)
    assert last.incidence == 1
    assert last.reason == "everyone had the event: no interval"
    plain = cumulative_incidence([1, 2], [1, 1], causes=["a", "b"], ci="plain", landmarks=[0.5])
    assert (plain.causes[0].landmarks[0].lower, plain.causes[0].landmarks[0].upper) == (0, 0)


def test_every_subject_censored():
    found = cumulative_incidence([1, 2], [0, 0], causes=["a"])
    assert found.event_free.tolist() == [1, 1, 1]
    assert found.causes[0].incidence.tolist() == [0, 0, 0]
    assert found.causes[0].std_err.tolist() == [0, 0, 0]
    assert (found.n, found.censored, found.causes[0].events) == (2, 2, 0)


def test_time_zero_is_a_time():
    found = cumulative_incidence([0, 0, 1], [1, 0, 2], causes=["a", "b"])
    assert found.time.tolist() == [0, 1]
    assert found.causes[0].incidence == pytest.approx([1 / 3, 1 / 3])
    assert found.causes[1].incidence == pytest.approx([0, 2 / 3])


def test_times_apart_by_rounding_are_one():
    found = cumulative_incidence([0.1 + 0.2, 0.3, 1], [1, 2, 0], causes=["a", "b"])
    assert len(found.time) == 3
    assert found.causes[0].incidence[1] == found.causes[1].incidence[1] == pytest.approx(1 / 3)


def test_record_becomes_json():
    text = json.dumps(to_json(cumulative_incidence([1, 2], [1, 0], causes=["a"], arm="A")))
    assert '"lower": [null, ' in text


def test_no_subjects():
    with pytest.raises(NotEstimable, match="no patients"):
        cumulative_incidence([], [], causes=["a"])
    with pytest.raises(NotEstimable, match="no patients"):
        gray_test([], [], [])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cumulative_incidence([1, 2], [1, 3], causes=["a"]), "3 is not the code"),
        (lambda: cumulative_incidence([1, 2], [1, -1], causes=["a"]), "-1 is not the code"),
        (lambda: cumulative_incidence([1, 2], [1, 0.5], causes=["a"]), "0.5 is not the code"),
        (lambda: cumulative_incidence([1], ["a"], causes=["a"]), "'a' is not the code"),
        (lambda: cumulative_incidence([1, 2], [1, None], causes=["a"]), "missing"),
        (lambda: cumulative_incidence([1, 2], [1], causes=["a"]), "2 times but 1"),
        (lambda: cumulative_incidence([1, -2], [1, 0], causes=["a"]), "negative"),
        (lambda: cumulative_incidence([1], [0], causes=[]), "no cause"),
        (lambda: cumulative_incidence([1], [1], causes=["a"], ci="wald"), "'wald'"),
        (lambda: cumulative_incidence([1], [1], causes=["a"], level=95), "level 95"),
        (lambda: gray_test([1, 2], [1, 1], [0]), "2 times but 1"),
        (lambda: gray_test([1, 2], [1, 1], [0, 1], cause_of_interest=0), "0 is not the code"),
        (lambda: gray_test([1, 2], [1, 1], [0, 1], rho=float("nan")), "nan is not a weight"),
        (lambda: cause_specific_hazard_ratio([1], [1.5], [0]), "1.5 is not the code"),
    ],
)
def test_faulty_data_are_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()


def test_cause_specific_without_events():
    with pytest.raises(NotEstimable, match="0 events in B"):
        cause_specific_hazard_ratio([1, 2, 3], [1, 2, 1], [0, 1, 0], names=("A", "B"))


NAMES = ("a", "b", "c")


@settings(deadline=None)
@given(trials(), st.sampled_from(["log", "log-log", "plain"]))
def test_incidences_sum_to_one_minus_kaplan_meier(trial, ci):
    time, cause, _ = trial
    found = cumulative_incidence(time, cause, causes=NAMES, ci=ci)
    curve = km.kaplan_meier(time, cause > 0)
    assert found.time.tolist() == curve.time.tolist()
    np.testing.assert_allclose(found.event_free, curve.survival, atol=1e-13)
    total = sum(c.incidence for c in found.causes)
    np.testing.assert_allclose(total, 1 - curve.survival, atol=1e-13)
    for c in found.causes:
        assert (np.diff(c.incidence) >= 0).all()
        assert (c.std_err >= 0).all()
        inside = ~np.isnan(c.lower)
        assert (c.lower <= c.incidence + 1e-12)[inside].all()
        assert (c.upper >= c.incidence - 1e-12)[inside].all()
        assert ((c.lower >= 0) & (c.upper <= 1))[inside].all()


@settings(deadline=None)
@given(trials(causes=1))
def test_a_single_cause_is_one_minus_kaplan_meier(trial):
    time, cause, group = trial
    found = cumulative_incidence(time, cause, causes=NAMES[:1]).causes[0]
    curve = km.kaplan_meier(time, cause == 1)
    np.testing.assert_allclose(found.incidence, 1 - curve.survival, atol=1e-13)
    known = ~np.isnan(curve.std_err)  # Greenwood's is undefined once S is 0, the jackknife's is 0
    np.testing.assert_allclose(found.std_err[known], curve.std_err[known], atol=1e-10)
    assert (found.std_err[~known] < 1e-7).all()
    try:
        expected = hazard_ratio(time, cause == 1, group)
    except NotEstimable:
        return
    assert cause_specific_hazard_ratio(time, cause, group) == expected


@settings(deadline=None)
@given(trials(), st.permutations([1, 2, 3]))
def test_relabeling_causes_permutes_the_answers(trial, order):
    time, cause, group = trial
    relabeled = np.array([0, *order])[cause]
    before = cumulative_incidence(time, cause, causes=NAMES)
    after = cumulative_incidence(time, relabeled, causes=NAMES)
    for old, new in enumerate(order):
        a, b = before.causes[old], after.causes[new - 1]
        np.testing.assert_array_equal(a.incidence, b.incidence)
        np.testing.assert_allclose(a.std_err, b.std_err, atol=1e-12)
        try:
            expected = gray_test(time, cause, group, cause_of_interest=old + 1)
        except NotEstimable:
            continue
        found = gray_test(time, relabeled, group, cause_of_interest=new)
        assert found.chi2 == pytest.approx(expected.chi2, rel=1e-9, abs=1e-12)
