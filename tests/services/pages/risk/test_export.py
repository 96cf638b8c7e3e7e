"""The calculator as JSON and CSV."""

from __future__ import annotations

from services.pages.risk.export import risk_csv, risk_json
from services.views.site import RiskView


def test_json_and_csv() -> None:
    body = risk_json(RiskView(25, 2.5, 30, "no"))
    assert "not for individual decisions" in body["note"]
    assert body["results"][0]["published"] == [
        {"years": 2.0, "percent": 50.0},
        {"years": 5.0, "percent": 82.0},
    ]
    assert risk_json(RiskView(bmpc=1))["results"][0]["group"] is None
    assert any(
        line.startswith('"IMWG 2020, point score",High,')
        for line in risk_csv(RiskView()).splitlines()
    )


def test_the_csv_holds_the_values_and_the_trials() -> None:
    text = risk_csv(RiskView(25, 1, 0.03))
    assert "looks like kappa/lambda" in text
    assert "Mayo 2018 (20/2/20),High,,marrow plasma cells,above 20%,25%,1" in text
    assert "HR 0.09 (0.02 to 0.44)" in text
