"""The test of proportional hazards against R's cox.zph."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.survival import NotEstimable
from tests.oracles.engine import CASES, case, numbers

TESTED = [n for n in CASES if case(n).r["pair"].get("zph")]
STRATIFIED = [n for n in TESTED if case(n).r["pair"].get("zph_stratified")]
ADJUSTED = ["gbsg2", "rossi", "leukemia", "lung", "veteran", "mgus2", "truncated", "heart", "e3a06"]


@pytest.mark.parametrize("name", TESTED)
def test_score_test_against_r(name):
    d, r = case(name).pair(), case(name).r["pair"]["zph"]
    ours = survival.proportional_hazards(d["time"], d["event"], d["treated"], entry=d.get("entry"))
    assert_allclose(ours.chi2, numbers(r["chi2"])[0], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", STRATIFIED)
def test_stratified_score_test_against_r(name):
    d, r = case(name).pair(), case(name).r["pair"]
    try:
        ours = survival.proportional_hazards(
            d["time"], d["event"], d["treated"], strata=d["stratum"], entry=d.get("entry")
        )
    except NotEstimable:
        assert abs(float(numbers(r["cox_stratified"]["beta"])[0])) > 10  # on its way to infinity
        return
    assert_allclose(ours.chi2, numbers(r["zph_stratified"]["chi2"])[0], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ADJUSTED)
def test_score_tests_of_an_adjusted_model_against_r(name):
    d, r = case(name).pair(), case(name).r["pair"]["adjusted_zph"]
    tests = survival.proportional_hazards_by_term(
        d["time"], d["event"], d[["treated", "x1", "x2", "f"]], entry=d.get("entry")
    )
    assert [t.name for t in tests] == ["treated", "x1", "x2", "f", "GLOBAL"]
    assert [t.df for t in tests] == r["df"]
    assert_allclose([t.chi2 for t in tests], r["chi2"], rtol=1e-6)


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", TESTED)
def test_residuals_against_r(name, stratified):
    d, r = case(name).pair(), case(name).r["pair"]
    r = r["zph_stratified" if stratified else "zph"]
    if not r:
        pytest.skip("R has no stratified answer")
    try:
        s = survival.schoenfeld(
            d["time"],
            d["event"],
            d["treated"],
            strata=d["stratum"] if stratified else None,
            entry=d.get("entry"),
        )
    except NotEstimable:
        return  # the same case is asserted on above
    y = numbers(r["y"])
    keep = ~np.isnan(y)  # R: no residual in a stratum of one arm
    # Deaths at one time stand in no meant order.
    ours = sorted(zip(s.time.round(9), s.transformed.round(9), s.residual, strict=True))
    theirs = sorted(
        zip(numbers(r["time"])[keep].round(9), numbers(r["x"])[keep].round(9), y[keep], strict=True)
    )
    assert_allclose(np.array(ours), np.array(theirs), rtol=1e-6, atol=1e-8)
    assert_allclose(s.residual.mean(), s.log_hazard_ratio, atol=1e-8)
    if r["smooth"] and keep.all() and len(s.smooth):
        smooth = np.array(r["smooth"], dtype=float)
        ours_smooth = np.array([s.smooth_transformed, s.smooth, s.smooth_lower, s.smooth_upper]).T
        assert_allclose(ours_smooth, smooth, rtol=1e-6, atol=1e-6)


def test_smooth_is_there_for_real_data():
    d = case("gbsg2").pair()
    s = survival.schoenfeld(d["time"], d["event"], d["treated"])
    assert len(s.smooth) == 40
    assert (np.diff(s.smooth_time) > 0).all()


def test_a_single_event_time_has_no_test_but_residuals():
    time, event, treated = [1, 1, 2, 3], [1, 1, 0, 0], [0, 1, 0, 1]
    with pytest.raises(NotEstimable, match="too few event times"):
        survival.proportional_hazards(time, event, treated)
    s = survival.schoenfeld(time, event, treated)
    assert s.test is None
    assert "too few" in s.reason
    assert len(s.smooth) == 0


def test_lifelines_is_the_old_approximation():
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    d, r = case("veteran").pair(), case("veteran").r["pair"]["zph"]
    frame = d[["time", "event"]].assign(treated=d["treated"].astype(float))
    fit = CoxPHFitter().fit(frame, "time", "event")
    old = proportional_hazard_test(fit, frame, time_transform="km").test_statistic
    assert abs(float(np.ravel(old)[0]) - numbers(r["chi2"])[0]) > 1e-3
