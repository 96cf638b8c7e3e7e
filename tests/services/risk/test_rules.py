"""Rules of the risk models. Oracle: the published definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.risk.models import model

NONE = np.nan


@pytest.mark.parametrize(
    ("marrow", "protein", "ratio", "group"),
    [
        (20, 2, 20, "Low"),  # the limits themselves score nothing
        (20.1, 2, 20, "Intermediate"),
        (20, 2.01, 20, "Intermediate"),
        (20, 2, 20.01, "Intermediate"),
        (21, 2.1, 1, "High"),
        (21, 1, 21, "High"),
        (1, 3, 100, "High"),
        (60, 3, 100, "High"),
        (0, 0, 1, "Low"),
        (0, 0, 0, None),  # a ratio of nothing is not known
        (21, 2.1, NONE, "High"),  # two points settle it
        (21, 2, NONE, None),  # intermediate or high
        (20, 2, NONE, None),  # low or intermediate
        (NONE, NONE, 21, None),
        (NONE, NONE, NONE, None),
    ],
)
def test_mayo2018(marrow: float, protein: float, ratio: float, group: str | None) -> None:
    found = model("MAYO2018").groups(pd.Series([marrow]), pd.Series([protein]), pd.Series([ratio]))
    assert found.tolist() == [group] if group else found.isna().all()
