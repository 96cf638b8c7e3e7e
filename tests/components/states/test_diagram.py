"""The diagram of moves. Oracle: geometry of its boxes and the numbers it was given."""

from __future__ import annotations

import pytest

from components.chart import NARROW_PIXELS, WIDE_PIXELS
from components.states.diagram import diagram

FOUR = ("Free of progression", "Progressed, untreated", "First-line treatment", "Died")
THREE = ("Free of progression", "Progressed", "Died")


@pytest.mark.parametrize("states", [FOUR, THREE])
@pytest.mark.parametrize("compact", [False, True])
def test_an_arrow_and_its_numbers_for_every_way(states: tuple[str, ...], compact: bool) -> None:
    last = len(states) - 1
    ways = [(a, b) for a in range(last) for b in range(a + 1, last + 1)]
    moves = {way: [("#0072B2", 10 * way[0] + way[1]), ("#4D545E", 0)] for way in ways}
    layout = diagram(states, moves, "light", compact)["layout"]
    words = [a["text"] for a in layout["annotations"]]
    assert sum(a["showarrow"] for a in layout["annotations"]) == len(ways)
    for a, b in ways:
        told = f'<span style="color:#0072B2">{10 * a + b:,}</span>'
        assert sum(told in w for w in words) == 1
    boxes = [s for s in layout["shapes"] if s["type"] == "rect"]
    assert len(boxes) == len(states)
    for box in boxes:
        half = box["line"]["width"] / 2 / ((NARROW_PIXELS if compact else WIDE_PIXELS) - 20)
        assert half <= box["x0"] < box["x1"] <= 1 - half  # the whole line is inside the chart
    # An arrow to the right leaves the edge of one box and ends at that of the other.
    right = next(a for a in layout["annotations"] if a["showarrow"] and a["y"] == a["ay"])
    assert boxes[0]["x1"] < right["ax"] < right["x"] < boxes[1]["x0"]
    assert sum(s["type"] == "path" for s in layout["shapes"]) == (1 if len(states) == 4 else 0)


def test_on_a_phone_a_number_between_boxes_is_above_their_lines() -> None:
    layout = diagram(FOUR, {(0, 1): [("#0072B2", 62)]}, "light", True)["layout"]
    number = next(a for a in layout["annotations"] if "62" in a["text"])
    top = max(s["y1"] for s in layout["shapes"] if s["type"] == "rect")
    half = 0.6 * number["font"]["size"]  # of a line of text, with the space above and below it
    assert (number["y"] - top) * (layout["height"] - 8) > half + 2


def test_ways_that_nobody_went_are_lighter() -> None:
    def color(n: int) -> str:
        layout = diagram(THREE, {(0, 1): [("#0072B2", n)]}, "light", False)["layout"]
        return str(next(a["arrowcolor"] for a in layout["annotations"] if a["showarrow"]))

    assert color(0) != color(1)
