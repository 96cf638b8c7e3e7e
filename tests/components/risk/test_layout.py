"""The untreated course and the published models. Oracle: the record."""

from __future__ import annotations

from components.risk.layout import fixed
from services.pages.risk.page import risk_page
from services.views.site import RiskView
from tests.components.text import text


def test_every_published_risk_is_there_with_its_group() -> None:
    page = risk_page(RiskView())
    made = {place: text(part) for place, part in fixed(page).items()}
    for model in page.models:
        assert model.title in made["risk-models"]
        for group in model.groups:
            assert group.name in made["risk-models"]
            assert all(number.text in made["risk-models"] for _, _, number in group.risks)
    assert all(number.text in made["risk-caption"] for _, number in page.cumulative)
    assert all(number.text in made["risk-caption"] for number in page.periods)
    for words in (word for row in page.boundary for word in row):
        assert words in made["risk-boundary"]


def test_what_was_not_found_says_so() -> None:
    page = risk_page(RiskView())
    years = [{y for y, _, _ in g.risks} for m in page.models for g in m.groups]
    missing = sum(not {2.0, 5.0} <= found for found in years)
    assert (missing > 0) == ("not found" in text(fixed(page)["risk-models"]))
