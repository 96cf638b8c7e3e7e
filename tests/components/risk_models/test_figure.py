"""Both models' curves beside each other. Oracle: each model's own chart."""

from __future__ import annotations

from components.chart import EMPTY_FIGURE
from components.risk_models.figure import both_figure, side_figure
from services.pages.risk_models.page import risk_models_page
from services.views.study import View, decode
from tests.components.figures import traces
from tests.studies import bundled


def test_the_image_holds_what_both_charts_hold_and_they_do_not_overlap() -> None:
    page = risk_models_page(bundled(), View())
    both = both_figure(page)
    drawn = [t["name"] for t in traces(both, "curve")]
    sides = [side_figure(page, i, "light", False) for i in (0, 1)]
    assert drawn == [t["name"] for side in sides for t in traces(side, "curve")]
    axes = dict.fromkeys(t["xaxis"] for t in traces(both, "curve"))
    left, right = (both["layout"][axis.replace("x", "xaxis")]["domain"] for axis in axes)
    assert 0 <= left[0] < left[1] < right[0] < right[1] <= 1 + 1e-9
    said = " ".join(a["text"] for a in both["layout"]["annotations"])
    assert all(side.info.title in said for side in page.sides)


def test_without_patients_nothing_is_drawn() -> None:
    nobody = risk_models_page(bundled(), decode("f.AGE=1..2"))
    assert side_figure(nobody, 0, "light", True) == both_figure(nobody) == EMPTY_FIGURE
    assert side_figure(risk_models_page(bundled(), View()), 9, "light", True) == EMPTY_FIGURE


def test_curves_of_levels_are_not_called_arms() -> None:
    figure = side_figure(risk_models_page(bundled(), View()), 0, "light", True)
    words = " ".join(a["text"] for a in figure["layout"]["annotations"]).replace("<br>", " ")
    assert "fewer than 10 patients, or 10% of the level, at risk" in words
