"""Mean times in states and their errors. Oracles: R's survfit, and the influence of each subject
on the probabilities, carried from move to move."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from services.statistics.states.aalen_johansen import mean_times_in_states, probability_in_state
from services.statistics.states.clock import Clock
from services.statistics.states.course import Course
from services.statistics.states.rows import CENSORED, Rows, rows_of
from tests.services.statistics.states.groups import group

SMALL = json.loads((Path(__file__).parents[3] / "oracles" / "states.json").read_text())["small"]
STATES = 4


@pytest.mark.parametrize("case", SMALL.values(), ids=SMALL)
def test_means_alone_against_survfit(case) -> None:
    entered = np.array(case["entered"], dtype=np.float64)  # null is NaN
    rows = rows_of(entered, case["end"], case.get("entry"))
    found = mean_times_in_states(rows, entered.shape[1] + 1, tau=case["tau"])
    assert [m.estimate for m in found.states] == pytest.approx(case["answers"]["mean"], abs=1e-8)
    errors = case["answers"]["mean_std_err"]
    assert [m.std_err for m in found.states] == pytest.approx(errors, abs=1e-6)
    whole = probability_in_state(rows, entered.shape[1] + 1, tau=case["tau"])
    assert found == whole.mean_times


def carried(rows: Rows, course: Course, clock: Clock) -> np.ndarray:
    """Standard errors of the mean times: u(t) = u(t-) H + p / n (e_k - H_j) of every subject."""
    unit = np.eye(STATES)
    times = clock.time[course.moves]
    of_mean = np.zeros((rows.n, STATES))
    for subject in range(rows.n):
        stays = [
            (rows.start[i], rows.stop[i], rows.state[i], rows.to[i])
            for i in np.flatnonzero(rows.subject == subject)
        ]
        there = [s for start, stop, s, _ in stays if start < times[0] <= stop]
        u = np.zeros(STATES)
        if there:
            u = (unit[there[0]] - course.probability[0]) / course.at_risk[course.moves[0]].sum()
        of_mean[subject] += course.width[0] * u
        for m, time in enumerate(times):
            u = u @ course.step[m]
            for start, stop, state, to in stays:
                if start < time <= stop:
                    after = to if stop == time and to != CENSORED else state
                    u += course.weight[m, state] * (unit[after] - course.step[m, state])
            of_mean[subject] += course.width[m + 1] * u
    return np.sqrt((of_mean**2).sum(axis=0))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("tau", [5.0, 12.0])
def test_errors_are_those_of_influences_carried_from_move_to_move(seed: int, tau: float) -> None:
    rows = group(seed, entries=seed % 2 == 1)
    clock = Clock.of(rows, STATES)
    course = Course.of(clock, tau)
    mean, std_err = course.means(clock)
    np.testing.assert_allclose(std_err, carried(rows, course, clock), rtol=1e-10)
    assert mean.sum() == pytest.approx(tau)
    assert (std_err > 0).any()
