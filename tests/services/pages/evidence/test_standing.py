"""The strip of statements. Oracle: the records it is drawn from, and the trials of a view."""

from __future__ import annotations

import csv
import io

from components.published import standing_table
from services.evidence.load import evidence
from services.pages.evidence.export import evidence_csv, evidence_json
from services.pages.evidence.page import evidence_page
from services.pages.evidence.results import standing_rows
from services.views.site import EvidenceView
from tests.components.text import text


def test_a_view_has_the_statements_on_its_trials() -> None:
    lenalidomide = evidence_page(EvidenceView(drug=("Immunomodulatory drug",))).standing
    assert {row.text for row in lenalidomide if "not routinely" in row.text}
    assert not [row for row in lenalidomide if row.body == "European Commission"]
    assert len(evidence_page(EvidenceView()).standing) == len(evidence().standings)
    assert standing_rows(evidence().standings, ()) == ()


def test_who_disagrees_stands_side_by_side_with_dates() -> None:
    rows = evidence_page(EvidenceView(drug=("Anti-CD38 antibody",))).standing
    said = text(standing_table(rows))
    for words in ("2025-07-23", "2025-11-06", "not proven", "date not found", "read 2026-11-26"):
        assert words in said


def test_statements_are_in_the_files_with_their_sources() -> None:
    view = EvidenceView(drug=("Anti-CD38 antibody",))
    body = evidence_json(view)
    (iqwig,) = (s for s in body["standing"] if s["id"] == "iqwig")
    assert (iqwig["date"], iqwig["kind"], body["as_of"]) == (
        "2025-11-19",
        "Benefit assessment",
        evidence().as_of,
    )
    lines = [line for line in evidence_csv(view).splitlines() if not line.startswith("#")]
    told = [row for row in csv.DictReader(io.StringIO("\n".join(lines))) if row["statement"]]
    assert len(told) == len(body["standing"])
    (row,) = (row for row in told if row["date"] == "2025-11-19")
    assert row["trial"] == "AQUILA"
    assert row["sources"].startswith("https://www.iqwig.de/")
    assert row["estimate"] == ""
