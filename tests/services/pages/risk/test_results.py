"""What a model says of one patient. Oracle: the published rules."""

from __future__ import annotations

from services.pages.risk.page import risk_page
from services.views.site import RiskView


def test_what_is_missing_is_named() -> None:
    results = risk_page(RiskView(bmpc=10)).results
    assert results[0].reason == "Cannot be determined without M-protein and FLC ratio."
    assert results[2].reason == (
        "Cannot be determined without M-protein, FLC ratio and cytogenetics."
    )


def test_what_counts_stands_beside_the_group() -> None:
    result = risk_page(RiskView(22, 1.0, 33)).results[0]
    assert [(f.points, f.threshold, f.value) for f in result.factors] == [
        (1, "above 20%", "22%"), (0, "above 2 g/dL", "1 g/dL"), (1, "above 20", "33"),
    ]  # fmt: skip
    assert result.total == 2


def test_one_value_that_may_settle_it_is_said() -> None:
    """One factor of three is known: a second is high risk, whatever the third is."""
    results = risk_page(RiskView(bmpc=25)).results
    assert (
        results[0].reason == "Cannot be determined without M-protein and FLC ratio, of which one "
        "may do."
    )
    assert risk_page(RiskView(5, 1, 1)).results[-1].reason.startswith("No factor is present")
