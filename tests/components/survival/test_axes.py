"""The axes of the curves. Oracle: the record."""

from __future__ import annotations

import numpy as np
import pytest

from components.survival.axes import transform, value_range
from components.survival.figure import survival_figure
from tests.components.figures import traces
from tests.components.survival.drawn import curves, e3a06
from tests.components.survival.scales import SCALED
from tests.studies import bundled


def test_landmark_lines_stand_at_the_times_looked_at() -> None:
    shapes = survival_figure(e3a06("?at=6,30"))["layout"]["shapes"]
    upright = [s for s in shapes if s.get("yref") == "y domain"]
    assert [(s["x0"], s["x1"]) for s in upright] == [(6, 6), (30, 30)]
    assert not survival_figure(e3a06("?hide=landmarks"))["layout"]["shapes"]


@pytest.mark.parametrize("scale", SCALED)
def test_median_lines_meet_the_curve_at_one_half_and_go_down_to_the_axis(scale: str) -> None:
    page = e3a06(f"?f.MAYO2018=High&hide=landmarks&scale={scale}")
    figure = survival_figure(page)
    median = curves(page)["Observation"].median.estimate
    across, down = figure["layout"]["shapes"]  # the other arm's median is not reached
    half = SCALED[scale](np.array(0.5))
    start = 10 ** figure["layout"]["xaxis"]["range"][0] if scale == "log-log" else 0
    assert (across["x0"], across["x1"]) == (pytest.approx(start), median)
    assert across["y0"] == across["y1"] == pytest.approx(half)
    assert (down["x0"], down["x1"], down["y0"]) == (median, median, pytest.approx(half))
    assert down["y1"] <= figure["layout"]["yaxis"]["range"][0] or down["y1"] == 0
    assert down["y1"] < half
    assert (
        survival_figure(e3a06("?f.MAYO2018=High&hide=landmarks,medians"))["layout"]["shapes"] == []
    )


def test_a_filter_leaves_the_time_axis_as_it_is() -> None:
    """Plotly drops the reader's zoom when it is given another range."""

    def time_axis(query: str) -> tuple[object, object]:
        axis = survival_figure(e3a06(query))["layout"]["xaxis"]
        return axis["range"], axis["tickvals"]

    longest = bundled().times.query("PARAMCD == 'PFS'")["TIME"].max() / 30.4375
    assert time_axis("")[0] == [pytest.approx(-0.015 * longest), pytest.approx(1.012 * longest)]
    for query in ("?f.SEX=F", "?f.MAYO2018=High", "?arms=Lenalidomide", "?f.AGE=70.."):
        assert time_axis(query) == time_axis(""), query
    assert time_axis("?xmax=24")[0][1] == pytest.approx(24 * 1.012)  # type: ignore[index]


def test_value_ranges_hold_what_is_drawn() -> None:
    page = e3a06("?endpoint=OS")
    assert page.result is not None
    found = page.result.curves
    assert value_range("survival", found, 60) == (0.0, 1.02)
    low, high = value_range("incidence", found, 60)
    lowest = min(float(np.nanmin(c.lower)) for c in found)
    assert low < 0
    assert 1 - lowest <= high <= 1.02
    assert high < 0.6, "few events fill the height"
    low, high = value_range("log-log", found, 60)
    drawn_values = np.log(-np.log(found[0].survival[found[0].survival < 1]))
    assert low < drawn_values.min()
    assert drawn_values.max() < high


def test_transform_has_no_infinities() -> None:
    for scale in SCALED:
        values = transform(scale)(np.array([1.0, 0.5, 0.0]))
        assert not np.isinf(values).any()


def test_log_of_minus_log_stands_against_the_logarithm_of_time() -> None:
    figure = survival_figure(e3a06("?scale=log-log"))
    axis = figure["layout"]["xaxis"]
    assert axis["type"] == "log"
    assert 10 ** axis["range"][1] == pytest.approx(63.1, abs=2)
    numbers = traces(figure, "table")[0]
    assert 0 not in numbers["x"], "0 has no place on it"
    assert numbers["x"], "numbers at risk stand under it all the same"
