"""Small charts in a grid, and figures as one. Oracle: the figures' own area and pixels."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from components.panels import grid, together


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


# 300 x 200 pixels, of which the plot has 240 from the 40th on, and 150 from the 20th on.
SHAPES = [
    {"type": "line", "xref": "paper", "yref": "y2", "x0": 0.25, "x1": 0.75, "y0": 7, "y1": 7},
    {"type": "line", "xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel",
     "xanchor": 0.5, "yanchor": 1, "x0": -9, "x1": 9, "y0": 4, "y1": 4},
]  # fmt: skip
ONE: dict[str, Any] = {
    "data": [{"y": [1], "meta": "a"}, {"y": [2], "xaxis": "x", "yaxis": "y2"}],
    "layout": {
        "width": 300,
        "height": 200,
        "margin": {"l": 40, "r": 20, "t": 20, "b": 30},
        "xaxis": {"domain": [0, 0.5]},
        "yaxis2": {"overlaying": "y", "domain": [0.2, 1]},
        "annotations": [
            {"text": "here", "xref": "paper", "yref": "paper", "x": 1, "y": 0},
            {"text": "row", "xref": "x domain", "x": 0, "y": 3},
        ],
        "shapes": SHAPES,
    },
}


@pytest.mark.parametrize("below", [False, True])
def test_figures_as_one_keep_their_pixels(below: bool) -> None:
    higher = {**ONE, "layout": {**ONE["layout"], "margin": {"l": 40, "r": 20, "t": 40, "b": 10}}}
    made = together([ONE, higher], [[("One", "#000000", True)], [("Two", "#000000", True)]], below)
    layout = made["layout"]
    wide, tall = layout["width"], layout["height"]
    head = tall - (400 if below else 220)  # what is above: room for a line of words
    if below:
        head //= 2
    assert 0 < head < 60
    assert wide == (300 if below else 600)
    # Their plots begin at one height, or one figure begins where the other and its words end.
    across, down = (0, 200 + head + head + 40) if below else (300, head + 40)
    for suffix, x, y in (("", 0, head + (20 if below else 40)), ("3", across, down)):
        domain = layout[f"xaxis{suffix}"]["domain"]
        assert [share * wide for share in domain] == pytest.approx([x + 40, x + 40 + 120])
        second = layout["yaxis4" if suffix else "yaxis2"]
        assert second["overlaying"] == f"y{suffix}"
        assert [(1 - s) * tall for s in second["domain"]] == pytest.approx([y + 120, y])
    assert [(t.get("xaxis"), t.get("yaxis")) for t in made["data"]] == [
        ("x", "y"), ("x", "y2"), ("x3", "y3"), ("x3", "y4")
    ]  # fmt: skip
    here = [a for a in layout["annotations"] if a["text"] == "here"][1]
    assert here["x"] * wide == pytest.approx(across + 280)
    assert (1 - here["y"]) * tall == pytest.approx(down + 150)
    row = [a for a in layout["annotations"] if a["text"] == "row"][1]
    assert (row["xref"], row["yref"], row["x"], row["y"]) == ("x3 domain", "y3", 0, 3)
    line, tick = layout["shapes"][2:]
    assert (line["yref"], line["y0"]) == ("y4", 7)
    assert line["x0"] * wide == pytest.approx(across + 40 + 60)
    assert (tick["x0"], tick["x1"], tick["xanchor"] * wide) == (-9, 9, pytest.approx(across + 160))
    if below:  # a report cuts it between the two
        assert layout["meta"]["repeated"]["cuts"] == [200 + head]
