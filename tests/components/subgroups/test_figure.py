"""The forest as drawn. Oracle: the record it is drawn from."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from components.compare.figure import same_axes
from components.subgroups.figure import forest_figure, limits, on_one_axis
from components.subgroups.lines import lines
from tests.components.figures import contrast, traces
from tests.components.subgroups.drawn import cells, page_of


def test_box_area_is_the_information() -> None:
    page = page_of("?by=SEX,TSDIAGGR")
    (boxes,) = traces(forest_figure(page), "box")
    assert page.forest is not None
    ratios = [r.hazard_ratio for g in page.forest.groups for r in g.levels if r.hazard_ratio]
    assert boxes["x"] == [math.log10(r.estimate) for r in ratios]
    sizes, weights = boxes["marker"]["size"], [1 / r.log_se**2 for r in ratios]
    shares = [s**2 / w for s, w in zip(sizes, weights, strict=True) if s > 4]
    assert max(shares) / min(shares) == pytest.approx(1)


def test_what_lies_outside_the_axis_has_an_arrow() -> None:
    page = page_of()
    figure = forest_figure(page)
    low, high = figure["layout"]["xaxis"]["range"]
    (arrows,) = traces(figure, "arrow")
    assert page.forest is not None
    outside = 0
    for line in lines(page):
        ratio = line.row.hazard_ratio if line.row else None
        if ratio is not None and line.kind == "level":
            outside += (math.log10(ratio.lower) < low) + (math.log10(ratio.upper) > high)
            assert low <= math.log10(ratio.estimate) <= high
    assert outside == len(arrows["x"]) > 0
    assert set(arrows["x"]) <= {low, high}


def test_a_published_ratio_stands_above_its_row_with_a_mark_of_its_own() -> None:
    """Oracle: Lonial 2020 for Mayo 2018 high risk: 0.09 (0.02 to 0.44)."""
    page = page_of("?by=SEX,MAYO2018")
    made = lines(page)
    (at,) = [i for i, line in enumerate(made) if line.kind == "published"]
    assert made[at + 1].label == "High"
    assert made[at].target == made[at + 1].target == "row:MAYO2018:High"
    for compact in (False, True):
        figure = forest_figure(page, compact=compact)
        (mark,) = traces(figure, "published")
        assert mark["x"] == [math.log10(0.09)]
        assert "0.09 (0.02 to 0.44)" in cells(figure)
        said = "".join(cells(figure)).replace(" ", "")
        assert "High,published(Hematology2021(1):673-681,Table1)" in said
        (intervals,) = traces(figure, "interval")
        assert math.log10(0.44) in intervals["x"]
    assert "0.09 (0.02 to 0.44)" in page_rows(forest_figure(page))[at]
    assert not traces(forest_figure(page_of("?by=SEX")), "published")


def page_rows(figure: dict[str, Any]) -> list[str]:
    """What each row says where it is pointed at."""
    return [text for _, text in figure["layout"]["meta"]["rows"]]


def test_limits_without_any_estimate() -> None:
    assert limits([]) == (0.1, 10.0)


def test_two_forests_say_whom_each_side_of_the_same_line_favors() -> None:
    pages = on_one_axis(page_of(), page_of("?by=SEX"))
    one, other = same_axes(*(forest_figure(p, compact=True, live=True) for p in pages))
    assert one["layout"]["xaxis"]["range"] == other["layout"]["xaxis"]["range"]
    for figure in (one, other):
        axis, meta = figure["layout"]["xaxis"], figure["layout"]["meta"]
        low, high = axis["range"]
        sides = [share for share, *_, written in meta["texts"] if "favors" in written[0][1]]
        assert sides == [pytest.approx(-low / (high - low))] * 2
        assert "1" in axis["ticktext"]


def test_no_effect_is_the_strong_line_and_the_overall_estimate_a_light_one() -> None:
    page = page_of("?by=SEX")
    assert page.forest is not None
    ratio = page.forest.overall.hazard_ratio
    assert ratio is not None
    shapes = [s for s in forest_figure(page)["layout"]["shapes"] if s["xref"] == "x"]
    (band,) = [s for s in shapes if s["type"] == "rect"]
    assert (band["x0"], band["x1"]) == (math.log10(ratio.lower), math.log10(ratio.upper))
    (overall,) = [s for s in shapes if s["line"].get("dash")]
    assert overall["x0"] == math.log10(ratio.estimate)
    strongest = max(shapes, key=lambda s: s["line"]["width"])
    assert strongest["x0"] == strongest["x1"] == 0  # log10 of 1
    assert contrast(strongest["line"]["color"], "#ffffff") > 7
    assert contrast(overall["line"]["color"], "#ffffff") < 4
    assert strongest["line"].get("dash") is None


def test_rows_that_cannot_be_estimated_say_why_beside_the_axis() -> None:
    """In their column, where no line strikes them through."""
    words = [cell for cell in cells(forest_figure(page_of("?by=MAYO2018"))) if "NE:" in cell]
    assert words == ["NE: 0 events in Lenalidomide"]


def test_each_row_tells_what_a_click_asks_for() -> None:
    figure = forest_figure(page_of("?by=SEX"))
    meta = figure["layout"]["meta"]
    assert [target for target, _ in meta["rows"]] == ["", "fold:SEX", "row:SEX:F", "row:SEX:M"]
    assert "Sex: Female\nLenalidomide: 7 of 52 had the event" in meta["rows"][2][1]
    # Rows are where the browser looks for them: pixels from the figure's top.
    edges, margin = meta["edges"], figure["layout"]["margin"]
    assert len(edges) == len(meta["rows"]) + 1
    assert edges[-1] + margin["b"] == figure["layout"]["height"]
    for y in traces(figure, "box")[0]["y"]:
        assert any(a < y + margin["t"] < b for a, b in itertools.pairwise(edges))


def test_the_numbers_are_written_as_everywhere() -> None:
    texts = cells(forest_figure(page_of("?by=SEX")))
    assert "0.28 (0.12 to 0.62)" in texts
    assert "+25.3 (11.1 to 39.8)" in texts
    assert "interaction p = 0.324: inconclusive (30 events)" in texts
    assert "8/92 · NR" in texts
    assert "8/92 · 91%" in cells(forest_figure(page_of("?by=SEX&per_arm=landmark")))


def test_narrow_screens_have_fewer_columns() -> None:
    wide, narrow = (forest_figure(page_of(), compact=c) for c in (False, True))
    assert len(traces(wide, "column")) == 5
    assert len(traces(narrow, "column")) == 2
