"""Two risk models in the same patients. Oracle: counts and curves made here, by hand."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from services import survival
from services.errors import UserError
from services.pages.risk_models import export as risk_models_export
from services.pages.risk_models.page import available, minimal_view, risk_models_page
from services.pages.risk_models.records import RiskModelsPage
from services.pages.subgroups.page import subgroups_page
from services.risk.models import MODELS
from services.views.study import View, decode, encode
from tests.studies import as_such, bundled


def page_of(query: str, study: str = "e3a06") -> RiskModelsPage:
    return risk_models_page(bundled(study), decode(query))


def test_models_there_are() -> None:
    names = [m.id for m in available(bundled())]
    assert names == ["MAYO2018", "IMWG2020C", "IMWG2020S", "IMWG2020", "MAYO2008"]
    page = page_of("")
    assert page.view.models == ("MAYO2018", "IMWG2020C")
    assert [m.id for m in page.models] == [m.id for m in MODELS]
    pethema = next(m for m in page.models if m.id == "PETHEMA")
    assert not pethema.available
    assert pethema.absent == ("aberrant among marrow plasma cells by flow cytometry, %",)
    assert pethema.untold == 182


def test_the_cross_table_is_counted_right() -> None:
    page = page_of("?models=MAYO2008,MAYO2018")
    subjects = bundled().subjects
    expected = pd.crosstab(subjects["MAYO2008"], subjects["MAYO2018"])
    table = page.table
    assert table is not None
    for i, row in enumerate(table.rows):
        for j, column in enumerate(table.columns):
            assert table.cells[i][j].n == expected.loc[row, column]
            # Three levels each: the same name is the same grade.
            assert table.cells[i][j].shift == int(np.sign(j - i))
    assert table.both == 182 - table.untold
    moved = subjects.dropna(subset=["MAYO2008"]).query("MAYO2008 != MAYO2018")
    assert table.higher + table.lower == len(moved)
    told = risk_models_page(as_such(), decode("?models=MAYO2008,MAYO2018")).answer
    assert told.startswith(f"{len(moved)} of {table.both} patients")


def test_levels_between_count_as_intermediate() -> None:
    table = page_of("?models=MAYO2018,IMWG2020C").table
    assert table is not None
    shifts = [[cell.shift for cell in row] for row in table.cells]
    assert shifts == [[0, 1, 1, 1], [-1, 0, 0, 1], [-1, -1, -1, 0]]
    assert table.untold == 182 - table.both > 0


def test_the_same_rule_never_disagrees() -> None:
    page = risk_models_page(as_such(), decode("?models=IMWG2020,MAYO2018"))
    assert "agree on low, intermediate or high in all 182 patients" in page.answer


def test_effects_are_those_of_the_subgroups_page() -> None:
    page = page_of("?strata=SEX")
    forest = subgroups_page(bundled(), View(by=("MAYO2018", "IMWG2020C"), strata=("SEX",))).forest
    assert forest is not None
    for side, group in zip(page.sides, forest.groups, strict=True):
        assert side.group == group
        assert [level.row for level in side.levels] == list(group.levels)


@pytest.mark.parametrize("of", ["Observation", "Lenalidomide", "all"])
def test_curves_by_level_and_progression_seen(of: str) -> None:
    page = page_of(f"?of={of}&models=MAYO2018,IMWG2020")
    study = bundled()
    records = study.times.query("PARAMCD == 'PFS'").set_index("USUBJID")
    patients = study.subjects if of == "all" else study.subjects.query("ARM_PLANNED == @of")
    for side in page.sides:
        for level in side.levels:
            own = records.loc[patients.index[patients[side.info.id] == level.level]]
            assert level.published is not None
            time = level.published.years * 365.25
            alone = survival.kaplan_meier(own["TIME"], own["EVENT"], landmarks=[time])
            survived = alone.landmarks[0].survival
            if survived is None:
                assert level.observed is None
            else:
                assert level.observed is not None
                assert_allclose(level.observed[0], 1 - survived, atol=1e-9)


def test_a_single_arm_has_curves_without_effects() -> None:
    page = page_of("", "e3a06-run-in")
    assert page.pair is None
    assert page.of == "Lenalidomide"
    assert page.table is not None
    assert all(side.group is None and side.curves.result is not None for side in page.sides)


def test_a_study_without_the_inputs_says_what_is_missing() -> None:
    page = page_of("", "mgus2")
    assert page.sides == ()
    assert page.reason is not None
    assert "inputs" in page.reason
    assert page.models[0].absent[0] == "marrow plasma cells, %"


def test_filters_apply() -> None:
    page = page_of("?f.SEX=F")
    assert page.population.n == 89
    assert page.table is not None
    assert page.table.both + page.table.untold == 89


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?models=MAYO2018", "two of"),
        ("?models=MAYO2018,MAYO2018", "two of"),
        ("?models=MAYO2018,PETHEMA", "MAYO2018"),
        ("?of=Nobody", "Observation"),
    ],
)
def test_a_wrong_wish_says_what_there_is(query: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        page_of(query)
    assert words in caught.value.hint


@pytest.mark.parametrize("query", ["", "?models=MAYO2008,IMWG2020S&of=all", "?unit=years&f.SEX=F"])
def test_what_a_page_shows_survives_its_address(query: str) -> None:
    page = page_of(query)
    again = encode(minimal_view(page.study, page.view))
    assert decode(again) == decode(query)
    assert page_of(again).view == page.view


def test_exports() -> None:
    page = page_of("")
    body = risk_models_export.risk_models_json(page)
    text = json.dumps(body, allow_nan=False)
    assert json.loads(text)["table"]["both"] == page.table.both if page.table else False
    assert body["sides"][0]["levels"][0]["published"]["percent"] == 23.0
    table = risk_models_export.risk_models_csv(page)
    assert "# Study: E3A06. Simulated patients" in table
    assert table.count("MAYO2018,") == 4  # three levels, and the head of the cross-table


def test_published_shares_stand_beside_times_from_the_start_only() -> None:
    usual, later = (risk_models_page(bundled(), decode(q)) for q in ("", "?landmark=12"))
    assert [lv.published.percent for lv in usual.sides[0].levels if lv.published] == [23, 47, 82]
    assert not any(lv.published or lv.observed for side in later.sides for lv in side.levels)


@pytest.mark.parametrize("study", ["e3a06", "aquila", "e3a06-run-in"])
def test_published_progression_stands_beside_progression_only(study: str) -> None:
    """The models' published shares count progression: beside deaths they would mislead."""
    alive = risk_models_page(bundled(study), decode("endpoint=OS"))
    assert [lv.published for side in alive.sides for lv in side.levels if lv.published] == []
    assert any(lv.published for lv in page_of("", study).sides[0].levels)


def test_curves_are_of_an_arm_that_is_shown() -> None:
    alone = page_of("arms=Lenalidomide")
    assert alone.of == alone.view.of == "Lenalidomide"
    assert page_of("arms=Lenalidomide&of=Observation").of == "Lenalidomide"
    assert all(side.curves.result for side in alone.sides)
    assert minimal_view(bundled(), alone.view).of == ""
    assert page_of("").of == "Observation"
    curve = alone.sides[0].curves.result
    assert curve is not None
    subjects = bundled().subjects
    treated = subjects[subjects["ARM_PLANNED"] == "Lenalidomide"]["MAYO2018"].value_counts()
    assert {c.arm: c.n for c in curve.curves} == treated.to_dict()


def test_what_leads_says_which_numbers_are_made_up() -> None:
    """Hematology 2021(1):673-681, Table 1: the HR of high Mayo 2018 risk, nothing else by level."""
    assert page_of("").answer == (
        "The publications read for this site report only the subgroup result above; all other"
        " numbers by level of risk are made up to illustrate the page."
    )
    moved = page_of("landmark=12").answer
    assert moved.endswith("; the numbers from month 12 on are made up to illustrate the page.")
