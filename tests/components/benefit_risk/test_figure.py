"""Icon arrays. Oracle: the measured width of every line of text against the room there is."""

from __future__ import annotations

import pytest

from components.benefit_risk.figure import icons_figure
from components.chart import NARROW_PIXELS
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
    filled = [len(t["x"]) for t in traces(figure, "with")]
    empty = [len(t["x"]) for t in traces(figure, "without")]
    assert filled == [91, 66, 40, 6]
    assert [a + b for a, b in zip(filled, empty, strict=True)] == [100] * 4
