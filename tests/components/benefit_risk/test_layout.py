"""Benefit and risk in numbers. Oracle: studies where nothing, or much, may differ."""

from __future__ import annotations

from components.benefit_risk import layout as benefit_risk_layout
from components.island import to_html
from services.pages.benefit_risk.page import benefit_risk_page
from services.views.study import decode
from tests.adverse_events import tiny
from tests.studies import as_such


def test_a_number_needed_is_not_shown_when_nothing_may_differ():
    few = benefit_risk_page(tiny(), decode("unit=days&diff=60"))
    html = to_html(benefit_risk_layout.numbers(few))
    assert "Not shown: the interval is compatible with no difference" in html
    many = to_html(benefit_risk_layout.numbers(benefit_risk_page(as_such(), decode(""))))
    assert "Number needed to treat" in many
    assert "Number needed to harm" in many
    assert "Not shown" not in many
