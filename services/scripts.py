"""Scripts that recompute a survival page elsewhere: in Python with numpy, in R with survival.

They read the page's patients (``export.patients_csv``) and print one table; a test runs both and
compares it with ``survival.json``. Arms are named as that file names them: ``safe_cell``.
"""

from __future__ import annotations

from services.csv_text import safe_cell
from services.export import patients_csv
from services.page_records import SurvivalPage, TypesOfEvent
from services.pages.scripts import Scripts, named
from services.script_text import Value


def strata(page: SurvivalPage) -> list[str]:
    """Columns the page's stratified results are made within."""
    facet = [page.view.facet] if page.view.facet else []
    return list(dict.fromkeys([*page.view.strata, *facet]))


def _values(page: SurvivalPage) -> dict[str, Value]:
    view = page.view
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    compete = page.competing.causes if page.competing else ("",)
    return {
        "ARMS": named(view.arms),
        "STRATA": strata(page),
        "LANDMARKS": view.at,
        "TICKS": page.ticks,
        "CI": view.ci,
        "LEVEL": view.level,
        "TAU": view.tau,
        "PLOT": view.plot,
        "FACET": view.facet if view.plot == "curves" else "",
        "EVENT": safe_cell(compete[0]),
        "TYPES": named(compete[1:]),
        "PLOT_TYPES": named(types),
    }


SCRIPTS: Scripts[SurvivalPage] = Scripts(
    name="survival",
    title=lambda page: page.endpoint.label,
    provenance=lambda page: page.provenance,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.full_address,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
