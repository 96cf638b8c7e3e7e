"""The page of benefit and risk as JSON and CSV, at full precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from services import names
from services.csv_text import write_frame, write_table
from services.errors import UserError
from services.json_text import to_json
from services.pages import caution
from services.pages.benefit_risk.records import BenefitRiskPage, Outcome
from services.pages.export import csv_head, json_head, limits_words, told
from services.pages.scripts import Scripts, Value, named


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
        **told(page),
        "outcomes": to_json(page.outcomes),
        "usual_time": to_json(page.usual),
        "mean_times": to_json(page.mean_times),
    }


def benefit_risk_csv(page: BenefitRiskPage) -> str:
    """One row per outcome and arm, then the difference and the number needed."""
    out = csv_head(
        page.provenance,
        f"shares 0 to 1 at {names.time(page.time, page.view.unit)},"
        f" differences of shares, number needed in patients; {limits_words(page.view.level)}",
        page.reason,
    )
    columns = ("outcome", "title", "what", "n", "estimate", "lower", "upper", "reason")
    return write_table(out, columns, (row for o in page.outcomes for row in _rows(o)))


def _rows(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    head = (outcome.id, outcome.title)
    if outcome.reason is not None:
        yield (*head, *[None] * 5, outcome.reason)
    for arm, found in outcome.arms.items():
        yield (*head, arm, found.n, *astuple(found.share))
    if outcome.difference is not None:
        yield (*head, "difference", None, *astuple(outcome.difference))
    if outcome.number_needed is not None:
        yield (*head, "number needed", None, *astuple(outcome.number_needed))


COLUMNS = ("OUTCOME", "USUBJID", "ARM", "TIME", "CAUSE")


def patients_csv(page: BenefitRiskPage) -> str:
    """A row per patient and outcome, as the scripts read them."""
    out = csv_head(
        page.provenance,
        f"TIME in {page.view.unit}, of the benefit from the start of observation, of the harm"
        " from the first dose; EVENT 1 if it happened, 0 if not; CAUSE 0 censored, 1 the event,"
        " 2 and 3 what came instead of it",
        page.reason,
    )
    records = page.records
    frame = records[list(COLUMNS)].assign(EVENT=(records["CAUSE"] == 1).astype(int))
    return write_frame(out, frame)


def _values(page: BenefitRiskPage) -> dict[str, Value]:
    if page.reason is not None:
        raise UserError("There is nothing to recompute.", page.reason)
    times = {outcome.id: outcome.time for outcome in page.outcomes}
    small = {o.id for o in page.outcomes if caution.too_few([(a, v.n) for a, v in o.arms.items()])}
    return {
        "ARMS": named(page.pair[::-1] if page.pair else [a.name for a in page.arms]),
        "COUNTED": [o.id for o in page.outcomes if o.counted and o.id not in small],
        "COMPARED": page.pair is not None,
        "TIME": times["benefit"],
        "TIME_OF_HARM": times["harm"],
        "COMPETES": page.competes,
        "GOOD": bool(page.endpoint.good),
        "CI": page.view.ci,
        "LEVEL": page.view.level,
    }


SCRIPTS: Scripts[BenefitRiskPage] = Scripts(
    name="benefit-risk",
    title=lambda page: f"{page.endpoint.label}, benefit and risk",
    patients=patients_csv,
    values=_values,
    address=lambda page: page.address,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
