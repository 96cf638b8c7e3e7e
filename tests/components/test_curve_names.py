"""Names of curves are whole, inside the figure and apart, at the curves' ends or in a legend."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.curve_names import End, curve_names, legend, spread
from services.study.model import DASHES, PALETTE, Arm
from services.text_width import LINE_HEIGHT, text_width

HIGH = 1.02


def arms(names: list[str]) -> list[Arm]:
    return [
        Arm(name, "experimental", PALETTE[i % 7], DASHES[i % 6]) for i, name in enumerate(names)
    ]


def named(values: list[float], names: list[str] | None = None, compact: bool = False):
    made = arms(names or [f"n{i}" for i in range(len(values))])
    ends = [End(10.0, v, a) for v, a in zip(values, made, strict=True)]
    return curve_names(ends, made, 0.0, HIGH, 360, "light", compact, 92, 635)


def boxes(found, pixels: float = 360) -> list[tuple[float, float]]:
    """Upper and lower edge of each name at a curve, in pixels from the top."""
    result = []
    for a in found.annotations:
        middle = (HIGH - a["y"]) / HIGH * pixels
        half = (a["text"].count("<br>") + 1) * 13 * LINE_HEIGHT / 2
        result.append((middle - half, middle + half))
    return sorted(result)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_no_name_vanishes_or_touches_another(values: list[float]) -> None:
    found = named(values)
    words = " ".join(a["text"] for a in found.annotations)
    assert all(f"<b>n{i}</b>" in words for i in range(len(values)))
    if found.shapes:  # a legend: as many samples as names
        assert len(found.shapes) == len(values)
        return
    edges = boxes(found)
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 360 + 1e-6
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(edges))
    order = sorted(found.annotations, key=lambda a: -a["y"])
    ends = [values[int(a["text"].strip("<b>/n"))] for a in order]
    assert ends == sorted(values, reverse=True)


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), min_size=1, max_size=8),
    st.integers(0, 2**16),
)
def test_names_stand_where_least_squares_puts_them(blocks: list[tuple[float, float]], seed: int):
    """No feasible move of one block brings the sum of squares down: the optimum of a convex sum."""
    blocks.sort()
    wanted, heights = [b[0] for b in blocks], [b[1] for b in blocks]
    placed = spread(wanted, heights, 300)
    if placed is None:
        assert sum(heights) > 300
        return

    def feasible(at: list[float]) -> bool:
        inside = at[0] - heights[0] / 2 >= -1e-7 and at[-1] + heights[-1] / 2 <= 300 + 1e-7
        return inside and all(
            b - a >= (h + k) / 2 - 1e-7
            for a, b, h, k in zip(at, at[1:], heights, heights[1:], strict=False)
        )

    def cost(at: list[float]) -> float:
        return sum((a - w) ** 2 for a, w in zip(at, wanted, strict=True))

    assert feasible(placed)
    for start, end in itertools.combinations(range(len(placed) + 1), 2):
        for step in (-0.01, 0.01):
            other = [p + step * (start <= i < end) for i, p in enumerate(placed)]
            assert not feasible(other) or cost(other) >= cost(placed) - 1e-9


def test_both_names_stand_at_curves_that_end_at_zero() -> None:
    found = named([0.0, 0.0], ["Placebo", "Len"])
    assert not found.shapes
    low, high = sorted(a["y"] for a in found.annotations)
    assert 0 < low < high < 0.15


def test_a_long_name_is_whole_and_in_lines_that_are_measured() -> None:
    capitals = "OBSERVATION WITH MONTHLY MONITORING"
    found = named([0.2, 0.8], [capitals, "LENALIDOMIDE + DEXAMETHASONE"])
    lines = [
        part.removeprefix("<b>").removesuffix("</b>")
        for a in found.annotations
        for part in a["text"].split("<br>")
    ]
    assert " ".join(lines[2:] + lines[:2]).count("OBSERVATION") == 1
    assert capitals in (" ".join(lines), " ".join(lines[-2:]), " ".join(lines[:2]))
    assert max(text_width(line, 13, bold=True) for line in lines) < found.right - 10


@pytest.mark.parametrize("count", [9, 12, 20])
def test_many_names_become_a_legend_with_dashes(count: int) -> None:
    found = named([0.5] * count, [f"Dose {i} mg/kg every other week" for i in range(count)])
    assert len(found.annotations) == len(found.shapes) == count
    assert {s["line"]["dash"] for s in found.shapes} > {"solid"}
    places = [
        (a["xshift"], a["yshift"], text_width(a["text"][3:-4], 12, bold=True))
        for a in found.annotations
    ]
    for (x, y, wide), (u, v, other) in itertools.combinations(places, 2):
        assert y != v or x + wide < u or u + other < x
    assert all(x + 92 + wide < 635 for x, _, wide in places)
    assert found.top >= max(y for _, y, _ in places)


def test_on_narrow_screens_names_take_as_many_rows_as_they_need() -> None:
    made = arms([f"Treatment number {i}" for i in range(5)])
    found = legend(made, "light", 300, 74)
    assert [a["text"] for a in found.annotations] == [f"<b>{a.name}</b>" for a in made]
    assert 3 <= len({a["yshift"] for a in found.annotations}) <= 5
    assert legend(made[:1], "dark", 300, 74).top < 30
