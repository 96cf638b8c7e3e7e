"""Scripts that recompute a survival page elsewhere: in Python with numpy, in R with survival.

They read the page's patients (``export.patients_csv``) and print one table; a test runs both and
compares it with ``survival.json``. Arms are named as that file names them: ``safe_cell``.
"""

from __future__ import annotations

import json

from services.csv_text import safe_cell
from services.export import patients_csv
from services.page_records import SurvivalPage, file_name
from services.pages.scripts import DataFile, script
from services.script_text import python_list, r_strings
from services.view import encode, format_number


def python_script(page: SurvivalPage, site: str = "") -> str:
    """The survival page's numbers with numpy, pandas and scipy."""
    view = page.view
    return _made(
        "py",
        page,
        {
            "ARMS": python_list(map(safe_cell, view.arms)),
            "STRATA": python_list(strata(page)),
            "LANDMARKS": json.dumps(list(view.at)),
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "TAU": "None" if view.tau is None else format_number(view.tau),
        },
        site,
    )


def r_script(page: SurvivalPage, site: str = "") -> str:
    """The survival page's numbers with R's survival package."""
    view = page.view
    return _made(
        "R",
        page,
        {
            "ARMS": r_strings(map(safe_cell, view.arms)),
            "STRATA": r_strings(strata(page)),
            "LANDMARKS": f"c({', '.join(format_number(t) for t in view.at)})",
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "TAU": "NA" if view.tau is None else format_number(view.tau),
        },
        site,
    )


def strata(page: SurvivalPage) -> list[str]:
    """Columns the page's stratified results are made within."""
    facet = [page.view.facet] if page.view.facet else []
    return list(dict.fromkeys([*page.view.strata, *facet]))


def data_file(page: SurvivalPage) -> DataFile:
    """The patients behind the page."""
    return DataFile(
        file_name(page, "survival-patients", "csv"),
        patients_csv(page),
        f"/study/{page.study.id}/survival.data.csv{encode(page.view)}",
    )


def _made(ending: str, page: SurvivalPage, values: dict[str, str], site: str) -> str:
    return script(
        f"survival.{ending}.txt",
        name=file_name(page, "survival", ending),
        title=page.endpoint.label,
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values=values,
        site=site,
    )
