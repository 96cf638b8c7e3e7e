"""Where a figure is cut. Oracle: a drawing whose blank rows are known."""

from __future__ import annotations

import io
import itertools

from PIL import Image, ImageDraw

from services.report.office import parts
from services.report.records import Figure


def test_a_figure_is_cut_where_nothing_is_drawn() -> None:
    image = Image.new("RGB", (100, 1000), "white")
    for top in range(0, 1000, 50):  # lines of 40 pixels, blanks of 10
        ImageDraw.Draw(image).rectangle((10, top, 90, top + 39), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    found = [part for (part,) in parts(Figure(100, 1000, png=out.getvalue()), 0.45)]
    assert (found[0][0], found[-1][1]) == (0.0, 1.0)
    for (_, end), (start, _) in itertools.pairwise(found):
        assert start == end
        assert 40 <= round(end * 1000) % 50 <= 50
    assert all(end - start <= 0.45 for start, end in found)
    assert parts(Figure(1, 1), 1.2) == [[(0.0, 1.0)]]


def test_heads_and_axis_stand_on_each_page_and_groups_stay_whole() -> None:
    # Heads of a tenth, an axis of a fifth, groups of rows of 0.2, 0.15, 0.25 and 0.1.
    drawn = Figure(1, 1, head=0.1, foot=0.2, cuts=(0.1, 0.3, 0.45, 0.7))
    assert parts(drawn, 0.68) == [
        [(0.0, 0.45), (0.8, 1.0)],
        [(0.0, 0.1), (0.45, 1.0)],
    ]
