"""Baseline values. Oracle of the risk levels: the app's Mayo 2018 rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.simulate.aquila import covariates as aquila
from data.simulate.baseline import HIGH, INTERMEDIATE, LOW, Burden, risk_levels, swap_high
from data.simulate.draw import Draw
from data.simulate.e3a06 import covariates as e3a06
from data.simulate.packages import as_columns
from data.simulate.stats import Bools
from services.risk.models import model

NAMES = {LOW: "Low", INTERMEDIATE: "Intermediate", HIGH: "High"}


@pytest.mark.parametrize("burden", [e3a06.BURDEN, aquila.BURDEN])
@pytest.mark.parametrize("level", list(NAMES))
def test_values_are_read_as_the_level_they_were_drawn_for(burden: Burden, level: int) -> None:
    draw = Draw(level)
    drawn = [burden.values(burden.over(level, draw), draw) for _ in range(300)]
    frame = pd.DataFrame(as_columns(drawn)).astype(float)
    assert set(model("MAYO2018").groups(frame.BMPC, frame.MPROT, frame.FLCR)) == {NAMES[level]}
    # below what defines myeloma
    assert frame.BMPC.between(10, 59).all()
    assert frame.FLCR.between(1.65, 100, inclusive="neither").all()


def test_a_quarter_at_high_risk_are_over_all_three_limits() -> None:
    draw = Draw(1)
    counts = [sum(e3a06.BURDEN.over(HIGH, draw).values()) for _ in range(2_000)]
    assert set(counts) == {2, 3}
    assert counts.count(3) / 2_000 == pytest.approx(0.25, abs=0.03)


def test_levels_hold_their_counts() -> None:
    high = np.arange(30) < 10
    found = risk_levels(high, 12, [1.0] * 30, Draw(1))
    assert found[:10] == [HIGH] * 10
    assert (found.count(LOW), found.count(INTERMEDIATE)) == (12, 8)


@pytest.mark.parametrize("across", [0.0, 0.5])
def test_swaps_of_risk_stay_within_the_arm_unless_told(across: float) -> None:
    arm, high = np.repeat([0, 1], 20), np.tile(np.arange(20) < 5, 2)
    wanted = 5 if across == 0 else 8
    # the highest numbers of arm 1, and how many of them

    def loss(state: Bools) -> float:
        mine = np.flatnonzero(state & (arm == 1))
        return float(np.sum(mine < 30)) + abs(mine.size - wanted)

    found = swap_high(high, arm, loss, Draw(1), steps=20_000, what="x", across=across)
    assert found.sum() == 10
    assert found[30:].sum() == wanted


def test_people_stay_within_the_limits() -> None:
    population, draw = e3a06.POPULATION, Draw(1)
    people = pd.DataFrame([population.person(draw) for _ in range(500)])
    assert pd.to_numeric(people.AGE).between(36, 85).all()
    assert (people.SEX == "M").mean() == pytest.approx(0.53, abs=0.06)
    assert set(people.ECOGBL) == {"0", "1", "2"}
    found = pd.DataFrame([population.laboratory("F", 1.0, 0.3, draw) for _ in range(500)])
    assert pd.to_numeric(found.HGB).between(11, 16.8).all()
    assert (found.CYTOGEN == "").mean() == pytest.approx(0.17, abs=0.05)
    assert set(found.CYTOGEN) == {"", "High risk"}
