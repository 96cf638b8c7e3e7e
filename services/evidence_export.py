"""Published facts as JSON and CSV, for other programs."""

from __future__ import annotations

import io
from typing import Any

from services.csv_text import SafeWriter
from services.evidence import evidence
from services.evidence_page import evidence_page
from services.records import to_json
from services.site_view_records import EvidenceView

COLUMNS = (
    "trial", "report", "endpoint", "comparison", "measure", "estimate", "lower", "upper", "p",
    "follow_up_months", "patients", "verification", "sources", "note",
)  # fmt: skip


def evidence_json(view: EvidenceView) -> dict[str, Any]:
    """The body of ``/evidence.json``: what the page shows, and every fact behind it.

    ``null`` is "not found", never zero.
    """
    page = evidence_page(view)
    shown = {row.acronym for forest in page.forests for row in forest.rows}
    shown |= {row.acronym for row in page.landmarks} | {row.acronym for row in page.timeline}
    shown |= {row.acronym.split(", ")[0] for row in page.single_arm}
    found = evidence()
    return {
        "note": "Published results. The trials were not randomized against each other and are"
        " not pooled here.",
        "filters": to_json(view),
        "trials": [to_json(t) for t in found.trials if t.acronym in shown],
        "meta_analyses": to_json(found.meta_analyses),
        "ongoing": to_json(found.ongoing),
    }


def evidence_csv(view: EvidenceView) -> str:
    """One row per published ratio. Lines starting with # say what they are."""
    page = evidence_page(view)
    out = io.StringIO()
    out.write("# Published results; an empty cell was not found in any text that was read\n")
    out.write("# The trials were not randomized against each other; nothing is pooled here\n")
    writer = SafeWriter(out)
    writer.writerow(COLUMNS)
    rows = [row for forest in page.forests for row in forest.rows]
    for row in (*rows, *(m.row for m in page.meta)):
        writer.writerow(
            (
                row.acronym,
                row.report,
                row.endpoint,
                row.comparison,
                row.measure,
                row.estimate,
                row.lower,
                row.upper,
                row.p,
                row.follow_up_months,
                row.n,
                row.cited.verification,
                "; ".join(s.link or s.title for s in row.cited.sources),
                row.reason or row.cited.basis,
            )
        )
    return out.getvalue()
