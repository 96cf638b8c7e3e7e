"""Scripts that recompute a page elsewhere: in Python with lifelines, in R with survival.

They read the page's patients (``export.patients_csv``) and print one table; a test runs both and
compares it with ``survival.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from services.page_records import SurvivalPage
from services.view import encode, format_number

_TEMPLATES = Path(__file__).parent / "script_templates"


def python_script(page: SurvivalPage) -> str:
    """The survival page's numbers with lifelines and pandas."""
    view = page.view
    return _fill(
        "survival.py.txt",
        page,
        {
            "ARMS": json.dumps(list(view.arms), ensure_ascii=False),
            "STRATA": json.dumps(strata(page), ensure_ascii=False),
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
            "ARMS": _r_strings(view.arms),
            "STRATA": _r_strings(strata(page)),
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


def _r_strings(items: Sequence[str]) -> str:
    return f"c({', '.join(map(_r_string, items))})"


def _r_string(text: str) -> str:
    """A string of R in plain ASCII, so that no reader's locale changes it.

    >>> _r_string('5 "µg"')
    '"5 \\\\"\\\\U000000b5g\\\\""'
    """
    return '"' + "".join(map(_r_character, text)) + '"'


def _r_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\U{ord(character):08x}"


def _fill(template: str, page: SurvivalPage, values: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    # As callbacks/addresses.py names the file of the patients.
    stem = "".join(
        c if (c.isascii() and c.isalnum()) or c in "-_." else "-"
        for c in f"{page.study.id}-{page.view.endpoint}"
    )
    values |= {
        "TITLE": _one_line(f"{page.study.title}: {page.endpoint.label}"),
        "DATA_FILE": f"{stem}-data.csv",
        "SCRIPT_FILE": f"{stem}-analysis" + (".R" if template.endswith("R.txt") else ".py"),
        "DATA_ADDRESS": f"/study/{page.study.id}/survival.data.csv{encode(page.view)}",
        "PROVENANCE": "\n".join(
            f"# {label}: {_one_line(words)}" for label, words in page.provenance
        ),
    }
    # In one pass: an arm may be called "@CI@".
    return re.sub(r"@([A-Z_]+)@", lambda blank: values[blank[1]], text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
