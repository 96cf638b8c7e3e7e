"""Newton's method for one hazard ratio: it ends where the likelihood does."""

from __future__ import annotations

import numpy as np
import pytest

from services import survival
from services.statistics.efron import fit_cells, fit_pairs, ranks_of
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


AT_RISK = np.array([[[2.0, 1.0], [2.0, 2.0]]])  # of two cells at two deaths
DEATHS = np.array([[1, 1]])


def test_a_likelihood_of_two_cells_has_its_closed_form():
    """One death a cell at (2, 2) and (1, 2): at exp(b) = x it is x / ((2 + 2x)(1 + 2x))."""
    fit = fit_cells(AT_RISK, DEATHS, np.array([[[0.0], [1.0]]]))
    x = np.sqrt(0.5)  # where the derivative, 2 - 4 x^2, is 0
    assert fit.beta[0, 0] == pytest.approx(np.log(x), abs=1e-9)
    assert fit.log_likelihood[0] == pytest.approx(np.log(x / ((2 + 2 * x) * (1 + 2 * x))))


def test_a_coefficient_that_repeats_another_is_not_counted():
    designs = np.array([[[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [1.0, 2.0]]])
    at_risk = np.repeat(AT_RISK, 2, axis=0)
    assert ranks_of(at_risk, designs).tolist() == [1, 1]
    alone, both = fit_cells(at_risk, np.repeat(DEATHS, 2, axis=0), designs).log_likelihood
    assert both == pytest.approx(alone, abs=1e-12)


def test_what_everyone_at_risk_shares_is_not_counted():
    """Shares of seven cells add up to 1 but for rounding: no information of what all have."""
    at_risk = np.random.default_rng(3).integers(1, 9, (1, 7, 400)).astype(float)
    arm, everyone = np.arange(7) % 2, np.ones(7)
    designs = np.stack((np.stack((arm, everyone), axis=1), np.stack((0 * arm, everyone), axis=1)))
    assert ranks_of(np.repeat(at_risk, 2, axis=0), designs).tolist() == [1, 0]


def test_fits_of_a_batch_are_those_of_each_alone():
    """Of all sizes, with cells that never die, that die alone (separation) or are empty."""
    rng = np.random.default_rng(5)
    sets = []
    for cells, rows in [(2, 9), (4, 40), (6, 25), (4, 7), (6, 60)]:
        at_risk = np.sort(rng.integers(1, 30, (cells, rows)).astype(float), axis=1)[:, ::-1].copy()
        deaths = np.bincount(rng.integers(0, cells, rows), minlength=cells)
        sets.append((at_risk, deaths, np.eye(cells)[:, 1:]))
    sets[1][0][2], sets[1][1][2] = 0.0, 0
    sets[2][0][:, -5:] = 0.0
    sets[2][0][3, -5:] = 1.0
    sets[3][1][1] = 0  # its hazard runs to 0
    filled = [np.zeros((5, 6, 60)), np.zeros((5, 6), dtype=int), np.zeros((5, 6, 5))]
    for k, parts in enumerate(sets):
        for whole, part in zip(filled, parts, strict=True):
            whole[(k, *map(slice, part.shape))] = part
    batch, ranks = fit_cells(*filled), ranks_of(filled[0], filled[2])
    for k, parts in enumerate(sets):
        single = [part[None] for part in parts]
        alone = fit_cells(*single)
        assert ranks[k] == ranks_of(single[0], single[2])[0]
        assert batch.log_likelihood[k] == pytest.approx(alone.log_likelihood[0], rel=1e-12)
        assert batch.beta[k, : len(alone.beta[0])] == pytest.approx(alone.beta[0], abs=1e-6)
    assert ranks.tolist() == [1, 2, 5, 3, 5]


@pytest.mark.filterwarnings("error")
def test_one_data_set_at_its_end_and_one_that_overshoots():
    """Closed form: with a0 = 100 a1 at two deaths, one of either group, the ratio is 100."""
    a0, a1 = np.array([1.0, 1.0, 1e3, 1e4]), np.array([1.0, 1.0, 10.0, 100.0])
    fit = fit_pairs(a0, a1, np.array([1.0, 1.0]), np.array([0, 0, 1, 1]))
    assert fit.beta == pytest.approx([0.0, np.log(100)], abs=1e-7)
