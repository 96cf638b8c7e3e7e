"""The charts of states. Oracle: the record drawn, and the measured width of every label."""

from __future__ import annotations

import numpy as np
import pytest

from components.chart import is_empty
from components.states.figure import states_figure
from services.pages.states.page import states_page
from services.views.study import View, decode
from tests.components.figures import traces
from tests.studies import bundled, two_arms


def test_areas_are_the_probabilities_on_top_of_each_other() -> None:
    page = states_page(bundled("aquila"), View())
    figure = states_figure(page, "light", False)
    drawn = traces(figure, "probability")
    assert [t["name"] for t in drawn[:4]] == list(page.states)
    curve = next(c for c in page.whole.curves if c.arm == "Daratumumab")  # the first panel
    stacked = np.cumsum(curve.probability, axis=1)
    for i, trace in enumerate(drawn[:4]):
        np.testing.assert_allclose(trace["y"], np.minimum(stacked[:, i], 1), atol=1e-12)
    # Read without color: free is plain, the others have patterns of their own.
    patterns = [t.get("fillpattern", {}).get("shape", "") for t in drawn[:4]]
    assert patterns == ["", "/", "x", "."]
    axes = [figure["layout"][name] for name in ("yaxis", "yaxis2")]
    assert [a["range"] for a in axes] == [[0, 1.0]] * 2
    assert axes[0]["title"]["text"] == "Probability in state"
    assert "incidence" not in str(figure["layout"]).lower()


def test_every_state_of_a_wide_chart_has_its_name_in_it() -> None:
    figure = states_figure(states_page(bundled("aquila"), View()), "light", False)
    inside = [a["text"] for a in figure["layout"]["annotations"] if "bgcolor" in a]
    assert inside.count("<b>Free</b>") == 2
    assert inside.count("<b>On treatment</b>") == 2


def test_lines_have_a_panel_per_state_with_both_arms() -> None:
    page = states_page(bundled("e3a06"), decode("?stateplot=lines"))
    figure = states_figure(page, "dark", True)
    assert len(traces(figure, "probability")) == 3 * 2
    assert len(traces(figure, "band")) == 3 * 2
    assert len({t["line"]["dash"] for t in traces(figure, "probability")}) == 2


@pytest.mark.parametrize("plot", ["areas", "lines"])
def test_small_charts_by_level(plot: str) -> None:
    page = states_page(bundled("e3a06"), decode(f"?facet=SEX&stateplot={plot}"))
    figure = states_figure(page, "light", False)
    heads = " ".join(str(a["text"]) for a in figure["layout"]["annotations"])
    assert "Sex: Female" in heads
    panels = {"areas": 2 * 2, "lines": 2 * 3}[plot]
    assert f"xaxis{panels}" in figure["layout"]
    assert f"xaxis{panels + 1}" not in figure["layout"]


def test_numbers_under_the_ticks_add_up_to_those_not_seen_last() -> None:
    page = states_page(bundled("aquila"), View())
    under = traces(states_figure(page, "light", False), "table")
    first = [int(t["text"][0]) for t in under]
    assert sorted(first) == [0, 0, 0, 0, 0, 0, 194, 196]


def test_nothing_to_draw() -> None:
    assert is_empty(states_figure(states_page(two_arms(), View()), "light", False))


def test_on_a_tablet_the_arms_stand_one_under_the_other() -> None:
    page = states_page(bundled("aquila"), View())
    beside, under = (states_figure(page, "light", False, s)["layout"] for s in (False, True))
    assert beside["xaxis"]["domain"][1] < beside["xaxis2"]["domain"][0]
    assert under["xaxis"]["domain"] == under["xaxis2"]["domain"]
    assert under["yaxis"]["domain"][0] > under["yaxis2"]["domain"][1]
