"""The head of every file of a page. Oracle: what the design promises that it says."""

from __future__ import annotations

from services.pages.export import csv_head, json_head, settings, study_header
from services.pages.survival.page import survival_page
from services.views.study import View, decode
from tests.studies import bundled


def test_the_head_says_whose_patients_and_who_was_counted() -> None:
    page = survival_page(bundled(), decode("f.SEX=F"))
    head = json_head(page)
    assert head["study"]["kind"] == "simulated"
    assert head["study"]["sha256"] == bundled().sha256
    women = int((bundled().subjects["SEX"] == "F").sum())
    assert (head["population"]["n"], head["population"]["n_total"]) == (women, 182)
    assert {"headlines", "made_up"} <= head.keys()


def test_only_simulated_studies_have_what_leads_them() -> None:
    head = json_head(survival_page(bundled("mgus2"), View()))
    assert not {"headlines", "made_up"} & head.keys()
    assert study_header(bundled("mgus2"))["id"] == "mgus2"


def test_notes_of_a_csv_are_lines_that_a_reader_of_csv_skips() -> None:
    made = csv_head([("Study", "A\nB")], "TIME in months", "no patients").getvalue()
    lines = made.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("# ") for line in lines)
    assert lines[1:] == ["# Columns: TIME in months", "# No numbers: no patients"]


def test_settings_name_the_reference_only_where_something_is_compared() -> None:
    assert settings(View(arms=("A",)))["reference"] is None
    both = settings(View(arms=("A", "B"), strata=("SEX",), facet="SEX", ci="plain"))
    assert (both["reference"], both["strata"]) == ("A", ["SEX"])
    assert both["difference_interval"] == "plain"
    assert settings(View(ci="log"))["difference_interval"] == "mover"
