"""Every degenerate input has an answer or a stated reason, and never a warning.

Warnings are errors in this suite, so each test here also says that numpy, pandas and lifelines
have nothing to complain about.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from services.json_text import to_json
from services.statistics import forest as statistics_forest
from services.survival import NotEstimable


def _all(time, event, arm, arms=("a", "b"), **options):
    """Everything at once, and that it can be written as JSON."""
    result = survival.analyse(time, event, arm, arms=arms, landmarks=[0, 1.5, 100], **options)
    to_json(result)
    return result


def test_no_events():
    r = _all([1, 2, 3, 4], [0, 0, 0, 0], list("aabb"))
    assert [c.survival.tolist() for c in r.curves] == [[1, 1, 1], [1, 1, 1]]
    assert r.curves[0].median.reason == "not reached: survival stays above 50%"
    assert r.log_rank is None
    assert (r.comparisons[0].hazard_ratio, r.comparisons[0].reason) == (None, "0 events")
    assert r.comparisons[0].rmst_difference.reason.startswith("no events before tau")


def test_all_events():
    r = _all([1, 2, 3, 1, 2, 4], [1] * 6, list("aaabbb"))
    assert [c.survival[-1] for c in r.curves] == [pytest.approx(0, abs=1e-12)] * 2
    assert np.isnan(r.curves[0].lower[-1])
    assert r.curves[0].landmarks[2].survival == 0.0
    assert r.curves[0].follow_up.estimate is None
    assert r.curves[0].follow_up.reason == "not reached: too few subjects are censored"
    assert r.comparisons[0].hazard_ratio is not None


def test_one_subject_with_an_event():
    c = survival.kaplan_meier([5], [1], landmarks=[5])
    assert c.survival.tolist() == pytest.approx([1, 0])
    assert (c.median.estimate, c.median.lower, c.median.upper) == (5.0, None, None)
    assert (c.rmst.estimate, c.rmst.se) == (5.0, 0.0)
    assert c.landmarks[0].survival == pytest.approx(0)


def test_one_subject_censored():
    c = survival.kaplan_meier([5], [0])
    assert c.survival.tolist() == [1, 1]
    assert c.follow_up.estimate == 5.0


def test_no_subjects():
    with pytest.raises(NotEstimable, match="no patients"):
        survival.kaplan_meier([], [])
    r = _all([], [], [])
    assert r.curves == ()
    assert r.comparisons[0].reason == "no patients in a"


def test_one_arm():
    r = _all([1, 2, 3], [1, 0, 1], list("aaa"), arms=("a",))
    assert len(r.curves) == 1
    assert r.comparisons == ()
    assert r.log_rank is None


def test_an_arm_without_subjects_has_no_curve_and_its_comparison_a_reason():
    r = _all([1, 2, 3], [1, 0, 1], list("aaa"))
    assert [c.arm for c in r.curves] == ["a"]
    c = r.comparisons[0]
    assert (c.reason, c.hazard_ratio, c.log_rank) == ("no patients in b", None, None)
    assert (c.landmark_differences, c.rmst_difference) == ((), None)


def test_a_reference_without_subjects():
    r = _all([1, 2, 3], [1, 0, 1], list("bbb"))
    assert [c.arm for c in r.curves] == ["b"]
    assert r.comparisons[0].reason == "no patients in a"


def test_an_arm_without_events_keeps_its_log_rank_test():
    r = _all([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], list("aaabbb"))
    assert r.comparisons[0].reason == "0 events in b"
    assert r.comparisons[0].log_rank.p < 0.05
    assert r.comparisons[0].proportional_hazards is None


def test_a_third_arm_without_events_leaves_the_others():
    r = _all(
        [1, 2, 3, 1, 4, 5, 6, 7], [1, 1, 0, 1, 1, 0, 0, 0], list("aaabbbcc"), arms=("a", "b", "c")
    )
    assert r.comparisons[0].hazard_ratio is not None
    assert r.comparisons[1].reason == "0 events in c"
    assert r.log_rank.df == 2


def test_every_time_equal():
    r = _all([3, 3, 3, 3, 3, 3], [1, 0, 1, 1, 0, 0], list("aaabbb"))
    assert r.curves[0].survival.tolist() == pytest.approx([1, 1 / 3])
    assert r.comparisons[0].hazard_ratio is not None
    assert r.comparisons[0].proportional_hazards is None


def test_every_time_equal_and_every_one_an_event():
    r = _all([3] * 6, [1] * 6, list("aaabbb"))
    # Nothing is random when all die at once: no variance, no test.
    assert r.log_rank is None
    with pytest.raises(NotEstimable, match="variance of the test is 0"):
        survival.log_rank([3] * 6, [1] * 6, list("aaabbb"))


def test_time_zero():
    r = _all([0, 0, 2, 0, 1, 3], [1, 0, 1, 0, 1, 0], list("aaabbb"))
    assert r.curves[0].time.tolist() == [0, 2]
    assert r.curves[0].survival.tolist() == pytest.approx([2 / 3, 0])
    assert r.curves[0].landmarks[0].at_risk == 3


def test_every_time_zero():
    r = _all([0] * 4, [1, 0, 1, 0], list("aabb"))
    assert r.curves[0].rmst.reason == "every time is 0"
    assert r.curves[0].survival.tolist() == [0.5]


def test_ties_of_events_and_censorings_take_the_events_first():
    c = survival.kaplan_meier([1, 1, 1, 2], [1, 0, 0, 1])
    assert c.survival.tolist() == pytest.approx([1, 0.75, 0])
    assert c.at_risk.tolist() == [4, 4, 1]


def test_times_that_differ_by_rounding_are_one():
    c = survival.kaplan_meier([0.1 + 0.2, 0.3, 1], [1, 0, 1])
    assert len(c.time) == 3
    t = survival.log_rank([0.1 + 0.2, 0.3, 1, 2], [1, 1, 1, 0], list("abab"))
    assert_allclose(t.chi2, survival.log_rank([0.3, 0.3, 1, 2], [1, 1, 1, 0], list("abab")).chi2)


@pytest.mark.parametrize(
    ("value", "what"), [(np.nan, "missing"), (-2.0, "negative"), (np.inf, "infinite")]
)
def test_bad_times_are_refused_everywhere(value, what):
    time, event = [1.0, value, 3.0], [1, 1, 1]
    calls = [
        lambda: survival.analyse(time, event, list("aab"), arms=["a", "b"]),
        lambda: survival.kaplan_meier(time, event),
        lambda: survival.log_rank(time, event, list("aab")),
        lambda: survival.hazard_ratio(time, event, [0, 0, 1]),
        lambda: survival.cox(time, event, pd.DataFrame({"x": [1, 2, 3]})),
        lambda: survival.follow_up(time, event),
        lambda: survival.max_combo(time, event, list("aab")),
        lambda: survival.proportional_hazards(time, event, [0, 0, 1]),
        lambda: survival.piecewise_hazard_ratio(time, event, [0, 0, 1], cut=2),
        lambda: statistics_forest.forest(
            time, event, list("aab"), pd.DataFrame({"F": list("xyx")}), arms=("a", "b")
        ),
    ]
    for call in calls:
        with pytest.raises(UserError, match=rf"1 of 3 times is {what} \(row 2\)"):
            call()


def test_a_constant_stratum_changes_nothing():
    time, event, arm = [1, 3, 5, 7, 2, 4, 6, 8], [1, 1, 0, 1, 1, 1, 1, 0], list("aaaabbbb")
    plain = _all(time, event, arm)
    constant = _all(time, event, arm, strata=["all"] * 8)
    assert constant.comparisons[0].hazard_ratio == plain.comparisons[0].hazard_ratio
    assert constant.stratified_log_rank is None


def test_strata_of_one_subject_each():
    r = _all([1, 2, 3, 4], [1, 1, 1, 1], list("abab"), strata=[0, 1, 2, 3])
    assert r.stratified_log_rank is None
    assert "while" in r.comparisons[0].stratified_reason


def test_last_observation_an_event():
    c = survival.kaplan_meier([1, 2, 3], [0, 1, 1])
    assert c.survival[-1] == pytest.approx(0, abs=1e-12)
    assert c.median.upper is None


def test_survival_of_exactly_a_half():
    c = survival.kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1])
    assert c.median.estimate == 3.0  # half-way from 2 to the next drop at 4


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_very_small_and_very_large_units(scale):
    time, event, arm = (
        np.array([1, 3, 5, 7, 2, 4, 6, 8.0]),
        [1, 1, 0, 1, 1, 1, 1, 0],
        list("aaaabbbb"),
    )
    one, other = (
        _all(time, event, arm),
        survival.analyse(time * scale, event, arm, arms=["a", "b"], landmarks=[1.5 * scale]),
    )
    assert_allclose(other.curves[0].survival, one.curves[0].survival, rtol=1e-12)
    assert_allclose(other.curves[0].median.estimate, one.curves[0].median.estimate * scale)
    assert_allclose(other.curves[0].rmst.estimate, one.curves[0].rmst.estimate * scale)
    assert_allclose(
        other.comparisons[0].hazard_ratio.estimate, one.comparisons[0].hazard_ratio.estimate
    )
    assert_allclose(other.comparisons[0].log_rank.p, one.comparisons[0].log_rank.p)


def test_max_combo_of_one_group_or_no_events():
    with pytest.raises(NotEstimable, match="2 groups, not 1"):
        survival.max_combo([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(NotEstimable, match="0 events"):
        survival.max_combo([1, 2], [0, 0], ["a", "b"])
    with pytest.raises(NotEstimable, match="variance of a weighted test is 0"):
        survival.max_combo([1, 2], [1, 0], ["a", "b"])


def test_log_rank_of_one_group_or_no_events():
    with pytest.raises(NotEstimable, match="fewer than two groups"):
        survival.log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(NotEstimable, match="0 events"):
        survival.log_rank([1, 2], [0, 0], ["a", "b"])
    with pytest.raises(NotEstimable, match="two groups are at risk"):
        survival.log_rank([1, 2], [0, 1], ["a", "b"])


def test_left_truncation_with_an_early_empty_risk_set():
    # lifelines raises here; R goes on at S = 0.
    c = survival.kaplan_meier([1, 3, 4], [1, 1, 1], entry=[0, 2, 2])
    assert c.survival.tolist() == pytest.approx([1, 0, 0, 0])
    assert (c.median.estimate, c.median.upper) == (1.0, None)


def test_left_truncation_in_an_analysis_has_no_log_rank_test_but_a_hazard_ratio():
    r = _all([3, 4, 5, 6], [1, 1, 1, 0], list("abab"), entry=[0, 1, 2, 0])
    assert r.log_rank is None
    assert r.comparisons[0].hazard_ratio is not None


def test_arms_are_checked():
    with pytest.raises(UserError, match="No arm"):
        survival.analyse([1], [1], ["a"], arms=[])
    with pytest.raises(UserError, match="named twice"):
        survival.analyse([1], [1], ["a"], arms=["a", "a"])
    with pytest.raises(UserError, match="2 times but 1 values of arm"):
        survival.analyse([1, 2], [1, 1], ["a"], arms=["a"])


def test_subjects_of_other_arms_are_left_out():
    r = _all([1, 2, 3, 4, 9], [1, 1, 1, 0, 1], ["a", "b", "a", "b", "other"])
    assert sum(c.n for c in r.curves) == 4


def test_arms_may_be_told_apart_by_number():
    assert _all([1, 2, 3, 4], [1, 1, 1, 0], [1, 2, 1, 2], arms=(1, 2)).log_rank is not None


def test_pandas_and_text_columns_are_read():
    frame = pd.DataFrame({"t": [1, 2, 3, 4], "e": [True, True, False, True], "a": list("abab")})
    frame = frame.astype({"a": "category", "t": "Int64", "e": "boolean"})
    assert _all(frame["t"], frame["e"], frame["a"]).log_rank is not None


def test_the_engine_needs_no_web_framework_and_imports_lifelines_late():
    code = (
        "import sys; from services import survival; from services.statistics import forest;"
        "bad = {'dash', 'plotly', 'flask', 'lifelines', 'scipy.stats'} & set(sys.modules);"
        "assert not bad, bad; survival.warm_up(); assert 'lifelines' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
