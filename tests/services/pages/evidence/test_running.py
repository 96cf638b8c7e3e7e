"""Trials that run. Oracle: their registry entries."""

from __future__ import annotations

from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView


def test_running_trials() -> None:
    rows = {r.acronym: r for r in evidence_page(EvidenceView()).timeline}
    assert (rows["ITHACA"].start, rows["ITHACA"].end) == ("2020-06-16", "2033-10-21")
    assert (rows["B-PRISM"].start, rows["B-PRISM"].end, rows["B-PRISM"].n) == ("", "", None)
    assert "AQUILA" not in rows
