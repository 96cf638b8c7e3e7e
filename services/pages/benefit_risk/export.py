"""The page of benefit and risk as JSON and CSV, at full precision."""

from __future__ import annotations

from typing import Any

from services.benefit_risk_records import BenefitRiskPage
from services.csv_text import SafeWriter
from services.pages import names
from services.pages.export import csv_head, json_head, limits_words
from services.records import Estimate, to_json
from services.view import format_number


def benefit_risk_json(page: BenefitRiskPage) -> dict[str, Any]:
    """The body of ``/study/<id>/benefit-risk.json``; shares are 0 to 1."""
    return json_head(page) | {
        "settings": {
            "endpoint": page.endpoint.id,
            "time": page.time,
            "unit": page.view.unit,
            "level": page.view.level,
            "arm": page.pair[0] if page.pair else None,
            "reference": page.pair[1] if page.pair else None,
        },
        "reason": page.reason,
        "answer": page.answer,
        "answer_detail": page.answer_detail,
        "outcomes": to_json(page.outcomes),
        "usual_time": to_json(page.usual),
    }


def benefit_risk_csv(page: BenefitRiskPage) -> str:
    """One row per outcome and arm, then the difference and the number needed."""
    out = csv_head(
        page.provenance,
        f"shares 0 to 1 at {names.time(format_number(page.time), page.view.unit)},"
        f" differences of shares, number needed in patients; {limits_words(page.view.level)}",
        page.reason,
    )
    writer = SafeWriter(out)
    writer.writerow(["outcome", "title", "what", "n", "estimate", "lower", "upper", "reason"])
    for outcome in page.outcomes:
        head = [outcome.id, outcome.title]
        if outcome.reason is not None:
            writer.writerow([*head, "", "", "", "", "", outcome.reason])
        for arm, found in outcome.arms.items():
            writer.writerow([*head, arm, found.n, *_cells(found.share)])
        for what, value in (
            ("difference", outcome.difference),
            ("number needed", outcome.number_needed),
        ):
            if value is not None:
                writer.writerow([*head, what, "", *_cells(value)])
    return out.getvalue()


def _cells(value: Estimate) -> list[Any]:
    numbers = ["" if v is None else v for v in (value.estimate, value.lower, value.upper)]
    return [*numbers, value.reason or ""]
