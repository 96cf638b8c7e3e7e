"""The patients behind benefit and risk, and scripts in Python and R that recompute the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from services.benefit_risk_records import BenefitRiskPage, Outcome
from services.csv_text import safe_cell, write_frame
from services.errors import UserError
from services.page_records import file_name
from services.pages import caution
from services.pages.export import csv_head
from services.pages.scripts import DataFile, script
from services.script_text import python_list, python_string, r_string, r_strings
from services.view import encode, format_number

COLUMNS = ("OUTCOME", "USUBJID", "ARM", "TIME", "CAUSE")


def python_script(page: BenefitRiskPage, site: str = "") -> str:
    """The page's numbers with numpy, pandas and scipy.

    Raises
    ------
    UserError : there are none; says why
    """
    return _made("py", page, python_string, python_list, {True: "True", False: "False"}, site)


def r_script(page: BenefitRiskPage, site: str = "") -> str:
    """The page's numbers with R's survival package.

    Raises
    ------
    UserError : there are none; says why
    """
    return _made("R", page, r_string, r_strings, {True: "TRUE", False: "FALSE"}, site)


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


def data_file(page: BenefitRiskPage) -> DataFile:
    """The patients of both outcomes."""
    return DataFile(
        file_name(page, "benefit-risk-patients", "csv"),
        patients_csv(page),
        f"/study/{page.study.id}/benefit-risk.data.csv{encode(page.address)}",
    )


def _made(
    ending: str,
    page: BenefitRiskPage,
    text: Callable[[str], str],
    texts: Callable[[Iterable[str]], str],
    truth: dict[bool, str],
    site: str,
) -> str:
    if page.reason is not None:
        raise UserError("There is nothing to recompute.", page.reason)
    arms = page.pair[::-1] if page.pair else tuple(a.name for a in page.arms)
    times = {outcome.id: format_number(outcome.time) for outcome in page.outcomes}
    return script(
        f"benefit_risk.{ending}.txt",
        name=file_name(page, "benefit-risk", ending),
        title=f"{page.endpoint.label}, benefit and risk",
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values={
            "ARMS": texts(map(safe_cell, arms)),
            "COUNTED": texts(o.id for o in page.outcomes if o.counted and not _few(o)),
            "COMPARED": truth[page.pair is not None],
            "TIME": times["benefit"],
            "TIME_OF_HARM": times["harm"],
            "COMPETES": truth[page.competes],
            "GOOD": truth[bool(page.endpoint.good)],
            "CI": text(page.view.ci),
            "LEVEL": format_number(page.view.level),
        },
        site=site,
    )


def _few(outcome: Outcome) -> bool:
    """Whether its arms are too small for a number needed."""
    return caution.too_few([(name, arm.n) for name, arm in outcome.arms.items()])
