"""What must hold of any data, by hypothesis."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from services import survival
from services.json_text import to_json
from services.statistics import forest as statistics_forest
from services.survival import NotEstimable

# The same examples every time.
some = settings(derandomize=True)


@st.composite
def trials(draw, most=40):
    """Times on a coarse grid (so there are ties), two arms and up to three strata."""
    n = draw(st.integers(4, most))
    time = draw(st.lists(st.integers(0, 15), min_size=n, max_size=n))
    event = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    treated = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    strata = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    assume(0 < sum(treated) < n)
    return np.array(time, float), np.array(event), np.array(treated), np.array(strata)


def _try(call, *args, **options):
    try:
        return call(*args, **options)
    except NotEstimable as answer:
        return answer.reason


def _close(one, two, power=1):
    """The same estimate, or a reason in both."""
    assert (one is None) == (two is None)
    if one is not None:
        assert_allclose(one, two**power, rtol=1e-6, atol=1e-9)


@some
@given(trials(), st.sampled_from([1e-6, 1 / 30.4375, 7.0, 1e6]))
def test_scaling_time_scales_medians_and_rmst(trial, scale):
    time, event, treated, _ = trial
    one = survival.kaplan_meier(time, event)
    two = survival.kaplan_meier(time * scale, event)
    assert_allclose(one.survival, two.survival, atol=1e-12)
    for a, b in zip(one.quartiles, two.quartiles, strict=True):
        for x, y in ((a.estimate, b.estimate), (a.lower, b.lower), (a.upper, b.upper)):
            _close(None if x is None else x * scale, y)
    if one.rmst.estimate is not None:
        assert_allclose(one.rmst.estimate * scale, two.rmst.estimate, rtol=1e-9)
        assert_allclose(one.rmst.se * scale, two.rmst.se, rtol=1e-9)
    hr = [_try(survival.hazard_ratio, t, event, treated) for t in (time, time * scale)]
    if isinstance(hr[0], str):
        assert hr[0] == hr[1]
    else:
        assert_allclose(hr[0].estimate, hr[1].estimate, rtol=1e-9)


@some
@given(trials())
def test_swapping_arms_inverts_the_hazard_ratio(trial):
    time, event, treated, strata = trial
    for within in (None, strata):
        one = _try(survival.hazard_ratio, time, event, treated, strata=within)
        two = _try(survival.hazard_ratio, time, event, ~treated, strata=within)
        assert isinstance(one, str) == isinstance(two, str)
        if not isinstance(one, str):
            assert_allclose(one.estimate, 1 / two.estimate, rtol=1e-6)
            assert_allclose(one.lower, 1 / two.upper, rtol=1e-6)
            assert_allclose([one.p, one.p_score], [two.p, two.p_score], rtol=1e-6, atol=1e-9)


@some
@given(trials())
def test_duplicating_the_data_keeps_the_curve(trial):
    time, event, _, _ = trial
    one = survival.kaplan_meier(time, event)
    two = survival.kaplan_meier(np.tile(time, 2), np.tile(event, 2))
    assert_allclose(one.survival, two.survival, atol=1e-12)
    assert_allclose(one.std_err, np.sqrt(2) * two.std_err, atol=1e-9)
    _close(one.median.estimate, two.median.estimate)


@some
@given(trials(), st.lists(st.integers(0, 18), max_size=4))
def test_at_risk_events_and_censored_add_to_n(trial, landmarks):
    time, event, _, _ = trial
    c = survival.kaplan_meier(time, event, landmarks=landmarks)
    assert c.n_event.sum() + c.n_censor.sum() == c.n == c.events + c.censored
    for mark in c.landmarks:
        assert mark.at_risk + mark.events + mark.censored == c.n
        if mark.survival is not None and mark.lower is not None:
            assert mark.lower <= mark.survival <= mark.upper


@some
@given(trials(), st.sampled_from(["log-log", "log", "plain"]))
def test_curves_fall_from_one_and_stay_within_their_limits(trial, ci):
    time, event, _, _ = trial
    c = survival.kaplan_meier(time, event, ci=ci)
    assert (np.diff(c.survival) <= 1e-12).all()
    assert c.survival[0] <= 1
    assert c.survival[-1] >= -1e-12
    known = ~np.isnan(c.lower)
    assert (c.lower[known] <= c.survival[known] + 1e-12).all()
    assert (c.survival[known] <= c.upper[known] + 1e-12).all()


@some
@given(trials())
def test_one_stratum_is_the_plain_test(trial):
    time, event, treated, _ = trial
    same = np.full(len(time), 7)
    for call in (survival.log_rank, survival.hazard_ratio, survival.proportional_hazards):
        assert _try(call, time, event, treated) == _try(call, time, event, treated, strata=same)


@some
@given(trials())
def test_log_rank_is_the_score_test_of_cox_without_ties(trial):
    time, event, treated, strata = trial
    time = time + np.arange(len(time)) / 1000  # equal without tied events
    for within in (None, strata):
        hr = _try(survival.hazard_ratio, time, event, treated, strata=within)
        if not isinstance(hr, str):
            test = survival.log_rank(time, event, treated, strata=within)
            assert_allclose(hr.p_score, test.p, rtol=1e-6, atol=1e-9)


@some
@given(trials())
def test_entry_before_every_time_changes_nothing(trial):
    time, event, treated, strata = trial
    late = time + 1
    for call in (survival.hazard_ratio, survival.proportional_hazards):
        plain = _try(call, late, event, treated, strata=strata)
        entered = _try(call, late, event, treated, strata=strata, entry=np.zeros(len(time)))
        assert plain == entered


@some
@given(trials())
def test_the_general_solver_agrees_with_the_one_of_two_arms(trial):
    time, event, treated, strata = trial
    for within in (None, strata):
        hr = _try(survival.hazard_ratio, time, event, treated, strata=within)
        if isinstance(hr, str):
            continue
        fit = survival.cox(time, event, pd.DataFrame({"treated": treated}), strata=within)
        assert_allclose(fit.terms[0].hazard_ratio.estimate, hr.estimate, rtol=1e-6)
        assert_allclose(fit.likelihood_ratio.p, hr.p_likelihood, rtol=1e-5, atol=1e-8)


@some
@given(trials())
def test_curves_alone_are_those_of_the_comparison(trial):
    time, event, treated, strata = trial
    arm = np.where(treated, "b", "a")
    asked = {"arms": ["a", "b"], "strata": strata, "landmarks": [5, 20]}
    alone = survival.analyse(time, event, arm, **asked, compared=False)
    whole = survival.analyse(time, event, arm, **asked)
    assert to_json(alone.curves) == to_json(whole.curves)
    assert (alone.comparisons, alone.lead_log_rank) == ((), None)


@some
@given(trials(), st.data())
def test_every_analysis_has_an_answer_or_a_reason(trial, data):
    time, event, treated, strata = trial
    arm = np.where(treated, "b", "a")
    result = survival.analyse(
        time,
        event,
        arm,
        arms=["a", "b"],
        strata=strata,
        ci=data.draw(st.sampled_from(["log-log", "log", "plain"])),
        landmarks=[0, 5, 20],
        tau=data.draw(st.sampled_from([None, 3.0, 30.0])),
    )
    comparison = result.comparisons[0]
    assert (comparison.hazard_ratio is None) == (comparison.reason is not None)
    for curve in result.curves:
        assert (curve.rmst.estimate is None) == (curve.rmst.reason is not None)
        for mark in curve.landmarks:
            assert (mark.survival is None) == (mark.reason is not None)
    for difference in comparison.landmark_differences:
        assert (difference.p is None) == (difference.reason is not None)
    assert "NaN" not in str(to_json(result))


@some
@given(trials())
def test_every_forest_row_has_an_answer_or_a_reason(trial):
    time, event, treated, strata = trial
    factors = pd.DataFrame({"F": np.array(["x", None, "y"], dtype=object)[strata], "G": strata})
    result = statistics_forest.forest(
        time, event, treated.astype(str), factors, arms=("False", "True"), min_events=0, landmark=4
    )
    for group in result.groups:
        assert (group.interaction is None) == (group.interaction_reason is not None)
        for row in group.levels:
            assert (row.hazard_ratio is None) == (row.reason is not None)
    f = result.groups[0]
    assert sum(sum(row.n.values()) for row in f.levels) + f.n_missing == len(time)
    assert result.tests == sum(g.interaction is not None for g in result.groups)
