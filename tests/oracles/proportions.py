"""R's answers about shares, for tests (make_proportions.R), and how ours are compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import strategies as st

from services.statistics.proportions import (
    risk_differences,
)
from services.statistics.results import Estimate

ORACLE = json.loads(Path(__file__).with_name("proportions.json").read_text(encoding="utf-8"))


def ends(estimate):
    return estimate.lower, estimate.upper


def difference(*counts, level=0.95):
    return Estimate(*(float(value) for value in risk_differences(*counts, level)))


def close(found, expected, tolerance=1e-9):
    # R gives limits of 0 and 1 exactly, so must we; relative to the number elsewhere.
    assert found == pytest.approx(expected, rel=tolerance, abs=1e-12)


@st.composite
def tables(draw):
    n1, n2 = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2
