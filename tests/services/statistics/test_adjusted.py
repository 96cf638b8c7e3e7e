"""Cox models of several covariates. Oracles: R's coxph, lifelines, closed arguments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from services.survival import NotEstimable
from tests.oracles.engine import case, numbers
from tests.services.statistics.pairs import ratio

ADJUSTED = ["gbsg2", "rossi", "leukemia", "lung", "veteran", "mgus2", "e3a06", "truncated", "heart"]


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", ADJUSTED)
def test_adjusted_model_against_r(name, stratified):
    d, r = case(name).pair(), case(name).r["pair"]
    expected = r["adjusted_stratified" if stratified else "adjusted"]
    fit = survival.cox(
        d["time"],
        d["event"],
        d[["treated", "x1", "x2", "f"]],
        strata=d["stratum"] if stratified else None,
        entry=d.get("entry"),
    )
    beta = numbers(expected["beta"])
    assert_allclose(fit.coef, beta, atol=1e-6)
    assert_allclose(fit.se[~np.isnan(beta)], numbers(expected["se"])[~np.isnan(beta)], rtol=1e-6)
    assert_allclose([fit.loglik_null, fit.loglik], expected["loglik"], rtol=1e-9)
    assert_allclose(fit.score.chi2, expected["score"], rtol=1e-6)
    assert_allclose(fit.wald.chi2, expected["wald"], rtol=1e-6)
    assert_allclose(fit.likelihood_ratio.chi2, expected["likelihood"], rtol=1e-6)
    if not stratified:
        assert_allclose(fit.vcov, np.array(expected["vcov"], dtype=float), rtol=1e-6, atol=1e-12)
        assert fit.n == expected["n"]
        assert fit.n + fit.n_missing == len(d)


@pytest.mark.parametrize("name", ["gbsg2", "rossi", "veteran"])
def test_adjusted_model_against_lifelines(name):
    from lifelines import CoxPHFitter

    d = case(name).pair()
    frame = d[["time", "event", "treated", "x1", "x2"]].astype(float)
    theirs = CoxPHFitter().fit(frame, "time", "event", fit_options={"precision": 1e-14})
    ours = survival.cox(d["time"], d["event"], d[["treated", "x1", "x2"]])
    assert_allclose(ours.coef, theirs.params_.to_numpy(), atol=1e-6)
    assert_allclose(ours.loglik, theirs.log_likelihood_, rtol=1e-9)


@pytest.mark.parametrize("name", ["gbsg2", "ties", "truncated", "e3a06"])
def test_one_covariate_is_the_same_by_both_solvers(name):
    d = case(name).pair()
    for strata in (None, d["stratum"]):
        hr = ratio(name, strata=strata)
        fit = survival.cox(
            d["time"], d["event"], d[["treated"]], strata=strata, entry=d.get("entry")
        )
        assert_allclose(fit.terms[0].hazard_ratio.estimate, hr.estimate, rtol=1e-9)
        assert_allclose(fit.se[0], hr.log_se, rtol=1e-9)
        assert_allclose(fit.score.p, hr.p_score, rtol=1e-6)
        assert_allclose(fit.likelihood_ratio.p, hr.p_likelihood, rtol=1e-6)


def test_covariates_that_repeat_others_have_a_reason_and_no_number():
    d = case("gbsg2").pair()
    x = d[["treated", "x1"]].assign(twice=2 * d["x1"] + 1, same=3.0)
    fit = survival.cox(d["time"], d["event"], x)
    assert [t.hazard_ratio is None for t in fit.terms] == [False, False, True, True]
    assert fit.likelihood_ratio.df == 2
    assert "does not vary" in fit.terms[3].reason
    alone = survival.cox(d["time"], d["event"], d[["treated", "x1"]])
    assert_allclose(fit.coef[:2], alone.coef, rtol=1e-9)


def test_a_covariate_without_a_maximum_has_a_reason_and_no_number():
    d = case("gbsg2").pair()
    x = d[["treated"]].assign(never=(np.arange(len(d)) % 9 == 0) & (d["event"] == 0))
    fit = survival.cox(d["time"], d["event"], x)
    assert fit.terms[0].hazard_ratio is not None
    assert (fit.terms[1].hazard_ratio, fit.terms[1].reason) == (
        None,
        "its likelihood has no maximum",
    )


def test_limits_beyond_all_numbers_are_words_without_a_warning():
    d = case("rossi").pair()
    fit = survival.cox(d["time"], d["event"], d[["treated"]].assign(x1=d["x1"] * 1e-6))
    assert fit.terms[0].hazard_ratio is not None
    assert fit.terms[1].hazard_ratio is None
    assert fit.terms[1].reason == "its interval has no finite limits"


def test_scales_of_covariates_do_not_matter():
    d = case("rossi").pair()
    fit = survival.cox(d["time"], d["event"], d[["treated", "x1"]])
    big = survival.cox(d["time"], d["event"], d[["treated"]].assign(x1=d["x1"] * 1e6 + 1e8))
    assert_allclose(big.coef[1] * 1e6, fit.coef[1], rtol=1e-6)


def test_cox_refuses_what_it_cannot_read():
    x = pd.DataFrame({"age": [1.0, np.inf, 2.0]})
    with pytest.raises(UserError, match="age holds infinite"):
        survival.cox([1, 2, 3], [1, 1, 1], x)
    with pytest.raises(UserError, match="3 times but 2 values of covariates"):
        survival.cox([1, 2, 3], [1, 1, 1], pd.DataFrame({"age": [1, 2]}))
    with pytest.raises(UserError, match="same name"):
        survival.cox([1, 2], [1, 1], pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]))
    with pytest.raises(NotEstimable, match="0 events"):
        survival.cox([1, 2], [0, 0], pd.DataFrame({"age": [1, 2]}))
    with pytest.raises(NotEstimable, match="every covariate"):
        survival.cox([1, 2], [1, 1], pd.DataFrame({"age": [np.nan, np.nan]}))
    with pytest.raises(UserError, match="true or false"):
        survival.hazard_ratio([1, 2], [1, 1], [1, 2])
    with pytest.raises(UserError, match="not a time to cut"):
        survival.piecewise_hazard_ratio([1, 2], [1, 1], [0, 1], cut=0)
