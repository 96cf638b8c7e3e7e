"""The untreated course as drawn. Oracle: Kyle 2007: 73% at 15 years."""

from __future__ import annotations

import json

import pytest

from components.risk.figure import course_figure
from services.pages.risk.page import risk_page
from services.views.site import RiskView


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_is_plain_json(scheme: str) -> None:
    course = course_figure(risk_page(RiskView()), scheme, compact=True)
    json.dumps(course, allow_nan=False)
    assert course["data"][1]["y"] == [73]
