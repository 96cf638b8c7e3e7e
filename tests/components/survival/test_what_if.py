"""The card of reconsidered times. Oracle: what the record says, and reading."""

from __future__ import annotations

from components.survival.what_if import what_if_card
from services.pages.survival.page import survival_page
from services.views.study import View, decode
from tests.components.text import text
from tests.studies import bundled


def test_ways_and_movers() -> None:
    plain = text(what_if_card(survival_page(bundled("aquila"), View())))
    assert "FDA: censor at new therapy" in plain
    assert "EMA: count regardless" not in plain
    assert "follow-up for the endpoint stops there in all 28 patients" in plain
    told = text(what_if_card(survival_page(bundled("aquila"), decode("?ice=FLT:event"))))
    assert "AQUILA-SIM-0005" in told
    assert "Intercurrent events" in told
