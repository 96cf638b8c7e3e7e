"""The calculator in words."""

from __future__ import annotations

from components.risk import calculator
from services.pages.risk.page import risk_page
from services.views.site import RiskView
from tests.components.text import text


def test_a_missing_risk_is_said_not_found() -> None:
    said = " ".join(text(calculator.results(risk_page(RiskView(1, 1, 1, "no")))).split())
    assert "Low risk" in said
    assert "within 5 years: 23%" in said
    assert "not found" not in said, "what was not found is left out, not printed as a result"
    assert "Not a medical device, not for individual decisions." in said


def test_a_report_has_the_values_entered() -> None:
    view = RiskView(25, 32, 30, "yes", mprot_unit="g/L", kappa_flc=5)
    told = "Marrow plasma cells, %: 25; Serum M-protein, g/L: 32; Free light chain (FLC) ratio,"
    told += " involved to uninvolved: 30; High-risk cytogenetics: yes"
    assert calculator.rests_on(risk_page(view)) == (("Values entered", told),)
    assert calculator.rests_on(risk_page(RiskView())) == (("Values entered", "none"),)
