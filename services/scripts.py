"""Scripts that recompute a survival page elsewhere: in Python with numpy, in R with survival.

They read the page's patients (``export.patients_csv``) and print one table; a test runs both and
compares it with ``survival.json``. Arms are named as that file names them: ``safe_cell``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from services.csv_text import safe_cell
from services.export import patients_csv
from services.page_records import SurvivalPage, TypesOfEvent, file_name
from services.pages.scripts import DataFile, script
from services.script_text import python_list, python_string, r_string, r_strings
from services.view import encode, format_number


def python_script(page: SurvivalPage, site: str = "") -> str:
    """The survival page's numbers with numpy, pandas and scipy."""
    tau = page.view.tau
    own = {
        "TICKS": json.dumps(list(page.ticks)),
        "LANDMARKS": json.dumps(list(page.view.at)),
        "TAU": "None" if tau is None else format_number(tau),
    }
    return _made("py", page, python_string, python_list, own, site)


def r_script(page: SurvivalPage, site: str = "") -> str:
    """The survival page's numbers with R's survival package, Gray's test with cmprsk."""
    tau = page.view.tau
    own = {
        "TICKS": f"c({', '.join(map(format_number, page.ticks))})",
        "LANDMARKS": f"c({', '.join(map(format_number, page.view.at))})",
        "TAU": "NA" if tau is None else format_number(tau),
    }
    return _made("R", page, r_string, r_strings, own, site)


def strata(page: SurvivalPage) -> list[str]:
    """Columns the page's stratified results are made within."""
    facet = [page.view.facet] if page.view.facet else []
    return list(dict.fromkeys([*page.view.strata, *facet]))


def data_file(page: SurvivalPage) -> DataFile:
    """The patients behind the page."""
    return DataFile(
        file_name(page, "survival-patients", "csv"),
        patients_csv(page),
        f"/study/{page.study.id}/survival.data.csv{encode(page.full_address)}",
    )


def _made(
    ending: str,
    page: SurvivalPage,
    text: Callable[[str], str],
    texts: Callable[[Iterable[str]], str],
    own: dict[str, str],
    site: str,
) -> str:
    view = page.view
    types = page.extra.types if isinstance(page.extra, TypesOfEvent) else ()
    compete = page.competing.causes if page.competing else ("",)
    return script(
        f"survival.{ending}.txt",
        name=file_name(page, "survival", ending),
        title=page.endpoint.label,
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values=own
        | {
            "ARMS": texts(map(safe_cell, view.arms)),
            "STRATA": texts(strata(page)),
            "CI": text(view.ci),
            "LEVEL": format_number(view.level),
            "PLOT": text(view.plot),
            "FACET": text(view.facet if view.plot == "curves" else ""),
            "EVENT": text(safe_cell(compete[0])),
            "TYPES": texts(map(safe_cell, compete[1:])),
            "PLOT_TYPES": texts(map(safe_cell, types)),
        },
        site=site,
    )
