"""Probability in state against R's survfit, a hand computation, and Kaplan-Meier.

The oracle's file is made by tests/oracles/make_states.R.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from services.statistics.kaplan_meier import kaplan_meier
from services.statistics.results import NotEstimable
from services.statistics.states.aalen_johansen import in_state, probability_in_state
from services.statistics.states.rows import rows_of

ORACLE = json.loads((Path(__file__).parents[3] / "oracles" / "states.json").read_text())
SMALL = ORACLE["small"]
NAN = float("nan")


def floats(values):
    return np.array(values, dtype=np.float64)  # null is NaN


@pytest.mark.parametrize("case", SMALL.values(), ids=SMALL)
def test_small_ones_against_survfit(case):
    entered, r = floats(case["entered"]), case["answers"]
    rows = rows_of(entered, case["end"], case.get("entry"))
    ours = probability_in_state(rows, entered.shape[1] + 1, tau=case["tau"])
    at = np.searchsorted(ours.time, floats(r["time"]))
    np.testing.assert_array_equal(ours.time[at], floats(r["time"]))
    np.testing.assert_allclose(ours.probability[at], floats(r["probability"]), atol=1e-8)
    np.testing.assert_allclose(ours.std_err[at], floats(r["std_err"]), atol=1e-6)
    np.testing.assert_allclose(ours.lower[at], floats(r["lower"]), atol=1e-6)
    np.testing.assert_allclose(ours.upper[at], floats(r["upper"]), atol=1e-6)
    np.testing.assert_array_equal(ours.at_risk[at][:, :-1], floats(r["at_risk"])[:, :-1])
    moves = {(m.origin, m.target): m.n for m in ours.moves}
    theirs = {(int(m["from"]), int(m["to"])): m["Freq"] for m in r["moves"] if m["Freq"]}
    assert moves == theirs
    means = ours.mean_times.states
    assert [m.estimate for m in means] == pytest.approx(r["mean"], abs=1e-8)
    assert [m.std_err for m in means] == pytest.approx(r["mean_std_err"], abs=1e-6)


def test_three_patients_by_hand():
    """A progresses at 2, is treated at 4 and dies at 6; B progresses at 3, last seen at 5; C is
    last seen at 4, nothing having happened."""
    rows = rows_of([[2, 4, 6], [3, NAN, NAN], [NAN, NAN, NAN]], [6, 5, 4])
    found = probability_in_state(rows, 4, tau=5, landmarks=[3, 4])
    # Free: 1, 2/3 from 2 (A of three goes), 1/3 from 3 (B of two goes). C leaves at 4, unseen.
    # Progressed: 1/3 from 2, 2/3 from 3; at 4 A, one of two, is treated: 1/3 each.
    # At 6 A, alone on treatment, dies: the third on treatment is dead.
    third = 1 / 3
    expected = {
        0: [1, 0, 0, 0],
        2: [2 * third, third, 0, 0],
        3: [third, 2 * third, 0, 0],
        4: [third, third, third, 0],
        5: [third, third, third, 0],
        6: [third, third, 0, third],
    }
    assert found.time.tolist() == list(expected)
    np.testing.assert_allclose(found.probability, list(expected.values()), atol=1e-12)
    # Areas up to 5: free 2 + 2/3 + 2/3 = 10/3; progressed 1/3 + 2/3 + 1/3 = 4/3; treated 1/3.
    means = [m.estimate for m in found.mean_times.states]
    assert means == pytest.approx([10 / 3, 4 / 3, 1 / 3, 0], abs=1e-12)
    # At 4 each patient stands for one third: of every state the influences are 2/3, -1/3 and -1/3,
    # over 3, and their squares add up to 2/27.
    assert found.std_err[3, :3] == pytest.approx([np.sqrt(2 / 27)] * 3, abs=1e-12)
    mark = found.landmarks[1]
    assert mark.at_risk == (1, 2, 0, 0)
    assert mark.states[3].reason == "nobody in this state: no interval"


def test_two_states_are_kaplan_meier():
    rng = np.random.default_rng(1)
    time, event = np.ceil(rng.exponential(20, 80)), rng.random(80) < 0.6
    rows = rows_of(np.where(event, time, np.nan)[:, None], time)
    ours = probability_in_state(rows, 2, tau=15, landmarks=[10])
    curve = kaplan_meier(time, event, ci="log", tau=15, landmarks=[10])
    at = np.searchsorted(ours.time, curve.time)
    np.testing.assert_allclose(ours.probability[at, 0], curve.survival, atol=1e-12)
    assert ours.mean_times.states[0].estimate == pytest.approx(curve.rmst.estimate)
    assert ours.mean_times.states[0].std_err == pytest.approx(curve.rmst.se)
    assert ours.landmarks[0].states[0].lower == pytest.approx(curve.landmarks[0].lower)
    assert ours.landmarks[0].at_risk[0] == curve.landmarks[0].at_risk


def test_the_order_of_patients_and_the_unit_of_time_change_nothing():
    rng = np.random.default_rng(2)
    first = np.ceil(rng.exponential(10, 60))
    second = first + np.floor(rng.exponential(6, 60))
    end = np.ceil(rng.exponential(25, 60))
    entered = np.column_stack((first, second))
    whole = probability_in_state(rows_of(entered, end), 3, tau=20)
    order = rng.permutation(60)
    # Thirds make equal times differ by rounding.
    other = probability_in_state(rows_of(entered[order] / 3, end[order] / 3), 3, tau=20 / 3)
    np.testing.assert_allclose(other.probability, whole.probability, atol=1e-12)
    np.testing.assert_allclose(other.std_err, whole.std_err, atol=1e-12)
    np.testing.assert_allclose(whole.probability.sum(axis=1), 1, atol=1e-12)
    assert sum(m.estimate for m in whole.mean_times.states) == pytest.approx(20)
    for m in whole.mean_times.states:
        assert 0 <= m.lower < m.estimate < m.upper <= 20


def test_a_probability_of_0_or_1_has_no_error_that_rounding_made():
    entered = [[NAN, 11], [NAN, 2], [6, 11], [5, 9], [4, 8]]
    found = probability_in_state(rows_of(entered, [12, 11, 2, 13, 10]), 3)
    certain = (found.probability == 0) | (found.probability == 1)
    assert certain[-1].tolist() == [True, True, True]
    assert found.std_err[certain].tolist() == [0.0] * int(certain.sum())


def test_numbers_in_state_at_entry_times():
    rows = rows_of([[2, NAN], [NAN, 4]], [6, 4], [0, 1])
    assert in_state(rows, 3, [0, 1, 2, 3, 4, 5]).tolist() == [
        [0, 0, 0], [1, 0, 0], [2, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1]
    ]  # fmt: skip


def test_without_patients_there_is_nothing_to_estimate():
    with pytest.raises(NotEstimable, match="no "):
        probability_in_state(rows_of(np.empty((0, 2)), []), 3)
