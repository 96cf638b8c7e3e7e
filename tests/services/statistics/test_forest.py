"""The forest against R: coxph within levels and anova of two models for the interaction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from services.statistics import forest as statistics_forest
from tests.oracles.engine import CASES, case, numbers, optional

REAL = [n for n in CASES if case(n).r["pair"].get("forest")]


def _forest(name, stratified=False, **options):
    c = case(name)
    d = c.pair()
    return statistics_forest.forest(
        d["time"],
        d["event"],
        d["arm"],
        d[["f"]],
        arms=tuple(c.r["arms"][:2]),
        strata=d[["stratum"]] if stratified else None,
        **{"min_events": 0} | options,
    )


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", REAL)
def test_rows_against_r(name, stratified):
    r = case(name).r["pair"]["forest"]
    (group,) = _forest(name, stratified).groups
    assert [row.level for row in group.levels] == sorted(r)
    for row in group.levels:
        e = r[row.level]
        assert list(row.n.values()) == e["n"]
        assert list(row.events.values()) == e["events"]
        expected_median = optional(*np.atleast_1d(np.array(e["median"], dtype=object)))
        if len(expected_median) == 2:
            assert_allclose(optional(*row.median.values()), expected_median, rtol=1e-9)
        fit = e["cox_stratified" if stratified else "cox"]
        if row.hazard_ratio is None:
            assert row.reason
            # R has no coefficient, or stopped on its way to infinity.
            assert not fit or not abs(float(numbers(fit["beta"])[0])) < 10
        else:
            assert_allclose(np.log(row.hazard_ratio.estimate), numbers(fit["beta"])[0], atol=1e-6)
            assert_allclose(row.hazard_ratio.log_se, numbers(fit["se"])[0], rtol=1e-6)


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", REAL)
def test_the_test_of_proportional_hazards_against_r(name, stratified):
    """``cox.zph`` of the model of all patients."""
    r = case(name).r["pair"].get("zph_stratified" if stratified else "zph")
    ours = _forest(name, stratified).proportional_hazards
    if ours is None:
        assert not r or abs(float(numbers(case(name).r["pair"]["cox_stratified"]["beta"])[0])) > 10
    else:
        assert_allclose(ours.chi2, numbers(r["chi2"])[0], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", [n for n in REAL if len(case(n).data) > 40])
def test_interaction_against_r(name, stratified):
    expected = case(name).r["pair"]["interaction_stratified" if stratified else "interaction"]
    (group,) = _forest(name, stratified).groups
    if group.interaction is None:
        assert group.interaction_reason
        return
    assert group.interaction.df == expected["df"]
    assert_allclose(group.interaction.chi2, expected["chi2"], atol=1e-6)


@pytest.mark.parametrize("name", ["gbsg2", "e3a06", "ties"])
def test_rows_are_single_analyses_of_their_subjects(name):
    d = case(name).pair()
    arms = tuple(case(name).r["arms"][:2])
    at = float(d["time"].median())
    result = _forest(name, landmark=at)
    for row in result.groups[0].levels:
        own = d[d["f"].astype(str) == row.level]
        alone = survival.analyse(own["time"], own["event"], own["arm"], arms=arms, landmarks=[at])
        comparison = alone.comparisons[0]
        assert_allclose(row.hazard_ratio.upper, comparison.hazard_ratio.upper, rtol=1e-9)
        assert row.difference.reason == comparison.landmark_differences[0].reason
        assert_allclose(
            optional(row.difference.estimate, row.difference.p),
            optional(
                comparison.landmark_differences[0].estimate, comparison.landmark_differences[0].p
            ),
            rtol=1e-9,
        )
        assert_allclose(
            optional(*row.median.values()), optional(*(c.median.estimate for c in alone.curves))
        )
    whole = survival.hazard_ratio(d["time"], d["event"], d["treated"])
    assert_allclose(result.overall.hazard_ratio.estimate, whole.estimate, rtol=1e-12)
    assert result.overall.level == "All patients"


def _made(n=240, seed=2):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "time": rng.integers(1, 60, n),
            "event": rng.random(n) < 0.6,
            "arm": rng.choice(["a", "b"], n),
            "SEX": rng.choice(["F", "M"], n),
            "AGE": rng.choice(["<65", ">=65"], n),
        }
    )


def _of(d, factors, **options):
    return statistics_forest.forest(
        d["time"], d["event"], d["arm"], factors, arms=("a", "b"), **options
    )


def test_a_missing_value_leaves_its_factor_only():
    d = _made()
    whole = _of(d, d[["SEX", "AGE"]])
    d.loc[:20, "SEX"] = None
    result = _of(d, d[["SEX", "AGE"]])
    assert result.overall == whole.overall
    assert result.groups[1] == whole.groups[1]
    assert result.groups[0].n_missing == 21
    complete = d[d["SEX"].notna()]
    alone = _of(complete, complete[["SEX"]])
    assert result.groups[0].levels == alone.groups[0].levels
    assert_allclose(result.groups[0].interaction.chi2, alone.groups[0].interaction.chi2, atol=1e-9)


def test_a_factor_that_is_a_stratum_leaves_the_strata_of_its_own_rows_only():
    d = _made()
    both = _of(d, d[["SEX", "AGE"]], strata=d[["SEX", "AGE"]])
    by_age = _of(d, d[["SEX"]], strata=d[["AGE"]])
    assert both.groups[0].levels == by_age.groups[0].levels
    assert_allclose(both.groups[0].interaction.chi2, by_age.groups[0].interaction.chi2, rtol=1e-9)
    women = d[d["SEX"] == "F"]
    row = survival.hazard_ratio(
        women["time"], women["event"], women["arm"] == "b", strata=women["AGE"]
    )
    assert_allclose(both.groups[0].levels[0].hazard_ratio.estimate, row.estimate, rtol=1e-12)


def test_the_overall_row_is_stratified():
    d = _made()
    result = _of(d, d[["SEX"]], strata=d[["SEX", "AGE"]])
    hr = survival.hazard_ratio(d["time"], d["event"], d["arm"] == "b", strata=d["SEX"] + d["AGE"])
    assert_allclose(result.overall.hazard_ratio.estimate, hr.estimate, rtol=1e-12)


def test_rows_with_too_few_events_stay_with_their_counts_and_a_reason():
    d = _made()
    d["RARE"] = np.where(np.arange(len(d)) < 8, "few", "many")
    d.loc[:7, "event"] = [True, True, True, False, False, False, False, False]
    d.loc[:7, "arm"] = list("abababab")
    row = _of(d, d[["RARE"]]).groups[0].levels[0]
    assert row.hazard_ratio is None
    assert row.reason == "3 events, fewer than 5"
    assert (dict(row.n), dict(row.events)) == ({"a": 4, "b": 4}, {"a": 2, "b": 1})


def test_a_level_without_subjects_or_without_an_arm_has_a_reason():
    d = _made()
    f = pd.Categorical(np.where(d["arm"] == "a", "one", "two"), ["one", "two", "none"])
    group = _of(d, pd.DataFrame({"F": f})).groups[0]
    assert [row.reason for row in group.levels] == [
        "no patients in b",
        "no patients in a",
        "no patients in a",
    ]
    assert group.interaction is None
    assert group.interaction_reason == "no two levels hold both arms"
    assert dict(group.levels[2].median) == {"a": None, "b": None}


def test_a_level_without_events_in_an_arm_is_not_estimable_but_has_its_test():
    d = _made()
    d.loc[(d["SEX"] == "F") & (d["arm"] == "b"), "event"] = False
    group = _of(d, d[["SEX"]]).groups[0]
    assert group.levels[0].reason == "0 events in b"
    # R: the log-likelihood has a limit, so anova() gives the test.
    assert group.interaction.df == 1
    assert np.isfinite(group.interaction.chi2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SEX": "F"}, "fewer than two levels"),
        ({"SEX": None}, "fewer than two levels"),
        ({"event": False}, "0 events in a"),
    ],
)
def test_why_there_is_no_interaction_test(change, reason):
    d = _made().assign(**change)
    result = _of(d, d[["SEX"]])
    assert result.groups[0].interaction is None
    assert result.groups[0].interaction_reason == reason
    assert result.tests == 0


def test_categories_keep_their_order_and_labels_their_names():
    d = _made()
    ordered = pd.Categorical(d["AGE"], [">=65", "<65"], ordered=True)
    group = _of(d, pd.DataFrame({"AGE": ordered}), labels={"AGE": "Age, years"}).groups[0]
    assert [row.level for row in group.levels] == [">=65", "<65"]
    assert (group.variable, group.label) == ("AGE", "Age, years")


def test_numbers_and_booleans_are_factors_too():
    d = _made()
    result = _of(d, pd.DataFrame({"ECOG": d.index % 3, "DEL": d.index % 2 == 0}))
    assert [[row.level for row in g.levels] for g in result.groups] == [
        ["0", "1", "2"],
        ["False", "True"],
    ]


def test_other_arms_are_left_out():
    d = _made()
    more = pd.concat([d, d.assign(arm="c")], ignore_index=True)
    assert _of(more, more[["SEX"]]) == _of(d, d[["SEX"]])


def test_no_factor_gives_the_overall_row():
    d = _made()
    result = _of(d, d[[]])
    assert result.groups == ()
    assert result.overall.hazard_ratio is not None


def test_no_subjects_of_the_arms():
    d = _made().assign(arm="c")
    result = _of(d, d[["SEX"]])
    assert result.overall.reason == "no patients in a"


def test_one_arm_twice_is_refused():
    d = _made()
    with pytest.raises(UserError, match="two arms"):
        statistics_forest.forest(d["time"], d["event"], d["arm"], d[["SEX"]], arms=("a", "a"))


def test_a_large_forest_is_stacked_in_parts_with_the_same_answer(monkeypatch):
    d = _made()
    whole = _of(d, d[["SEX", "AGE"]])
    monkeypatch.setattr(statistics_forest, "_STACK", 1)
    assert _of(d, d[["SEX", "AGE"]]) == whole


@pytest.mark.parametrize("late", [False, True])
def test_the_tests_of_a_forest_are_those_of_each_factor_alone(late):
    """Two to forty levels, empty and missing ones, one without a death in an arm, in strata."""
    d = _made()
    rng = np.random.default_rng(8)
    three = pd.Categorical(rng.choice(["x", "y"], len(d)), ["w", "x", "y"])
    many = rng.integers(0, 40, len(d)).astype(str)
    d.loc[(d["AGE"] == "<65") & (d["arm"] == "a"), "event"] = False
    d.loc[:30, "SEX"] = None
    factors = d[["SEX", "AGE"]].assign(THREE=three, MANY=many, ARM=d["arm"])
    options = {"strata": pd.DataFrame({"S": rng.choice(["p", "q"], len(d)), "AGE": d["AGE"]})}
    if late:
        options["entry"] = d["time"] * rng.random(len(d)) / 2
    together = _of(d, factors, **options).groups
    assert [g.interaction is not None for g in together] == [True, True, True, True, False]
    for group, name in zip(together, factors, strict=True):
        (alone,) = _of(d, factors[[name]], **options).groups
        assert group.interaction_reason == alone.interaction_reason
        if alone.interaction is not None:
            assert group.interaction.df == alone.interaction.df
            assert_allclose(group.interaction.chi2, alone.interaction.chi2, rtol=0, atol=1e-9)
