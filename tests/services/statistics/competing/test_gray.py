"""Gray's test. Oracle: cmprsk's cuminc, by tests/oracles/make_competing.R."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.statistics.competing.gray import gray_test
from services.statistics.log_rank import log_rank
from services.statistics.results import NotEstimable
from tests.services.statistics.competing.cases import cases, trials


@pytest.mark.parametrize(("data", "r"), cases("gray"))
def test_gray_against_cuminc(data, r):
    found = gray_test(
        data["time"],
        data["cause"],
        data["group"],
        cause_of_interest=r["cause"],
        strata=data["stratum"] if r["stratified"] else None,
        rho=r["rho"],
    )
    assert (found.chi2, found.p) == pytest.approx((r["chi2"], r["p"]), rel=1e-9, abs=1e-12)
    assert found.df == r["df"]
    assert found.name == ("Gray, stratified" if r["stratified"] else "Gray")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (([1, 2], [1, 1], [0, 0]), "only one group"),
        (([1, 2], [2, 0], [0, 1]), "0 events of progression"),
        (([1, 2], [0, 0], [0, 1]), "0 events of progression"),
        # Group 0 is gone before the first event.
        (([1, 2, 3], [0, 1, 1], [0, 1, 1]), "too few events while more than one group"),
        # Everyone has the event at once.
        (([1, 1], [1, 1], [0, 1]), "too few events while more than one group"),
    ],
)
def test_gray_that_is_not_estimable(arguments, reason):
    with pytest.raises(NotEstimable, match=reason):
        gray_test(*arguments, cause_name="progression")


@settings(deadline=None)
@given(trials(), st.integers(0, 1))
def test_gray_does_not_depend_on_the_names_of_the_groups(trial, rho):
    time, cause, group = trial
    assume(len(set(group.tolist())) == 2)
    try:
        expected = gray_test(time, cause, group, rho=rho)
    except NotEstimable:
        return
    assert 0 <= expected.p <= 1
    swapped = gray_test(time, cause, np.where(group == 0, "z", "a"), rho=rho)
    assert swapped.chi2 == pytest.approx(expected.chi2, rel=1e-6, abs=1e-9)


def test_gray_without_competing_events_is_close_to_the_log_rank_test():
    # The scores are the same; only the estimate of their variance differs.
    rng = np.random.default_rng(3)
    time, group = rng.exponential(1, 400), np.arange(400) % 2
    time = np.where(group == 1, 1.5 * time, time)
    cause = (rng.random(400) < 0.8).astype(int)
    log_rank_chi2 = log_rank(time, cause, group).chi2
    assert gray_test(time, cause, group).chi2 == pytest.approx(log_rank_chi2, rel=0.1)
