"""The untreated course as drawn. Oracle: Kyle 2007: 73% at 15 years."""

from __future__ import annotations

import json

import numpy as np
import pytest

from components.risk.figure import course_figure
from services.pages.risk.page import risk_page
from services.views.site import RiskView


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_is_plain_json(scheme: str) -> None:
    course = course_figure(risk_page(RiskView()), scheme, compact=True)
    json.dumps(course, allow_nan=False)
    assert course["data"][1]["y"] == [73]


@pytest.mark.parametrize(("compact", "height"), [(False, 274), (True, 244)])
def test_no_label_lies_on_the_course(compact: bool, height: int) -> None:
    """Oracle: the yearly shares added up by hand are 50% at 5, 65% at 10 and 75% at 20 years."""
    drawn = course_figure(risk_page(RiskView()), "light", compact)
    wide = (286 if compact else 640) / 20.2  # pixels a year
    for label in drawn["layout"]["annotations"]:
        aside, size = 0.56 * 12 * len(label["text"]), 12.0
        left = label["x"] * wide + label["xshift"] - (aside if label["xanchor"] == "right" else 0)
        middle = {"top": -size / 2, "bottom": size / 2, "middle": 0.0}[label["yanchor"]]
        center = label["y"] * height / 100 + label.get("yshift", 0) + middle
        for x in (left, left + aside / 2, left + aside):
            course = np.interp(x / wide, [0, 5, 10, 20], [0, 50, 65, 75]) * height / 100
            assert abs(center - course) > size / 2, label["text"]
