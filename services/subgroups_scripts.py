"""Scripts that recompute the forest elsewhere: in Python with numpy, in R with survival.

They read the page's patients (``subgroups_export.patients_csv``) and print one table; a test runs
both and compares them with ``subgroups.json``.
"""

from __future__ import annotations

from services.pages.patients_file import column_name
from services.pages.scripts import Scripts, named
from services.script_text import Value
from services.subgroups_export import patients_csv
from services.subgroups_records import SubgroupsPage


def _values(page: SubgroupsPage) -> dict[str, Value]:
    view = page.view
    return {
        "ARMS": named(page.pair or view.arms),
        "VARIABLES": named(map(column_name, view.by)),
        "STRATA": named(map(column_name, view.strata)),
        "TIME": page.time,
        "CI": view.ci,
        "LEVEL": view.level,
        "MIN_EVENTS": view.min_events,
    }


SCRIPTS: Scripts[SubgroupsPage] = Scripts(
    name="subgroups",
    title=lambda page: f"{page.endpoint.label}, subgroups",
    provenance=lambda page: page.provenance,
    patients=patients_csv,
    values=_values,
    address=lambda page: page.view,
)
python_script, r_script = SCRIPTS.python, SCRIPTS.r
