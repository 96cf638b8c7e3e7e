"""What all pages' scripts have in common: their own file, checked, under a name of its own.

Oracle: each script is run beside the file of another view, in Python and in R.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.pages.benefit_risk import export as benefit_risk_scripts
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.risk_models import export as risk_models_export
from services.pages.risk_models.page import risk_models_page
from services.pages.safety import export as safety_export
from services.pages.safety.page import safety_page
from services.pages.scripts import Scripts
from services.pages.states import export as states_export
from services.pages.states.page import states_page
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups.page import subgroups_page
from services.pages.survival import export as survival_export
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.script_runs import run_one
from tests.studies import bundled

PAGES: dict[str, tuple[Scripts[Any], Callable[..., Any]]] = {
    "survival": (survival_export.SCRIPTS, survival_page),
    "states": (states_export.SCRIPTS, states_page),
    "subgroups": (subgroups_export.SCRIPTS, subgroups_page),
    "risk-models": (risk_models_export.SCRIPTS, risk_models_page),
    "safety": (safety_export.SCRIPTS, safety_page),
    "benefit-risk": (benefit_risk_scripts.SCRIPTS, benefit_risk_page),
}
VIEWS = ("", "?f.SEX=F", "?f.SEX=M")


@pytest.mark.parametrize("language", ["py", "R"])
@pytest.mark.parametrize("name", PAGES)
def test_a_script_refuses_the_file_of_another_view(
    name: str, language: str, tmp_path: Path
) -> None:
    made, make = PAGES[name]
    page, other = (make(bundled(), decode(query)) for query in ("", "?f.SEX=F"))
    script = made.python(page) if language == "py" else made.r(page)
    printed, said = run_one(language, script, made.data_file(other).text, tmp_path / "run")
    assert printed == ""
    file, wrong = made.data_file(page), made.data_file(other)
    assert f"{file.name} is not the file this script was made for" in said
    assert f"its content differs ({wrong.rows} rows; {file.rows} expected)" in said


def test_no_two_files_have_one_name() -> None:
    """Of studies, pages, views and languages; the data file is the one its script names."""
    names = []
    for study, views in (("e3a06", VIEWS), ("aquila", VIEWS[:1])):
        for made, make in PAGES.values():
            for query in views:
                page = make(bundled(study), decode(query))
                data = made.data_file(page).name
                names.append(data)
                for script in (made.python(page), made.r(page)):
                    assert f'"{data}"' in script
                    run = re.search(r"(?:python|Rscript) (\S+\.(?:py|R))", script)
                    assert run is not None
                    names.append(run[1])
                    assert not re.search(r"@[A-Z_]+@|@USE", script), "a blank was left unfilled"
    assert len(set(names)) == len(names) == len(PAGES) * (len(VIEWS) + 1) * 3
