"""Small charts: the curves of each level, on the same axes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from components.survival.facet_figure import facet_figure
from services import format as fmt
from services.pages.survival.page import survival_page
from services.pages.survival.records import Facet, SurvivalPage
from services.views.study import decode
from tests.studies import bundled


def page(query: str) -> tuple[SurvivalPage, list[Facet]]:
    made = survival_page(bundled(), decode(query))
    assert isinstance(made.extra, tuple)
    return made, [f for f in made.extra if isinstance(f, Facet)]


@pytest.mark.parametrize("query", ["?facet=SEX", "?facet=MAYO2018&scale=incidence"])
@pytest.mark.parametrize("compact", [False, True])
def test_each_panel_draws_the_curves_of_its_level(query: str, compact: bool) -> None:
    made, facets = page(query)
    figure = facet_figure(made, "light", compact)
    for i, facet in enumerate(facets):
        suffix = "" if i == 0 else str(i + 1)
        mine = [t for t in figure["data"] if t["yaxis"] == f"y{suffix}"]
        assert all(t["xaxis"] == f"x{suffix}" for t in mine)
        for curve in facet.result.curves:
            lines = [
                t for t in mine if t.get("meta") in ("curve", "thin") and t["name"] == curve.arm
            ]
            x = np.concatenate([np.array(t["x"], dtype=float) for t in lines])
            y = np.concatenate([np.array(t["y"], dtype=float) for t in lines])
            at = np.searchsorted(curve.time, x, side="right") - 1
            wanted = curve.survival[at]
            np.testing.assert_allclose(y, wanted if "scale" not in query else 1 - wanted)


def test_axes_are_shared_and_panels_do_not_overlap() -> None:
    made, facets = page("?facet=CYTOGEN")
    for compact in (False, True):
        layout = facet_figure(made, "light", compact)["layout"]
        names = ["", *(str(i + 2) for i in range(len(facets) - 1))]
        assert len({tuple(layout[f"yaxis{n}"]["range"]) for n in names}) == 1
        assert len({tuple(layout[f"xaxis{n}"]["range"]) for n in names}) == 1
        boxes = [(layout[f"xaxis{n}"]["domain"], layout[f"yaxis{n}"]["domain"]) for n in names]
        for (x1, y1), (x2, y2) in itertools.combinations(boxes, 2):
            apart_x = x1[1] <= x2[0] or x2[1] <= x1[0]
            apart_y = y1[1] <= y2[0] or y2[1] <= y1[0]
            assert apart_x or apart_y
        for x, y in boxes:
            assert 0 <= x[0] < x[1] <= 1 + 1e-9
            assert -1e-9 <= y[0] < y[1] <= 1
        if compact:
            assert all(tuple(x) == (0.0, 1.0) for x, _ in boxes), "one below the other"


def test_each_head_names_level_n_events_and_effect() -> None:
    made, facets = page("?facet=SEX")
    heads = [a["text"] for a in facet_figure(made, "dark", False)["layout"]["annotations"]]
    assert len(heads) == len(facets) == 2
    for head, facet in zip(heads, facets, strict=True):
        assert f"<b>Sex: {facet.label}</b>" in head
        assert f"n = {facet.n}" in head
        for curve in facet.result.curves:
            assert f"{curve.arm} {curve.events}/{curve.n}" in head
        ratio = facet.result.comparisons[0].hazard_ratio
        assert f"HR {fmt.hazard_ratio(ratio)}" in head


def test_an_effect_that_cannot_be_estimated_says_so() -> None:
    made, facets = page("?facet=SEX&endpoint=OS")
    heads = [a["text"] for a in facet_figure(made, "light", False)["layout"]["annotations"]]
    for head, facet in zip(heads, facets, strict=True):
        missing = facet.result.comparisons[0].hazard_ratio is None
        assert ("HR not estimable" in head) == missing


def test_the_zoom_is_kept_by_a_filter_and_not_across_units() -> None:
    def revision(query: str) -> object:
        return facet_figure(page(query)[0], "light", False)["layout"]["uirevision"]

    assert revision("?facet=SEX") == revision("?facet=SEX&f.MAYO2018=High")
    others = ["?facet=SEX&unit=years", "?facet=SEX&endpoint=OS", "?facet=MAYO2018"]
    assert len({revision("?facet=SEX"), *map(revision, others)}) == 4
