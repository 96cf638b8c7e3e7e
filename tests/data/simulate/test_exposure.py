"""When treatment starts and why it ends, by hand."""

from __future__ import annotations

import numpy as np

from data.simulate.draw import Draw
from data.simulate.exposure import COMPLETED, DEATH, PROGRESSION, start_treatment


def test_treatment_ends_as_planned_or_sooner() -> None:
    why = {1: DEATH, 2: PROGRESSION, 3: ""}
    found = start_treatment(
        treated=np.array([True, True, True, True, False]),
        within=5,
        planned=lambda i, first: first + 100,
        as_planned=COMPLETED,
        time=np.array([900, 50, 60, 70, 80]),
        why=lambda i: why.get(i, PROGRESSION),
        draw=Draw(1),
    )
    assert found.reason == [COMPLETED, DEATH, PROGRESSION, COMPLETED, ""]
    assert ((found.first[:4] >= 1) & (found.first[:4] <= 5)).all()
    # the last dose is six days before a death; no reason, no end
    assert found.last.tolist() == [found.first[0] + 100, 44, 60, found.first[3] + 100, 0]
    assert found.first[4] == 0
    assert found.having(COMPLETED) == [0, 3]
    assert found.having("") == []
