"""The import report as shown. Oracle: the report itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.data.layout import data_layout, report
from services.pages.data.page import data_page
from services.study.model import Finding, ImportReport
from services.views.study import View
from tests.components.text import text, walk
from tests.studies import bundled, two_arms

FINDINGS = (
    Finding("warning", "AGE looks odd.", "Check AGE.", 1200),
    Finding("note", "Dates read day first."),
    Finding("error", "ADAE is of nobody.", "Send another.", 3),
)
REPORT = ImportReport((("adsl.csv", 1234, 9),), (("Age", "AGE"),), FINDINGS)


def test_everything_found_is_told_and_what_is_worst_first() -> None:
    said = " ".join(text(report(REPORT)).split())
    for found in FINDINGS:
        assert f"{found.message}" in said
        assert found.remedy in said
    assert "1,200" in said
    order = [said.index(title) for title in ("Errors", "To check", "Assumed")]
    assert order == sorted(order)
    for part in ("adsl.csv", "1,234", "Age", "AGE"):
        assert part in said
    assert "Errors" not in text(report(replace(REPORT, findings=FINDINGS[:2])))


def test_only_an_upload_can_be_deleted() -> None:
    def buttons(made: Any) -> list[str]:
        return [text(part) for part in walk(made) if getattr(part, "_type", "") == "Button"]

    uploaded = replace(two_arms(), kind="uploaded", sha256="two arms, uploaded")
    shown = {
        kind: buttons(data_layout(data_page(study, View()), "?f.SEX=F", "light", False, ()))
        for kind, study in (("uploaded", uploaded), ("simulated", bundled()))
    }
    assert "Delete this study" in shown["uploaded"]
    assert "Delete this study" not in shown["simulated"]


def test_the_lead_counts_what_was_read() -> None:
    said = text(data_layout(data_page(bundled(), View()), "", "light", False, ()))
    study = bundled()
    assert study.adverse_events is not None
    assert f"{len(study.subjects)} patients in {len(study.arms)} arms" in said
    assert f"{len(study.adverse_events):,} adverse events" in said
