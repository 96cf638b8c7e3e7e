"""The table of a second opinion says each number once, and why any differ."""

from __future__ import annotations

from components.second_opinion.layout import opinion_part
from services.pages.second_opinion.page import second_opinion
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled


def test_ours_theirs_and_why_they_differ() -> None:
    found = second_opinion(survival_page(bundled("mgus2"), decode("?at=120&ci=plain")), False)
    text = opinion_part(found, "/study/mgus2/survival/second-opinion")
    median = next(n for n in found.numbers if n.key.part == "estimate")
    assert f"{median.ours:.6g}<" in text
    assert ">same<" in text
    assert ">same, limits not compared [1]<" in text
    assert '<ol class="hint"><li>lifelines has log-log intervals only' in text
    assert "SMM_SECOND_OPINION_R is 0" in text
    assert 'href="/study/mgus2/survival/second-opinion.csv?ci=plain&amp;at=120"' in text
