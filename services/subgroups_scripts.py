"""Scripts that recompute the forest elsewhere: in Python with lifelines, in R with survival.

They read the page's patients (``subgroups_export.patients_csv``) and print one table; a test runs
both and compares them with ``subgroups.json``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from services.subgroups_records import SubgroupsPage
from services.view import encode, format_number

_TEMPLATES = Path(__file__).parent / "script_templates"


def python_script(page: SubgroupsPage) -> str:
    """The forest with lifelines and pandas."""
    return _fill("subgroups.py.txt", page, _python_list)


def r_script(page: SubgroupsPage) -> str:
    """The forest with R's survival package."""
    return _fill("subgroups.R.txt", page, _r_list)


def _python_list(items: Sequence[str]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


def _r_list(items: Sequence[str]) -> str:
    # JSON's escapes (\", \\, \n, é) mean the same in R.
    return f"c({', '.join(json.dumps(item) for item in items)})" if items else "character(0)"


def _fill(template: str, page: SubgroupsPage, listed: object) -> str:
    assert callable(listed)
    view = page.view
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    name = f"{page.study.id}-{view.endpoint}"
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
    values = {
        "TITLE": _one_line(f"{page.study.title}: {page.endpoint.label}, subgroups"),
        "DATA_FILE": f"{stem}-data.csv",
        "SCRIPT_FILE": f"{stem}-subgroups" + (".R" if template.endswith("R.txt") else ".py"),
        "DATA_ADDRESS": f"/study/{page.study.id}/subgroups.data.csv{encode(view)}",
        "PROVENANCE": "\n".join(
            f"# {label}: {_one_line(words)}" for label, words in page.provenance
        ),
        "ARMS": listed(page.pair or view.arms),
        "VARIABLES": listed(view.by),
        "STRATA": listed(view.strata),
        "TIME": format_number(page.time),
        "LEVEL": format_number(view.level),
        "MIN_EVENTS": str(view.min_events),
    }
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
