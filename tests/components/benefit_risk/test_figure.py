"""Icon arrays. Oracle: the measured width of every line of text against the room there is."""

from __future__ import annotations

import re

import pytest

from components.benefit_risk.figure import icons_figure
from components.chart import NARROW_PIXELS, WIDE_PIXELS
from services.pages.benefit_risk.page import benefit_risk_page
from services.text_width import text_width
from services.views.study import View, decode
from tests.components.figures import traces
from tests.studies import bundled


@pytest.mark.parametrize("study", ["mgus2", "e3a06"])
def test_titles_fit_a_phone(study: str) -> None:
    figure = icons_figure(benefit_risk_page(bundled(study), View()), "light", True)
    titles = [a["text"] for a in figure["layout"]["annotations"] if a["text"].startswith("<b>")]
    assert titles
    for line in (part for title in titles for part in title.split("<br>")):
        words = line.removeprefix("<b>").removesuffix("</b>")
        assert text_width(words, 13, bold=True) <= NARROW_PIXELS
    if study == "mgus2":
        said = titles[0].replace("</b><br><b>", " ")
        assert said == "<b>Free of a plasma-cell malignancy or died without it, 36 months</b>"


def test_icons_are_as_many_as_the_number_says():
    found = benefit_risk_page(bundled(), decode(""))
    figure = icons_figure(found, "light", False)
    circles = {
        name: [s["path"].count("Z") for s in figure["layout"]["shapes"] if s["name"] == name]
        for name in ("with", "without")
    }
    assert circles["with"] == [91, 66, 40, 6]
    assert [a + b for a, b in zip(*circles.values(), strict=True)] == [100] * 4
    (shares,) = traces(figure, "shares")
    assert [round(100 * x) for x in shares["x"]] == circles["with"]


@pytest.mark.parametrize("compact", [False, True])
def test_a_hundred_fits_its_column_and_its_row(compact: bool) -> None:
    page = benefit_risk_page(bundled(), View())
    layout = icons_figure(page, "light", compact)["layout"]
    least = NARROW_PIXELS if compact else WIDE_PIXELS
    inner = least - layout["margin"]["l"] - layout["margin"]["r"]
    tall = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    anchors = sorted({s["yanchor"] for s in layout["shapes"]}, reverse=True)
    for shape in layout["shapes"]:
        points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", shape["path"])
        right, low = max(float(x) for x, _ in points), min(float(y) for _, y in points)
        assert 0 < right <= inner / len(page.arms)
        below = anchors[anchors.index(shape["yanchor"]) + 1 :] or [0.0]
        assert -low <= (shape["yanchor"] - below[0]) * tall
