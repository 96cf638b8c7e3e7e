"""Safety pages, for tests."""

from __future__ import annotations

from services.pages.safety.page import safety_page
from services.pages.safety.records import SafetyPage
from services.study.model import Study
from services.views.study import decode
from tests.studies import bundled


def page(query: str = "", study: Study | None = None) -> SafetyPage:
    return safety_page(study or bundled(), decode(query))
