"""Scripts of the forest, of a study whose words try every quoting rule. Oracle: the page."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from services import subgroups_export, subgroups_scripts
from services.csv_text import safe_cell
from services.study import Column
from services.subgroups_page import subgroups_page
from services.subgroups_records import SubgroupsPage
from services.view import View
from tests.script_runs import run_one
from tests.studies import make_study

ARMS = ('=Drug #1, "high"\n😀', "@STRATA@\\")
LEVELS = ('"F" #1, β', "-M\\")


@cache
def page() -> SubgroupsPage:
    study = make_study(
        [ARMS[i % 2] for i in range(80)],
        [1 + (i * 7) % 41 + (i % 3) * 0.5 for i in range(80)],
        [i % 5 != 0 for i in range(80)],
        {"SEX": [LEVELS[(i // 3) % 2] for i in range(80)], "NA": ["x", "NA", "NA", "x"] * 20},
        known={name: Column(name, name) for name in ("SEX", "NA")},
        arms=ARMS,
        title='Trial "of"\nimport os',
    )
    return subgroups_page(study, View(by=("SEX", "NA"), strata=("NA",), min_events=5, diff=10.0))


@pytest.mark.parametrize("language", ["py", "R"])
def test_odd_words_come_through(language: str, tmp_path: Path) -> None:
    made = page()
    make = subgroups_scripts.r_script if language == "R" else subgroups_scripts.python_script
    text, stopped = run_one(
        language, make(made), subgroups_export.patients_csv(made), tmp_path / "run"
    )
    assert stopped == ""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    printed = {(r["variable"], r["level"]): r for r in csv.DictReader(lines)}
    assert made.forest is not None
    assert made.pair is not None
    reference, arm = made.pair
    assert {reference, arm} == set(ARMS)
    shown = [("", made.forest.overall)]
    shown += [(g.variable, row) for g in made.forest.groups for row in g.levels]
    assert len(shown) == 5
    for variable, row in shown:
        found = printed[variable, safe_cell(row.level)]
        assert [found["n_arm"], found["n_reference"]] == [str(row.n[arm]), str(row.n[reference])]
        assert row.hazard_ratio is not None
        assert row.hazard_ratio.estimate is not None
        assert_allclose(float(found["hr"]), row.hazard_ratio.estimate, rtol=1e-7)
