"""The Fine-Gray model against cmprsk's crr (tests/oracles/make_competing.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import UserError
from services.statistics.competing.fine_gray import fine_gray, subdistribution_hazard_ratio
from services.statistics.results import NotEstimable

SETS = json.loads(
    (Path(__file__).parents[3] / "oracles" / "competing.json").read_text(encoding="utf-8")
)["sets"]
CASES = [
    pytest.param(data, case, id=f"{name}-{case['cause']}-{'+'.join(case['covariates'])}")
    for name, data in SETS.items()
    for case in data["crr"]
]


def columns(data, *names):
    rows = np.array(data["group"]) < 2  # R fitted two of three groups
    return [np.array(data[name], dtype=np.float64)[rows] for name in names]


# crr gives up the search about 1e-8 short of the maximum when its likelihood is flat there.
@pytest.mark.parametrize(("data", "r"), CASES)
def test_fit_against_crr(data, r):
    time, cause = columns(data, "time", "cause")
    x = np.column_stack(columns(data, *r["covariates"]))
    fit = fine_gray(time, cause, x, cause_of_interest=r["cause"], covariate_names=r["covariates"])
    np.testing.assert_allclose(fit.coefficients, r["coef"], atol=5e-8)
    np.testing.assert_allclose(fit.covariance, r["var"], rtol=5e-8, atol=1e-12)
    assert fit.log_likelihood == pytest.approx(r["loglik"], rel=1e-10)
    assert fit.log_likelihood_null == pytest.approx(r["loglik_null"], rel=1e-10)
    assert [hr.p for hr in fit.hazard_ratios] == pytest.approx(r["p"], rel=1e-6)
    assert fit.names == tuple(r["covariates"])
    for hr, beta, var in zip(fit.hazard_ratios, r["coef"], np.diag(r["var"]), strict=True):
        assert hr.estimate == pytest.approx(np.exp(beta), rel=1e-6)
        assert hr.log_se == pytest.approx(np.sqrt(var), rel=1e-6)
        z = 1.959963984540054 * np.sqrt(var)
        assert (hr.lower, hr.upper) == pytest.approx(tuple(np.exp([beta - z, beta + z])), rel=1e-6)


@pytest.mark.parametrize(
    ("data", "r"), [case for case in CASES if case.values[1]["covariates"] == ["group"]]
)
def test_two_arms_against_crr(data, r):
    arguments = columns(data, "time", "cause", "group")
    found = subdistribution_hazard_ratio(*arguments, cause_of_interest=r["cause"])
    assert np.log(found.estimate) == pytest.approx(r["coef"][0], abs=5e-8)
    assert found.log_se == pytest.approx(np.sqrt(r["var"][0][0]), rel=1e-6)


def test_moving_the_clock_changes_nothing_when_a_subject_is_censored_at_zero():
    # crr itself fails this; the oracle is crr on times that start at 1.
    time, cause, group = columns(SETS["censored_at_zero"], "time", "cause", "group")
    assert ((time == 0) & (cause == 0)).any()
    at_zero, moved = (fine_gray(t, cause, group) for t in (time, time + 1))
    np.testing.assert_allclose(at_zero.coefficients, moved.coefficients, atol=1e-12)
    np.testing.assert_allclose(at_zero.covariance, moved.covariance, rtol=1e-10)


def test_counts():
    fit = fine_gray([1, 2, 3, 4, 5], [1, 2, 1, 0, 3], [1, 0, 0, 1, 0])
    assert (fit.n, fit.events, fit.competing) == (5, 2, 2)
    assert fit.names == ("covariate 1",)


@pytest.mark.parametrize(
    ("time", "cause", "treated", "reason"),
    [
        ([], [], [], "no patients in A"),
        ([4], [1], [0], "no patients in B"),
        ([1, 2], [2, 2], [0, 1], "0 events"),
        ([1, 2], [0, 0], [0, 1], "0 events"),
        ([1, 2, 3], [1, 2, 1], [0, 1, 0], "0 events in B"),
        # B is censored before A's events.
        ([1, 2, 3, 4], [1, 0, 1, 1], [1, 1, 0, 0], "no event in A while B is at risk"),
    ],
)
def test_two_arms_not_estimable(time, cause, treated, reason):
    with pytest.raises(NotEstimable) as answer:
        subdistribution_hazard_ratio(time, cause, treated, names=("A", "B"))
    assert answer.value.reason == reason


def test_subject_with_another_cause_stays_at_risk():
    # As above, but B's last subject dies of another cause: it is still compared with A's events.
    found = subdistribution_hazard_ratio([1, 2, 3, 4], [1, 2, 1, 1], [1, 1, 0, 0])
    assert 0 < found.lower < found.estimate < found.upper


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([7, 7, 7, 7, 7, 7], "dose is the same for every subject"),
        ([6, 5, 4, 3, 2, 1], "no finite estimate"),
        ([1, 0, 0, 0, 0, 0], "no finite estimate"),
    ],
)
def test_covariate_without_an_estimate(x, reason):
    with pytest.raises(NotEstimable, match=reason):
        fine_gray([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 2], x, covariate_names=["dose"])


def test_rare_separating_level_has_no_estimate():
    # No event in a level of 5 of 100: the search must not stop on the way to minus infinity.
    x = np.arange(100) >= 95
    with pytest.raises(NotEstimable, match="no finite estimate"):
        fine_gray(np.arange(100), np.where(x, 2, 1), x)


def test_collinear_covariates():
    x = np.column_stack(([1, 2, 3, 5], [2, 4, 6, 10]))
    with pytest.raises(NotEstimable, match="combination of the others"):
        fine_gray([1, 2, 3, 4], [1, 1, 2, 1], x)


def test_no_event_of_the_cause():
    with pytest.raises(NotEstimable, match="0 events of relapse"):
        fine_gray([1, 2], [2, 0], [0, 1], cause_name="relapse")
    with pytest.raises(NotEstimable, match="0 events of cause 3"):
        fine_gray([1, 2], [2, 0], [0, 1], cause_of_interest=3)
    with pytest.raises(NotEstimable, match="no patients"):
        fine_gray([], [], np.empty(0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fine_gray([1, 2], [1, 0], ["M", "F"]), "not a column of numbers"),
        (lambda: fine_gray([1, 2], [1, 0], [1.0, np.nan]), "1 of 2 subjects have a covariate"),
        (lambda: fine_gray([1, 2], [1, 0], [1.0]), "2 times but 1"),
        (lambda: fine_gray([1, 2], [1, 0], np.zeros((2, 1, 1))), "Each covariate is a column"),
        (lambda: fine_gray([1, 2], [1, 0], [1, 0], covariate_names=["a", "b"]), "2 names"),
        (lambda: fine_gray([1, 2], [1, 0], [1, 0], cause_of_interest=-1), "-1 is not the code"),
        (lambda: subdistribution_hazard_ratio([1, 2], [1, 0], [1, 2]), "true or false"),
        (lambda: subdistribution_hazard_ratio([1, 2], [1, 0], [1]), "2 times but 1"),
    ],
)
def test_faulty_data_are_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()


@st.composite
def trials(draw):
    n = draw(st.integers(2, 50))
    draws = {"min_size": n, "max_size": n}
    time = draw(st.lists(st.integers(0, 15), **draws))
    cause = draw(st.lists(st.integers(0, 2), **draws))
    treated = draw(st.lists(st.booleans(), **draws))
    return np.array(time), np.array(cause), np.array(treated)


@settings(deadline=None)
@given(trials())
def test_swapping_the_arms_inverts_the_ratio_or_neither_exists(trial):
    time, cause, treated = trial
    try:
        found = subdistribution_hazard_ratio(time, cause, treated)
    except NotEstimable:
        with pytest.raises(NotEstimable):
            subdistribution_hazard_ratio(time, cause, ~treated)
        return
    swapped = subdistribution_hazard_ratio(time, cause, ~treated)
    assert swapped.estimate == pytest.approx(1 / found.estimate, rel=1e-7)
    assert swapped.log_se == pytest.approx(found.log_se, rel=1e-6)


@settings(deadline=None)
@given(trials(), st.sampled_from([0.001, 10.0]), st.sampled_from([-50.0, 1000.0]))
def test_unit_and_origin_of_a_covariate_do_not_matter(trial, factor, shift):
    time, cause, treated = trial
    x = time % 5 + 2 * treated
    try:
        found = fine_gray(time, cause, x)
        moved = fine_gray(time, cause, factor * x + shift)
    except NotEstimable:
        return
    np.testing.assert_allclose(factor * moved.coefficients, found.coefficients, atol=1e-6)
    assert moved.hazard_ratios[0].p == pytest.approx(found.hazard_ratios[0].p, abs=1e-6)
