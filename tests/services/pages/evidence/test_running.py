"""Trials that run. Oracle: their registry entries."""

from __future__ import annotations

from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView


def test_running_trials() -> None:
    rows = {r.acronym: r for r in evidence_page(EvidenceView()).timeline}
    assert (rows["ITHACA"].start, rows["ITHACA"].end) == ("2020-06-16", "2033-10-21")
    assert (rows["B-PRISM"].start, rows["B-PRISM"].end, rows["B-PRISM"].n) == ("", "", None)
    assert "AQUILA" not in rows


def test_each_row_says_when_it_was_last_seen_running() -> None:
    """Oracle: the texts; only ITHACA's is of the last 12 months."""
    rows = {r.acronym: r for r in evidence_page(EvidenceView()).timeline}
    assert [name for name, r in rows.items() if r.state == "running"] == ["ITHACA"]
    assert "CAR-PRISM" not in rows  # its paper is out, and it is closed to accrual
    assert rows["ISA-LEN"].state == "closed to accrual"
    assert "dated 2022-07-12, last read 2026-11-26" in rows["ASCENT"].seen.about
    assert "NCT03327597" in rows["iStopMM treatment trial"].note
    assert rows["Immuno-PRISM"].risk == "High risk"
