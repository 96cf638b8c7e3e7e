"""The subgroups page's files. Oracle: the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services.csv_text import safe_cell
from services.pages.export import column_name
from services.pages.subgroups import export as subgroups_export
from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import SubgroupsPage
from services.study.model import Column
from services.views.study import View, decode
from tests.recorded import recorded, unseen
from tests.script_runs import run_one
from tests.services.pages.subgroups.pages import page_of
from tests.studies import bundled, late_entries, make_study


def test_json_has_the_shape_of_the_design() -> None:
    body = subgroups_export.subgroups_json(page_of("?by=SEX,AGEGR1"))
    assert {"study", "population", "settings", "overall", "groups", "tests"} <= set(body)
    row = body["groups"][0]["levels"][0]
    assert {"level", "n", "events", "median", "hazard_ratio", "reason"} <= set(row)
    assert {"estimate", "lower", "upper", "p"} <= set(row["hazard_ratio"])
    assert body["groups"][1]["levels"][2]["hazard_ratio"] is None
    assert body["tests"] == 2
    json.dumps(body, allow_nan=False)


def test_csv_has_a_row_per_level_and_says_what_it_is() -> None:
    page = page_of("?by=SEX,AGEGR1")
    text = subgroups_export.subgroups_csv(page)
    assert "# Study: E3A06. Simulated patients" in text
    assert "# Credibility of Sex" in text
    frame = pd.read_csv(io.StringIO(text), comment="#")
    assert len(frame) == 1 + 2 + 3
    assert frame["hr"].notna().sum() == 5


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


CASES: dict[str, Callable[[], SubgroupsPage]] = {
    "odd words": page,
    "cut": lambda: subgroups_page(bundled(), decode("?cut=AGE:65&diff=24")),
    "stratified": lambda: subgroups_page(
        bundled(), decode("?strata=TSDIAGGR,SEX&f.ECOGBL=0&diff=30&level=0.9&ci=plain")
    ),
    "shrunken": lambda: subgroups_page(bundled("aquila"), decode("?shrink=yes&level=0.9")),
    "entry times": lambda: subgroups_page(
        late_entries(), decode("?by=F,SEX&strata=STRATUM&unit=months&diff=12&shrink=yes")
    ),
    "published beside": lambda: subgroups_page(bundled("aquila"), decode("?unit=years&diff=5")),
}
# Numbers of the record that the scripts need not print.
NOT_COMPUTED = (
    "population.*",  # who is counted: the file of patients holds them
    "settings.*",
    "*published.*",  # by the trial
    "headlines*",
)
# Columns of the table: key of the record -> column.
RATIO = {"estimate": "hr", "lower": "lower", "upper": "upper", "p": "hr_p", "log_se": "hr_log_se",
         "p_score": "hr_score_p", "p_likelihood": "hr_likelihood_p"}  # fmt: skip
DIFFERENCE = {"estimate": "difference", "lower": "difference_lower", "upper": "difference_upper",
              "p": "difference_p", "time": "difference_time"}  # fmt: skip


@pytest.mark.parametrize("language", ["py", "R"])
@pytest.mark.parametrize("case", CASES)
def test_scripts_print_every_number_of_the_page(language: str, case: str, tmp_path: Path) -> None:
    made = CASES[case]()
    make = subgroups_export.r_script if language == "R" else subgroups_export.python_script
    text, stopped = run_one(
        language, make(made), subgroups_export.patients_csv(made), tmp_path / "run"
    )
    assert stopped == ""
    printed = {(r["variable"], r["level"]): r for r in csv.DictReader(io.StringIO(text))}
    body = recorded(json.loads(json.dumps(subgroups_export.subgroups_json(made))))
    assert made.pair is not None
    sides = dict(zip(("reference", "arm"), made.pair, strict=True))
    tested = [group for group in body["groups"] if group["interaction"]]
    assert len(tested) == body["tests"]
    seen: list[Any] = [body["tests"]]
    shown = [("", body["overall"], {})]
    shown += [
        (group["variable"], row, group) for group in body["groups"] for row in group["levels"]
    ]
    for variable, row, group in shown:
        name = safe_cell(column_name(variable)) if variable else ""
        wanted: dict[str, float | None] = {}
        for side, arm in sides.items():
            for key in ("n", "events", "median", "survival"):
                wanted[f"{key}_{side}"] = row[key][arm] if row[key] else None
        for record, columns in ((row["hazard_ratio"], RATIO), (row["difference"], DIFFERENCE)):
            wanted |= {column: record[k] if record else None for k, column in columns.items()}
        for key in ("estimate", "lower", "upper", "weight", "tau2"):
            column = {"estimate": "shrunken_hr", "tau2": "tau2"}.get(key, f"shrunken_{key}")
            wanted[column] = (row.get("shrunken") or {}).get(key)
        for key in ("chi2", "df", "p"):
            wanted[key] = group["interaction"][key] if group.get("interaction") else None
        wanted["n_missing"] = group.get("n_missing")
        seen.append(wanted)
        if not any(row["n"].values()):  # a level of the study that nobody shown has
            assert not row["hazard_ratio"]
            assert not any(row["events"].values())
            continue
        found = printed.pop((name, safe_cell(row["level"])))
        for column, want in wanted.items():
            if column == "difference_time" and want is None:
                continue
            if want is None:
                assert found[column] == "", (variable, row["level"], column)
            else:
                value = float(found[column])
                assert value == pytest.approx(want, rel=1e-6, abs=1e-9), (variable, column)
    assert printed == {}
    assert unseen(body, seen, NOT_COMPUTED) == []
