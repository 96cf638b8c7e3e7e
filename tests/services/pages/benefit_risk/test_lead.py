"""What leads the page of simulated patients. Oracle: what the trials published of them."""

from __future__ import annotations

from services.pages.benefit_risk.page import benefit_risk_page
from services.views.study import View
from tests.studies import bundled


def test_the_harm_of_an_arm_that_published_nothing_is_left_out_of_the_sentence() -> None:
    page = benefit_risk_page(bundled(), View())
    assert page.answer == (
        "Of 100 patients like these, at 36 months, on lenalidomide rather than observation: 25"
        " more are progression-free (95% CI +11 to +40). The publications read for this"
        " site report no adverse-event data for observation; the other results below are"
        " made up to illustrate the page."
    )
    aquila = benefit_risk_page(bundled("aquila"), View())
    assert aquila.made_up is None
    assert "10 more have had a grade 3 or higher adverse event" in aquila.answer
