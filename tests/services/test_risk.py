"""SMM risk models. Oracle: the published rules, at their limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from services.risk import MAYO2018_DOI, MODELS, mayo2018

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
        (0, 0, 0, "Low"),
        (21, 2.1, NONE, "High"),  # two points settle it
        (21, 2, NONE, None),  # intermediate or high
        (20, 2, NONE, None),  # low or intermediate
        (NONE, NONE, 21, None),
        (NONE, NONE, NONE, None),
    ],
)
def test_mayo2018(marrow: float, protein: float, ratio: float, group: str | None) -> None:
    found = mayo2018(pd.Series([marrow]), pd.Series([protein]), pd.Series([ratio]))
    assert found.tolist() == [group] if group else found.isna().all()


def test_the_index_is_kept() -> None:
    index = ["b", "a"]
    found = mayo2018(*(pd.Series([30.0, 1.0], index=index) for _ in range(3)))
    assert found.to_dict() == {"b": "High", "a": "Low"}


def test_models_cite_their_source() -> None:
    assert MAYO2018_DOI == "10.1038/s41408-018-0077-4"
    assert len({model.id for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert model.citation
        assert model.doi
        made = model.function(**{k: pd.Series([1.0, 1e6]) for k in model.inputs})
        assert set(made) <= set(model.levels)
