"""Survival pages and the method they name, for tests."""

from __future__ import annotations

from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.views.study import decode
from tests.studies import bundled


def page(query: str, study: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study), decode(query))


def method(made: SurvivalPage) -> str:
    return dict(made.provenance)["Curves"]
