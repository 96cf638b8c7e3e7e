"""Data with competing events and R's answers, for tests (tests/oracles/make_competing.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

SETS = json.loads(
    (Path(__file__).parents[3] / "oracles" / "competing.json").read_text(encoding="utf-8")
)["sets"]


def cases(kind):
    return [
        pytest.param(data, case, id=f"{name}-{i}")
        for name, data in SETS.items()
        for i, case in enumerate(data[kind])
    ]


@st.composite
def trials(draw, causes=3):
    n = draw(st.integers(1, 60))
    draws = {"min_size": n, "max_size": n}
    time = draw(st.lists(st.integers(0, 12), **draws))
    cause = draw(st.lists(st.integers(0, causes), **draws))
    group = draw(st.lists(st.integers(0, 1), **draws))
    return np.array(time), np.array(cause), np.array(group)
