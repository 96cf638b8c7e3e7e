"""Follow-up of published results as drawn. Oracle: the papers' numbers."""

from __future__ import annotations

import json

import pytest

from components.evidence.figure import follow_up_figure
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_is_plain_json(scheme: str) -> None:
    page = evidence_page(EvidenceView())
    figure = follow_up_figure(page.follow_up, scheme)
    json.dumps(figure, allow_nan=False)
    quiredex = [t for t in figure["data"] if t["name"] == "QuiRedex"]
    assert [t["y"] for t in quiredex] == [[0.18, 0.24, 0.28], [0.31, 0.43, 0.57]]
