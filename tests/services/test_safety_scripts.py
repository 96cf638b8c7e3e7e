"""The scripts a reader takes along print the page's own numbers, in Python and in R.

Each counts from the patients' file and makes the Miettinen-Nurminen interval from its definition
(the likelihood is maximised by bisection), so they are oracles of the page's intervals too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from services.csv_text import safe_cell
from services.safety import safety_page
from services.safety_records import SafetyPage
from services.safety_scripts import patients_csv, python_script, r_script
from services.study import Study
from services.view import decode
from tests.script_runs import run_one
from tests.services.test_safety import ADAE, ADSL, tiny
from tests.studies import bundled


def odd() -> Study:
    """Terms and arms that try every quoting rule."""
    adae = ADAE.replace("Nausea", '"=Nausea, ""bad"" #1"').replace("Gut", "Où \\ ça")
    study = tiny(adae, ADSL.replace("Drug", '"@ARMS@ ""x"" 😀"'))
    return replace(study, title='Trial of "quotes" & β')


@pytest.mark.parametrize("language", ["py", "R"])
@pytest.mark.parametrize(
    ("study", "query"),
    [
        (bundled, ""),
        (bundled, "f.SEX=F&grade=severe&level=0.9"),
        (lambda: bundled("e3a06-run-in"), ""),
        (odd, "emergent=no"),
    ],
)
def test_scripts_print_the_page_s_numbers(tmp_path: Path, language, study, query):
    page = safety_page(study(), decode(query))
    make = python_script if language == "py" else r_script
    printed, stopped = run_one(language, make(page), patients_csv(page), tmp_path / "run")
    assert stopped == ""
    compare(printed, page)


def compare(printed: str, page: SafetyPage) -> None:
    rows = [line.split(" | ") for line in printed.splitlines()]
    by_name = {(row[0], row[1]): row[2:] for row in rows}
    arms = page.pair or tuple(page.n)
    terms = {
        (safe_cell(r.soc), safe_cell(r.name)): r
        for r in page.leading
        if any(r.arms[arm].subjects for arm in page.n)
    }
    assert set(by_name) == set(terms)
    for name, row in terms.items():
        shown = by_name[name]
        for i, arm in enumerate(arms):
            assert shown[i] == f"{safe_cell(arm)}: {row.arms[arm].subjects} of {page.n[arm]}"
        if page.pair:
            expected = [row.difference.estimate, row.difference.lower, row.difference.upper]
            assert [float(v) for v in shown[2:]] == pytest.approx(expected, abs=2e-6)


def test_the_patients_file_has_those_without_events():
    lines = [x for x in patients_csv(safety_page(tiny(), decode(""))).splitlines() if x[0] != "#"]
    assert lines[0] == "USUBJID,ARM,CLASS,TERM,GRADE"
    assert "S6,Placebo,,," in lines  # only an event before treatment
    assert len({line.split(",")[0] for line in lines[1:]}) == 6
    assert not any(line.startswith(("S7", "S8")) for line in lines)
