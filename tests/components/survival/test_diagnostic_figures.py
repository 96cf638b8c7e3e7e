"""Hazard ratio and time gained over time: what is drawn is what the record says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from components.survival.diagnostic_figures import hazards_figure, means_figure
from components.theme import line_color
from services.pages.survival.page import survival_page
from services.pages.survival.records import HazardsOverTime, MeanOverTime
from services.study.model import Study
from services.views.study import View
from tests.components.figures import traces
from tests.components.survival.drawn import e3a06
from tests.studies import make_study


def three_arms() -> Study:
    arms = ["Low", "High", "Placebo"]
    return make_study(
        arms * 16, [1 + i * 0.7 for i in range(48)], [i % 4 > 0 for i in range(48)], arms=arms
    )


def words(figure: dict[str, Any]) -> str:
    return " ".join(a["text"] for a in figure["layout"]["annotations"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_residuals_their_smooth_and_the_cox_line(scheme: str) -> None:
    page = e3a06("?plot=hazards")
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, HazardsOverTime)
    residuals = found.residuals
    assert residuals is not None
    figure = hazards_figure(page, scheme, False)
    (points,) = traces(figure, "residuals")
    (smooth,) = traces(figure, "smooth")
    np.testing.assert_allclose(points["y"], np.exp(residuals.residual))
    np.testing.assert_allclose(points["x"], residuals.time)
    np.testing.assert_allclose(smooth["y"], np.exp(residuals.smooth))
    assert smooth["line"]["color"] == line_color(page.study.arm("Lenalidomide").color, scheme)
    assert page.result is not None
    ratio = page.result.comparisons[0].hazard_ratio
    assert ratio is not None
    dashed = [s for s in figure["layout"]["shapes"] if s["line"]["dash"] == "dash"]
    assert [s["y0"] for s in dashed] == [pytest.approx(ratio.estimate)]
    assert [s["y0"] for s in figure["layout"]["shapes"] if s["line"]["dash"] == "solid"] == [1.0]
    low, high = figure["layout"]["yaxis"]["range"]
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert low < np.log10(ratio.estimate) < high
    title = figure["layout"]["yaxis"]["title"]["text"].replace("<br>", " ")
    assert "versus Observation" in title


def test_every_other_arm_is_compared_with_the_reference() -> None:
    page = survival_page(three_arms(), View(plot="hazards"))
    assert {t["name"] for t in traces(hazards_figure(page, "light", False), "smooth")} == {
        "Low",
        "High",
    }
    means = survival_page(three_arms(), View(plot="means"))
    assert {t["name"] for t in traces(means_figure(means, "light", True), "means")} == {
        "Low",
        "High",
    }


@pytest.mark.parametrize("compact", [False, True])
def test_a_ratio_that_cannot_be_drawn_gives_its_reason(compact: bool) -> None:
    study = make_study(list("AABB"), [4, 6, 3, 5], [False, False, True, True], arms=["A", "B"])
    figure = hazards_figure(survival_page(study, View(plot="hazards")), "light", compact)
    assert figure["data"] == []
    assert "A: not estimable (0 events in A)" in words(figure)
    assert "Each point is one event" not in words(figure)


def test_means_and_their_band_are_the_records() -> None:
    page = e3a06("?plot=means")
    assert isinstance(page.extra, tuple)
    (found,) = page.extra
    assert isinstance(found, MeanOverTime)
    figure = means_figure(page, "light", False)
    (line,) = traces(figure, "means")
    (band,) = traces(figure, "band")
    assert line["x"] == found.tau.tolist()
    assert line["y"] == found.estimate.tolist()
    known = np.isfinite(found.upper)
    drawn = np.array(band["y"], dtype=float)
    np.testing.assert_array_equal(drawn[known], found.upper[known])
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < np.nanmin(found.lower)
    assert high > np.nanmax(found.upper)
    assert line["customdata"][-1] == (
        f"{found.estimate[-1]:+.1f} months ({found.lower[-1]:+.1f} to {found.upper[-1]:+.1f})"
    )
    assert not any("nan" in text for text in line["customdata"])
