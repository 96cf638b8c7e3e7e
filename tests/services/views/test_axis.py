"""Ticks of the time axis, by properties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.views.axis import tick_step, ticks
from services.views.study import View


@given(st.floats(1e-3, 1e5), st.integers(3, 12))
def test_a_tick_step_is_round_and_leaves_few_ticks(longest: float, most: int) -> None:
    step = tick_step(longest, most)
    assert longest / step <= most * (1 + 1e-9)
    assert float(f"{step:.3g}") == step


def test_ticks_as_asked_for() -> None:
    assert ticks(View(ticks=10.0), 35) == (0, 10, 20, 30)
    assert ticks(View(ticks=0.1, xmax=0.3), 35) == (0, 0.1, 0.2, 0.3)
    assert ticks(View(xmax=24.0), 60) == (0, 3, 6, 9, 12, 15, 18, 21, 24)
    assert ticks(View(), 0.0) == (0,)
