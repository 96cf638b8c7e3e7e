"""Scripts that recompute a page elsewhere: in Python with lifelines, in R with survival.

They read the page's patients (``export.patients_csv``) and print one table; a test runs both and
compares it with ``survival.json``. Arms are named as that file names them: ``safe_cell``.
"""

from __future__ import annotations

import json

from services.csv_text import safe_cell
from services.page_records import SurvivalPage
from services.script_text import file_stem, fill, heading, python_list, r_strings
from services.view import encode, format_number


def python_script(page: SurvivalPage) -> str:
    """The survival page's numbers with lifelines and pandas."""
    view = page.view
    return _fill(
        "survival.py.txt",
        page,
        {
            "ARMS": python_list(map(safe_cell, view.arms)),
            "STRATA": python_list(strata(page)),
            "LANDMARKS": json.dumps(list(view.at)),
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "TAU": "None" if view.tau is None else format_number(view.tau),
        },
    )


def r_script(page: SurvivalPage) -> str:
    """The survival page's numbers with R's survival package."""
    view = page.view
    return _fill(
        "survival.R.txt",
        page,
        {
            "ARMS": r_strings(map(safe_cell, view.arms)),
            "STRATA": r_strings(strata(page)),
            "LANDMARKS": f"c({', '.join(format_number(t) for t in view.at)})",
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "TAU": "NA" if view.tau is None else format_number(view.tau),
        },
    )


def strata(page: SurvivalPage) -> list[str]:
    """Columns the page's stratified results are made within."""
    facet = [page.view.facet] if page.view.facet else []
    return list(dict.fromkeys([*page.view.strata, *facet]))


def _fill(template: str, page: SurvivalPage, values: dict[str, str]) -> str:
    # As callbacks/addresses.py names the file of the patients.
    stem = file_stem(f"{page.study.id}-{page.view.endpoint}")
    title = f"{page.study.title}: {page.endpoint.label}"
    address = f"/study/{page.study.id}/survival.data.csv{encode(page.view)}"
    head = heading(template, title, stem, f"{stem}-analysis", address, page.provenance)
    return fill(template, values | head)
