"""Newton's method for one hazard ratio: it ends where the likelihood does."""

from __future__ import annotations

import numpy as np
import pytest

from services import survival
from services.statistics.efron import fit_cells, rank_of
from tests.oracles.engine import case, numbers


def test_lifelines_stops_early_where_we_do_not():
    # Its default precision leaves the hazard ratio 4e-5 off R's on some data; ours ends at 1e-9.
    d, r = case("gbsg2").pair(), case("gbsg2").r["pair"]
    beta = float(numbers(r["cox"]["beta"])[0])
    assert (
        abs(np.log(survival.hazard_ratio(d["time"], d["event"], d["treated"]).estimate) - beta)
        < 1e-9
    )


@pytest.mark.parametrize("shift", [1.0, 1e3])
def test_very_unequal_arms_converge(shift):
    # A first Newton step from 0 would overshoot.
    time = np.concatenate((np.arange(1, 2001), [shift, 1500.5]))
    hr = survival.hazard_ratio(time, np.ones(2002), np.arange(2002) >= 2000)
    assert np.isfinite(hr.estimate)
    assert hr.lower < hr.estimate < hr.upper


def test_a_likelihood_of_two_cells_has_its_closed_form():
    """One death a cell at (2, 2) and (1, 2): at exp(b) = x it is x / ((2 + 2x)(1 + 2x))."""
    at_risk = np.array([[2.0, 2.0], [1.0, 2.0]])
    fit = fit_cells(at_risk, np.array([1, 1]), np.array([[0.0], [1.0]]))
    x = np.sqrt(0.5)  # where the derivative, 2 - 4 x^2, is 0
    assert fit.beta[0] == pytest.approx(np.log(x), abs=1e-9)
    assert fit.log_likelihood == pytest.approx(np.log(x / ((2 + 2 * x) * (1 + 2 * x))))


def test_a_coefficient_that_repeats_another_is_not_counted():
    at_risk = np.array([[2.0, 2.0], [1.0, 2.0]])
    one, twice = np.array([[0.0], [1.0]]), np.array([[0.0, 0.0], [1.0, 2.0]])
    assert (rank_of(at_risk, one), rank_of(at_risk, twice)) == (1, 1)
    deaths = np.array([1, 1])
    alone, both = (fit_cells(at_risk, deaths, design) for design in (one, twice))
    assert both.log_likelihood == pytest.approx(alone.log_likelihood, abs=1e-12)
