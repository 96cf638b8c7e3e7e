"""Forests of published ratios as drawn for an image. Oracle: the papers' numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from components.evidence.forest_figure import forest_figure
from components.evidence.layout import image
from components.studio.figure import Canvas
from services.errors import UserError
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.components.figures import traces

PAGE = evidence_page(EvidenceView())


def said(figure: dict) -> str:
    text = " ".join(part["text"] for part in figure["layout"]["annotations"])
    return " ".join(re.sub("<[^>]+>", " ", text).split())


@pytest.mark.parametrize("width", [320, 760])
def test_ratios_are_drawn_and_the_others_named_with_the_reason(width: int) -> None:
    survival = next(forest for forest in PAGE.forests if forest.id == "OS")
    figure = forest_figure(survival.rows, width)
    assert figure is not None
    (dots,), (lines,) = traces(figure, "ratio"), traces(figure, "interval")
    assert dots["x"] == [0.52, 0.46, 0.57]  # AQUILA, E3A06, QuiRedex
    assert lines["x"] == [0.27, 0.98, None, 0.08, 2.53, None, 0.34, 0.95, None]
    assert [y for y in lines["y"] if y][::2] == dots["y"]
    text = said(figure)
    assert "0.46 (0.08 to 2.53)" in text
    assert "2 versus 4 deaths" in text
    # An odds ratio has no place on an axis of hazard ratios (Riccardi 2000).
    assert "An odds ratio of death, not a hazard ratio: MP, Italy (OR 1.17 (0.57 to 2.42))." in text
    progression = said(forest_figure(PAGE.forests[0].rows, width) or {})
    assert "0.08°" in progression
    assert progression.count("°: not read in the paper itself.") == 1
    axis, layout = figure["layout"]["xaxis"], figure["layout"]
    low, high = (10**end for end in axis["range"])
    assert low <= 0.08 < 2.53 <= high
    assert layout["margin"]["l"] + layout["margin"]["r"] < width * 0.8


def test_without_a_ratio_there_is_no_forest() -> None:
    rows = [row for forest in PAGE.forests for row in forest.rows if row.estimate is None]
    assert forest_figure(rows, 760) is None
    nothing = replace(PAGE, follow_up=(), forests=(replace(PAGE.forests[0], rows=tuple(rows)),))
    with pytest.raises(UserError, match="no figure"):
        image(nothing)


@pytest.mark.parametrize(("width", "beside"), [(760, False), (1000, True)])
def test_an_image_has_forests_and_follow_up(width: int, beside: bool) -> None:
    made = image(PAGE, Canvas(width=width, framed=False))
    assert made["layout"]["width"] == width
    plots = [made["layout"][t["xaxis"].replace("x", "xaxis")] for t in traces(made, "ratio")]
    assert (plots[0]["domain"][1] < plots[1]["domain"][0]) == beside
    assert {"AQUILA", "QuiRedex"} <= {trace.get("name") for trace in made["data"]}
    assert "How results changed with follow-up" in said(made)
