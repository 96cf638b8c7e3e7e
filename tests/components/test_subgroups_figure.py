"""The forest as drawn. Oracle: the record it is drawn from."""

from __future__ import annotations

import math
from typing import Any

import pytest

from components.subgroups import image
from components.subgroups_figure import forest_figure, limits
from components.subgroups_lines import lines
from components.subgroups_table import forest_table
from services.subgroups_page import subgroups_page
from services.subgroups_records import SubgroupsPage
from services.view import decode
from tests.studies import bundled


def page_of(query: str = "") -> SubgroupsPage:
    return subgroups_page(bundled(), decode(query))


def traces(figure: dict[str, Any], meta: str) -> list[dict[str, Any]]:
    return [t for t in figure["data"] if t.get("meta") == meta]


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


def test_limits_without_any_estimate() -> None:
    assert limits([]) == (0.1, 10.0)


def test_line_and_band_stand_at_the_overall_estimate_and_nothing_marks_one() -> None:
    page = page_of("?by=SEX")
    assert page.forest is not None
    ratio = page.forest.overall.hazard_ratio
    assert ratio is not None
    shapes = [s for s in forest_figure(page)["layout"]["shapes"] if s["xref"] == "x"]
    (band,) = [s for s in shapes if s["type"] == "rect"]
    assert (band["x0"], band["x1"]) == (math.log10(ratio.lower), math.log10(ratio.upper))
    dotted = [s for s in shapes if s["line"].get("dash")]
    assert [s["x0"] for s in dotted] == [math.log10(ratio.estimate)]


def test_folded_variables_keep_their_heading() -> None:
    labels = [line.kind for line in lines(page_of("?by=SEX,AGEGR1&fold=SEX"))]
    assert labels == ["overall", "heading", "heading", "level", "level", "level"]


def test_rows_that_cannot_be_estimated_stay_with_the_reason() -> None:
    (told,) = traces(forest_figure(page_of("?by=MAYO2018")), "reason")
    assert told["text"] == ["<i>0 events in Lenalidomide</i>"]


def test_each_row_tells_what_a_click_asks_for() -> None:
    figure = forest_figure(page_of("?by=SEX"))
    meta = figure["layout"]["meta"]
    assert [target for target, _ in meta["rows"]] == ["", "fold:SEX", "row:SEX:F", "row:SEX:M"]
    assert "Sex: Female\nLenalidomide: 7 of 52 had the event" in meta["rows"][2][1]
    # Rows are where the browser looks for them.
    axis = figure["layout"]["margin"]["b"]
    rows = (meta["head"] + len(meta["rows"])) * meta["row"]
    assert int(meta["top"] + rows + axis) == figure["layout"]["height"]


def test_the_numbers_are_written_as_everywhere() -> None:
    texts = [text for t in traces(forest_figure(page_of("?by=SEX")), "text") for text in t["text"]]
    assert "0.28 (0.12 to 0.62)" in texts
    assert "+25.3 (11.1 to 39.8)" in texts
    assert "interaction p = 0.324" in texts
    assert "8/92 · NR" in texts
    shares = forest_figure(page_of("?by=SEX&per_arm=landmark"))
    assert "8/92 · 91%" in [text for t in traces(shares, "text") for text in t["text"]]


def test_narrow_screens_have_fewer_columns() -> None:
    wide, narrow = (forest_figure(page_of(), compact=c) for c in (False, True))
    assert len(traces(wide, "text")) == 5
    assert len(traces(narrow, "text")) == 2


def test_the_table_has_every_row_and_folded_ones_too() -> None:
    found = forest_table(page_of("?by=SEX,AGEGR1&fold=SEX"))
    assert found.count("data-forest") == 5
    assert "<td>NE: 0 events in Lenalidomide</td>" in found
    assert "&lt; 65" in found


def test_the_image_carries_provenance_and_credibility() -> None:
    figure = image(page_of("?cut=AGE:65&by=SEX,AGE:65"))
    text = " ".join(a["text"] for a in figure["layout"]["annotations"])
    for words in (
        "Simulated patients",
        "Population: 182 of 182",
        "Credibility: Sex",
        "Data-driven",
    ):
        assert words in text
    assert traces(figure, "box")
