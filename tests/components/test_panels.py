"""Small charts in a grid. Oracle: the figure's own area, 0 to 1 both ways."""

from __future__ import annotations

import itertools

import pytest

from components.panels import grid


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("count", range(1, 10))
def test_panels_are_inside_and_never_overlap(count: int, compact: bool) -> None:
    words = [[("Placebo", "#000000", True)]] * count
    made = grid(words, compact, panel=200, foot=30, margins=60)
    assert len(made.panels) == count
    for one in made.panels:
        assert 0 <= one.x[0] < one.x[1] <= 1 + 1e-9
        assert 0 <= one.y[0] < one.y[1] <= 1
        assert (one.y[1] - one.y[0]) * made.height == pytest.approx(200)
        if not compact:
            assert one.column < 3
    for one, other in itertools.combinations(made.panels, 2):
        beside = one.x[1] <= other.x[0] or other.x[1] <= one.x[0]
        below = one.y[1] <= other.y[0] or other.y[1] <= one.y[0]
        assert beside or below
    assert len({p.suffix for p in made.panels}) == count
    columns = {p.column for p in made.panels}
    assert compact is False or columns == {0}
    assert sum(p.lowest for p in made.panels) == len(columns), "one panel of a column is its last"
