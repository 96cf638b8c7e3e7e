"""Icon arrays. Oracle: the measured width of every line of text against the room there is."""

from __future__ import annotations

import re

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


@pytest.mark.parametrize("study", ["mgus2", "e3a06", "aquila", "quiredex"])
def test_captions_stay_beside_each_other_in_the_narrowest_window(study: str) -> None:
    """A window of 320 px, to which WCAG 1.4.10 has pages reflow, has a chart of 286."""
    figure = icons_figure(benefit_risk_page(bundled(study), View()), "light", True)
    layout = figure["layout"]
    plot = 286 - layout["margin"]["l"] - layout["margin"]["r"]
    columns = {layout[name]["domain"][0] for name in layout if name.startswith("xaxis")}
    captions = [a for a in layout["annotations"] if not a["text"].startswith("<b>")]
    assert captions
    for caption in captions:
        end = min([x for x in columns if x > caption["x"]], default=1.0)
        *_, last = lines = caption["text"].split("<br>")
        assert re.search(r"(\d of 100|NE)$", last), "a number stands with what it is of"
        for line in lines:
            assert caption["x"] * plot + text_width(line, 12) < end * plot, line


def test_icons_are_as_many_as_the_number_says():
    found = benefit_risk_page(bundled(), decode(""))
    figure = icons_figure(found, "light", False)
    circles = {
        name: [s["path"].count("Z") for s in figure["layout"]["shapes"] if s["name"] == name]
        for name in ("with", "without")
    }
    assert circles["with"] == [91, 66, 40, 6]
    assert [a + b for a, b in zip(*circles.values(), strict=True)] == [100] * 4
    assert [told["x"][1] for told in traces(figure, "share")] == circles["with"]


@pytest.mark.parametrize("compact", [False, True])
def test_no_icon_touches_another_or_leaves_its_axes(compact: bool) -> None:
    """In every size: icons are drawn in the unit of axes that keep their shape."""
    layout = icons_figure(benefit_risk_page(bundled(), View()), "light", compact)["layout"]
    for shape in layout["shapes"]:
        across = layout[shape["xref"].replace("x", "xaxis")]
        down = layout[shape["yref"].replace("y", "yaxis")]
        assert across["scaleanchor"] == shape["yref"]
        circles = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", c) for c in shape["path"].split("Z")[:-1]]
        boxes = [
            (min(xs), max(xs), min(ys), max(ys))
            for xs, ys in ([list(map(float, v)) for v in zip(*c, strict=True)] for c in circles)
        ]
        low, high = min(b[0] for b in boxes), max(b[1] for b in boxes)
        assert across["range"][0] < low < high < across["range"][1]
        assert down["range"][1] < min(b[2] for b in boxes)
        assert max(b[3] for b in boxes) < down["range"][0]
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]
