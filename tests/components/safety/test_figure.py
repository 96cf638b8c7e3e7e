"""Figures and tables of the safety pages draw what their records hold."""

from __future__ import annotations

import pytest

from components.safety.figure import dot_figure, effect_text
from services.statistics.results import Estimate
from tests.adverse_events import tiny
from tests.components.figures import traces
from tests.components.safety.pages import page
from tests.studies import bundled


@pytest.mark.parametrize("compact", [False, True])
def test_the_dots_are_the_percentages(compact):
    found = page()
    figure = dot_figure(found, "light", compact)
    dots = traces(figure, "percent")
    assert [d["name"] for d in dots] == ["Lenalidomide", "Observation"]
    rows = found.leading[: len(dots[0]["x"])]
    assert len(rows) == (12 if compact else 20)
    assert dots[0]["x"] == [row.arms["Lenalidomide"].percent for row in rows]
    effect = traces(figure, "effect")[0]
    assert effect["x"] == [100 * row.difference.estimate for row in rows]
    assert {d["marker"]["symbol"] for d in dots} == {"circle", "diamond"}  # not by color alone
    assert figure["layout"]["height"] >= 25 * len(rows)


def test_a_limit_that_does_not_exist_runs_to_the_edge():
    found = page("effect=ratio&q=anemia", tiny())
    figure = dot_figure(found, "light", False)
    low, high = (10**v for v in figure["layout"]["xaxis2"]["range"])
    interval = traces(figure, "interval")[0]["x"]
    assert interval[1] == pytest.approx(high)
    assert low < interval[0] < high
    assert traces(figure, "effect")[0]["x"] == []
    assert effect_text(found, found.leading[0].effect).startswith("NE (")


def test_one_arm_has_no_second_panel():
    figure = dot_figure(page("", bundled("e3a06-run-in")), "dark", False)
    assert "xaxis2" not in figure["layout"]
    assert figure["layout"]["xaxis"]["domain"] == [0, 1.0]


def test_effect_text_has_signs_for_points():
    found = page()
    assert effect_text(found, Estimate(0.5, -0.1, 0.9)) == "+50.0 (−10.0 to +90.0)"
    assert effect_text(found, Estimate(None, None, None)) == "NE"
