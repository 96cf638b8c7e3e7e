"""Where a figure is cut. Oracle: a drawing whose blank rows are known."""

from __future__ import annotations

import io
import itertools

from PIL import Image, ImageDraw

from services.report.office import parts, studies
from services.report.records import Figure
from tests.services.report.sample import a_report, an_item


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


def test_charts_below_each_other_are_cut_between_in_as_few_parts_as_there_can_be() -> None:
    # Three charts of 0.36, 0.26 and 0.38: two have room on a page; no blank row is looked for.
    drawn = Figure(1, 1, cuts=(0.36, 0.62))
    assert parts(drawn, 0.65) == [[(0.0, 0.62)], [(0.62, 1.0)]]
    rows = Figure(1, 1, cuts=tuple(k / 8 for k in range(1, 8)))
    assert parts(rows, 0.9) == [[(0.0, 0.5)], [(0.5, 1.0)]], "about equal, not a page and a rest"


def test_two_studies_that_stand_alone_too_are_named_once() -> None:
    items = (an_item(whose=whose) for whose in ("A. Real", "A. Real; B. Real", "B. Real", "C; D"))
    assert studies(a_report(*items)) == ["A. Real", "B. Real", "C; D"]
