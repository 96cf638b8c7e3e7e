"""Scripts that recompute the forest elsewhere: in Python with lifelines, in R with survival.

They read the page's patients (``subgroups_export.patients_csv``) and print one table; a test runs
both and compares them with ``subgroups.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from services.csv_text import safe_cell
from services.pages.patients_file import column_name
from services.script_text import file_stem, fill, heading, python_list, r_strings
from services.subgroups_records import SubgroupsPage
from services.view import encode, format_number


def python_script(page: SubgroupsPage) -> str:
    """The forest with lifelines and pandas."""
    return _fill("subgroups.py.txt", page, python_list)


def r_script(page: SubgroupsPage) -> str:
    """The forest with R's survival package."""
    return _fill("subgroups.R.txt", page, r_strings)


def _fill(template: str, page: SubgroupsPage, listed: Callable[[Iterable[str]], str]) -> str:
    view = page.view
    stem = file_stem(f"{page.study.id}-{view.endpoint}")

    def named(items: Iterable[str]) -> str:  # as the file of the patients names them
        return listed(map(safe_cell, items))

    title = f"{page.study.title}: {page.endpoint.label}, subgroups"
    address = f"/study/{page.study.id}/subgroups.data.csv{encode(view)}"
    head = heading(template, title, stem, f"{stem}-subgroups", address, page.provenance)
    return fill(
        template,
        head
        | {
            "ARMS": named(page.pair or view.arms),
            "VARIABLES": named(map(column_name, view.by)),
            "STRATA": named(map(column_name, view.strata)),
            "TIME": format_number(page.time),
            "CI": json.dumps(view.ci),
            "LEVEL": format_number(view.level),
            "MIN_EVENTS": str(view.min_events),
        },
    )
