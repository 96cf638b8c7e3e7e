"""The numbers behind the page as JSON and CSV. The shape is section 3 of docs/design.md."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from services.pages.survival import export, robustness
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.units import DAYS_PER_UNIT
from services.views.study import View, decode
from tests.studies import bundled, make_study

TOP = {"study", "population", "settings", "curves", "log_rank", "comparisons"}
CURVE = {
    *("arm", "n", "events", "censored", "time", "survival", "lower", "upper", "at_risk"),
    *("quartiles", "median", "landmarks", "rmst", "follow_up"),
}
COMPARISON = {
    *("arm", "reference", "hazard_ratio", "reason", "log_rank", "landmark_differences"),
    *("rmst_difference", "proportional_hazards"),
}


def page(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def body(query: str = "", study_id: str = "e3a06") -> Any:
    """The JSON as another program reads it; NaN and infinities are refused."""
    return json.loads(json.dumps(export.survival_json(page(query, study_id)), allow_nan=False))


def test_the_shape_is_the_designs() -> None:
    found = body("?strata=TSDIAGGR")
    assert set(found) >= TOP
    assert set(found["study"]) == {"id", "title", "kind", "sha256"}
    assert set(found["population"]) == {"n", "n_total", "filters"}
    assert set(found["log_rank"]) >= {"chi2", "df", "p"}
    for curve in found["curves"]:
        assert set(curve) >= CURVE
        lengths = {len(curve[k]) for k in ("time", "survival", "lower", "upper", "at_risk")}
        assert len(lengths) == 1
        assert [q["p"] for q in curve["quartiles"]] == [0.25, 0.5, 0.75]
        assert curve["median"]["estimate"] == curve["quartiles"][1]["estimate"]
        for mark in curve["landmarks"]:
            assert mark["at_risk"] + mark["events"] + mark["censored"] == curve["n"]
        assert set(curve["rmst"]) >= {"tau", "estimate", "se", "lower", "upper"}
    (pair,) = found["comparisons"]
    assert set(pair) >= COMPARISON
    assert set(pair["hazard_ratio"]) >= {"estimate", "lower", "upper", "log_se", "p"}
    assert set(pair["landmark_differences"][0]) >= {"time", "estimate", "lower", "upper", "p"}
    assert set(pair["rmst_difference"]) >= {"tau", "estimate", "lower", "upper", "p"}
    assert set(pair["proportional_hazards"]) >= {"chi2", "p"}


def test_settings_say_how_the_numbers_were_made() -> None:
    assert body()["settings"] == {
        "endpoint": "PFS",
        "unit": "months",
        "ci": "log-log",
        "level": 0.95,
        "difference_interval": "mover",
        "ties": "efron",
        "strata": [],
        "reference": "Observation",
    }
    other = body("?strata=SEX&facet=MAYO2018&ci=log&level=0.9&unit=years")["settings"]
    assert other["strata"] == ["SEX", "MAYO2018"], "small charts are a stratum too"
    assert (other["ci"], other["level"], other["unit"]) == ("log", 0.9, "years")
    assert body("", "e3a06-run-in")["settings"]["reference"] is None


def test_the_population_and_its_filters() -> None:
    found = body("?f.SEX=F&f.AGE=50..70")["population"]
    assert found["filters"] == {"SEX": ["F"], "AGE": ["50..70"]}
    assert found["n"] < found["n_total"] == 182


def test_what_is_not_reached_is_null_and_not_zero() -> None:
    found = body("?endpoint=OS&at=12,99")
    for curve in found["curves"]:
        assert curve["median"]["estimate"] is None
        assert curve["median"]["reason"]
        assert curve["landmarks"][1]["survival"] is None
        assert curve["landmarks"][1]["reason"]


def test_what_cannot_be_compared_has_a_reason() -> None:
    study = make_study(list("AABB"), [4, 6, 3, 5], [False, False, True, False], arms=["A", "B"])
    (pair,) = export.survival_json(survival_page(study, View()))["comparisons"]
    assert (pair["hazard_ratio"], pair["reason"]) == (None, "0 events in A")


def test_nobody_left() -> None:
    found = body("?f.AGE=..1")
    assert (found["curves"], found["log_rank"], found["comparisons"]) == ([], None, [])
    assert "No patient matches" in found["reason"]


@pytest.mark.parametrize("plot", ["types", "hazards", "means"])
def test_other_plots_bring_their_numbers(plot: str) -> None:
    found = body(f"?plot={plot}")
    assert found["plot"] == plot
    assert found["extra"]


def rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Leading remarks and the table below them."""
    lines = text.splitlines(keepends=True)
    notes = [line for line in lines if line.startswith("# ")]
    return notes, list(csv.DictReader(io.StringIO("".join(lines[len(notes) :]))))


def test_the_csv_holds_every_point_of_every_curve() -> None:
    made = page("?f.SEX=F")
    notes, table = rows(export.survival_csv(made))
    *told, columns = notes
    lines = (*made.provenance, *robustness.in_csv(made))
    assert told == [f"# {label}: {text}\n" for label, text in lines]
    assert columns.startswith(
        "# Columns: time in months; survival 0 to 1; lower and upper: limits of"
    )
    assert "Simulated patients" in notes[0]
    assert made.result is not None
    assert len(table) == sum(len(c.time) for c in made.result.curves)
    for curve in made.result.curves:
        mine = [row for row in table if row["arm"] == curve.arm]
        assert [float(row["time"]) for row in mine] == curve.time.tolist()
        assert [float(row["survival"]) for row in mine] == curve.survival.tolist()
        assert [int(row["at_risk"]) for row in mine] == curve.at_risk.tolist()
        assert [int(row["n_event"]) for row in mine] == curve.n_event.tolist()
        assert sum(int(row["n_censor"]) for row in mine) == curve.censored
        assert mine[0]["lower"] == "", "no interval before the first event"


def test_the_csv_of_nobody_is_its_head() -> None:
    assert rows(export.survival_csv(page("?f.AGE=..1")))[1] == []


@pytest.mark.parametrize("unit", list(DAYS_PER_UNIT))
def test_the_patients_are_those_of_the_page(unit: str) -> None:
    made = page(f"?unit={unit}&strata=SEX,TSDIAGGR&f.MAYO2018=High")
    _, table = rows(export.patients_csv(made))
    assert len(table) == made.population.n == 56
    assert {row["STRATUM"] for row in table} == {"1", "2", "3", "4"}
    assert {row["STRATUM_LABEL"].partition(" / ")[0] for row in table} == {"F", "M"}
    by_id = made.records.set_index("USUBJID")
    for row in table:
        record = by_id.loc[row["USUBJID"]]
        assert float(row["TIME"]) * DAYS_PER_UNIT[unit] == pytest.approx(record["TIME"])
        assert row["EVENT"] == str(int(record["EVENT"]))
        assert row["ARM"] == record["ARM_PLANNED"]


def test_patients_without_strata_have_none() -> None:
    _, table = rows(export.patients_csv(page()))
    assert {row["STRATUM"] for row in table} == {""}
    assert len(table) == 182


def test_a_cell_is_no_formula_for_a_spreadsheet() -> None:
    study = make_study(
        ["=cmd|'/c calc'!A0", "@SUM(A1)"] * 2, [1, 2, 3, 4], [True] * 4, title="T\nnew line"
    )
    notes, table = rows(export.survival_csv(survival_page(study, View())))
    assert {row["arm"] for row in table} == {"'=cmd|'/c calc'!A0", "'@SUM(A1)"}
    assert all(note.count("\n") == 1 for note in notes)
