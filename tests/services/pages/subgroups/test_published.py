"""Published subgroups beside simulated rows. Oracle: Hematology 2021, Table 1: 0.09 (0.02-0.44)."""

from __future__ import annotations

import csv

from components.subgroups.layout import open_head
from components.subgroups.table import forest_table
from services.evidence.load import evidence
from services.pages.subgroups import variables
from services.pages.subgroups.export import subgroups_csv, subgroups_json
from services.pages.subgroups.page import subgroups_page
from services.views.study import View
from tests.studies import bundled

TEXT = "0.09 (0.02 to 0.44)"
STUDY = bundled()


def test_it_stands_in_json_and_csv_of_its_row_alone() -> None:
    page = subgroups_page(STUDY, View())
    levels = {
        (group["variable"], level["level"]): level["published"]
        for group in subgroups_json(page)["groups"]
        for level in group["levels"]
    }
    told = {row: found["text"] for row, found in levels.items() if found}
    assert told == {("MAYO2018", "High"): TEXT}
    lines = [line for line in subgroups_csv(page).splitlines() if not line.startswith("#")]
    rows = {
        (r["variable"], r["level"]): (r["published_hr"], r["published_source"])
        for r in csv.DictReader(lines)
    }
    assert rows["MAYO2018", "High"] == (TEXT, "https://doi.org/10.1182/hematology.2021000304")
    assert {row for row, (text, _) in rows.items() if text} == {("MAYO2018", "High")}


def test_it_stands_in_the_table_and_the_open_row() -> None:
    page = subgroups_page(STUDY, View(row="MAYO2018:High"))
    assert str(forest_table(page)).count(f"published {TEXT}") == 1
    assert TEXT in str(open_head(page))
    assert "In the simulated patients" in str(open_head(page))
    assert "Published: HR " not in str(open_head(subgroups_page(STUDY, View(row="SEX:F"))))


def test_only_for_the_endpoint_and_direction_that_were_published() -> None:
    assert variables.beside(STUDY, "OS", ("Observation", "Lenalidomide")) == {}
    assert variables.beside(STUDY, "PFS", ("Lenalidomide", "Observation")) == {}
    assert variables.beside(STUDY, "PFS", None) == {}


def test_every_published_subgroup_has_its_row() -> None:
    """Whatever the evidence files hold for a bundled study finds the row it is of."""
    for trial in evidence().trials:
        for link in trial.studies:
            study = bundled(link.study)
            for told in trial.subgroups:
                if told.endpoint not in link.endpoints or study.reference_arm is None:
                    continue
                other = next(a.name for a in study.arms if a.name != study.reference_arm)
                kind = trial.endpoint(told.endpoint).kind
                found = variables.beside(study, kind, (study.reference_arm, other))
                assert len(found) == sum(s.endpoint == told.endpoint for s in trial.subgroups)
