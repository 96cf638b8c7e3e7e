"""What is asked again is every number of the page, of the patients behind it."""

from __future__ import annotations

import numpy as np

from services.pages.second_opinion.questions import of_subgroups, of_survival
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.views.study import decode
from tests.studies import bundled, make_study


def test_the_patients_are_those_of_the_page() -> None:
    page = survival_page(bundled("aquila"), decode("?strata=SEX&adjust=AGE"))
    asked = {next(iter(q.ours)).what: q for q in of_survival(page)}
    assert page.result is not None
    curve = page.result.curves[-1]
    last = asked["median"].patients
    assert (len(last.time), last.event.sum()) == (curve.n, curve.events)
    assert asked["stratified log-rank"].patients.stratum is not None
    assert asked["hazard ratio"].patients.stratum is None
    assert asked["adjusted hazard ratio"].patients.factors is not None
    assert [len(q.ours) for q in asked.values()] == [18, 1, 1, 3, 3, 3]


def test_a_row_of_the_forest_is_its_level_within_the_other_strata() -> None:
    page = subgroups_page(bundled("aquila"), decode("?by=SEX&strata=SEX,AGEGR1"))
    asked = list(of_subgroups(page))
    assert page.forest is not None
    row = page.forest.groups[0].levels[0]
    ratio = next(q for q in asked if q.kind == "cox" and next(iter(q.ours)).group[1] == row.level)
    assert len(ratio.patients.time) == sum(row.n.values())
    assert len(np.unique(ratio.patients.stratum)) == 3  # of age
    assert sum(q.kind == "interaction" for q in asked) == 1


def test_a_factor_that_no_patient_has_a_value_of_is_left_out_of_the_question() -> None:
    columns = {"SEX": ["F", "F", "M", "M"] * 3, "G": ["a", None] * 2 + ["b", None] * 4}
    columns["G"] = [
        g if s == "M" else None for g, s in zip(columns["G"], columns["SEX"], strict=True)
    ]
    study = make_study(["A", "B"] * 6, range(1, 13), [True] * 12, columns)
    page = survival_page(study, decode("?adjust=G&f.SEX=F"))
    asked = [q for q in of_survival(page) if q.kind == "cox"]
    assert [(len(q.patients.time), q.left_out) for q in asked] == [(6, ()), (0, ("G",))]
