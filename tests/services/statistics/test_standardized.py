"""Direct standardization; with whole studies R is the oracle (``pages/survival/test_adjusted``)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services.statistics import standardized as module
from services.statistics.results import NotEstimable
from services.statistics.standardized import standardized


def test_without_an_effect_of_the_factor_it_is_the_models_own_curve() -> None:
    """Closed form: at each time one of every kind has the event, so both coefficients are 0."""
    x = pd.DataFrame({"x": [0.0, 1, 0, 1] * 2})
    at, found = standardized([1] * 4 + [2] * 4, [1] * 8, list("aabb" * 2), x, arms=["a", "b"])
    hazard = np.cumsum([1 / 8 + 1 / 7 + 1 / 6 + 1 / 5, 1 / 4 + 1 / 3 + 1 / 2 + 1])
    assert_allclose(at, [0, 1, 2])
    assert_allclose(found, [[1, *np.exp(-hazard)]] * 2, atol=1e-9)


def test_pieces_of_a_long_table_are_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    x = pd.DataFrame({"x": rng.normal(size=40)})
    data = rng.exponential(5, 40), np.ones(40), np.array(list("abc" * 13 + "a"))
    whole = standardized(*data, x, arms=["a", "b", "c"])[1]
    monkeypatch.setattr(module, "_CELLS", 100)
    assert_allclose(standardized(*data, x, arms=["a", "b", "c"])[1], whole, rtol=1e-12)
    assert whole.shape[0] == 3


def test_an_arm_without_events_has_no_curve() -> None:
    x = pd.DataFrame({"x": [1.0, 2, 2, 1]})
    with pytest.raises(NotEstimable, match="no estimate"):
        standardized([1, 2, 3, 4], [1, 0, 1, 0], list("abab"), x, arms=["a", "b"])
