"""Scripts that recompute the forest elsewhere: in Python with numpy, in R with survival.

They read the page's patients (``subgroups_export.patients_csv``) and print one table; a test runs
both and compares them with ``subgroups.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from services.csv_text import safe_cell
from services.page_records import file_name
from services.pages.patients_file import column_name
from services.pages.scripts import DataFile, script
from services.script_text import python_list, r_strings
from services.subgroups_export import patients_csv
from services.subgroups_records import SubgroupsPage
from services.view import encode, format_number


def python_script(page: SubgroupsPage, site: str = "") -> str:
    """The forest with numpy, pandas and scipy."""
    return _made("py", page, python_list, site)


def r_script(page: SubgroupsPage, site: str = "") -> str:
    """The forest with R's survival package."""
    return _made("R", page, r_strings, site)


def data_file(page: SubgroupsPage) -> DataFile:
    """The patients behind the forest."""
    return DataFile(
        file_name(page, "subgroups-patients", "csv"),
        patients_csv(page),
        f"/study/{page.study.id}/subgroups.data.csv{encode(page.view)}",
    )


def _made(
    ending: str, page: SubgroupsPage, listed: Callable[[Iterable[str]], str], site: str
) -> str:
    view = page.view

    def named(items: Iterable[str]) -> str:  # as the file of the patients names them
        return listed(map(safe_cell, items))

    return script(
        f"subgroups.{ending}.txt",
        name=file_name(page, "subgroups", ending),
        title=f"{page.endpoint.label}, subgroups",
        study=page.study,
        data=data_file(page),
        provenance=page.provenance,
        values={
            "ARMS": named(page.pair or view.arms),
            "VARIABLES": named(map(column_name, view.by)),
            "STRATA": named(map(column_name, view.strata)),
            "TIME": format_number(page.time),
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "MIN_EVENTS": str(view.min_events),
        },
        site=site,
    )
