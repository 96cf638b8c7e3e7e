"""What the filters of the evidence page ask for. Oracle: the view that they show."""

from __future__ import annotations

import pytest

from callbacks.site.evidence import PAGE, view_from
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView


@pytest.mark.parametrize(
    "view",
    [EvidenceView(), EvidenceView(drug=("Anti-CD38 antibody",), risk=("high",), reports="all"),
     EvidenceView(design="randomized", q="daratumumab")],
)  # fmt: skip
def test_controls_give_back_the_view_they_show(view: EvidenceView) -> None:
    values = PAGE.values(evidence_page(view))
    assert set(values) == {*PAGE.controls}
    assert view_from(EvidenceView(), values) == (view, {})


def test_what_is_typed_is_trimmed_and_bounded() -> None:
    values = PAGE.values(evidence_page(EvidenceView())) | {"q": "  x" + "y" * 500, "drug": None}
    view, wrong = view_from(EvidenceView(), values)
    assert (len(view.q), view.q[0], view.drug, wrong) == (200, "x", (), {})
