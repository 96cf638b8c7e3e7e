"""What leads the page of risk models of simulated patients."""

from __future__ import annotations

from services.pages import lead
from services.pages.risk_models.records import RiskModelsPage


def _unpublished(page: RiskModelsPage) -> str:
    return "results by level of these risk models" if page.overall or page.table else ""


LEAD: lead.Lead[RiskModelsPage] = lead.Lead(
    unpublished=_unpublished, published=lead.subgroups, rest="the levels of risk below"
)
