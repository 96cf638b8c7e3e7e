"""The patients behind benefit and risk, and scripts in Python and R that recompute the page."""

from __future__ import annotations

from services.benefit_risk_records import BenefitRiskPage, Outcome
from services.csv_text import write_frame
from services.errors import UserError
from services.pages import caution
from services.pages.export import csv_head
from services.pages.scripts import Scripts, named
from services.script_text import Value

COLUMNS = ("OUTCOME", "USUBJID", "ARM", "TIME", "CAUSE")


def patients_csv(page: BenefitRiskPage) -> str:
    """A row per patient and outcome, as the scripts read them."""
    out = csv_head(
        page.provenance,
        f"TIME in {page.view.unit}, of the benefit from the first day of the endpoint, of the harm"
        " from the first dose; EVENT 1 if it happened, 0 if not; CAUSE 0 censored, 1 the event,"
        " 2 and 3 what came instead of it",
        page.reason,
    )
    records = page.records
    frame = records[list(COLUMNS)].assign(EVENT=(records["CAUSE"] == 1).astype(int))
    write_frame(out, frame)
    return out.getvalue()


def _few(outcome: Outcome) -> bool:
    """Whether its arms are too small for a number needed."""
    return caution.too_few([(name, arm.n) for name, arm in outcome.arms.items()])


def _values(page: BenefitRiskPage) -> dict[str, Value]:
    if page.reason is not None:
        raise UserError("There is nothing to recompute.", page.reason)
    times = {outcome.id: outcome.time for outcome in page.outcomes}
    return {
        "ARMS": named(page.pair[::-1] if page.pair else [a.name for a in page.arms]),
        "COUNTED": [o.id for o in page.outcomes if o.counted and not _few(o)],
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
    provenance=lambda page: page.provenance,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.address,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
