"""Which endpoints tell of states, and when patients entered them. Oracle: read off by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from services.errors import UserError
from services.pages.states.page import states_page
from services.study.model import Endpoint
from services.study.states import StateModel, by_name, courses, model_of, why_none
from services.views.study import View
from tests.courses import course, study_of
from tests.studies import bundled, two_arms


def endpoints(*said: tuple[str, str]) -> list[Endpoint]:
    return [Endpoint(code, label, "", "") for code, label in said]


@pytest.mark.parametrize(
    ("role", "code", "label"),
    [
        ("progression", "TTP", "Anything"),
        ("progression", "X1", "Progression-Free Survival by investigator (months)"),
        ("progression", "X1", "Time to disease progression"),
        ("treatment", "X1", "Time to start of first-line therapy"),
        ("treatment", "X1", "Time to subsequent anti-myeloma therapy"),
        ("treatment", "TTNT", "Time to next treatment"),
        ("death", "X1", "Overall Survival (days)"),
        ("death", "X1", "Death from any cause"),
    ],
)
def test_codes_and_labels_say_what_an_endpoint_tells(role, code, label):
    assert by_name(role, endpoints(("RESP", "Response"), (code, label))) == code


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("PFS2", "Progression-free survival 2"),
        ("BIO", "Time to biochemical progression"),
        ("DOR", "Duration of response until progression"),
        ("PFSNT", "Progression on next treatment"),
    ],
)
def test_what_is_another_progression_tells_no_state(code, label):
    assert by_name("progression", endpoints((code, label))) == ""


def test_models_of_the_bundled_studies():
    found = {name: model_of(bundled(name)) for name in ("aquila", "e3a06", "mgus2", "quiredex")}
    assert found == {
        "aquila": StateModel("PFS", "FLT", "OS"),
        "e3a06": StateModel("PFS", "", "OS"),
        "mgus2": StateModel("PCM", "", "OS"),
        "quiredex": StateModel("TTP", "", "OS"),
    }


def test_what_a_study_says_goes_before_names():
    patients = [("A", course(3, 5, 9)), ("B", course())]
    assert model_of(study_of(patients)) == StateModel("PFS", "FLT", "OS")
    without = study_of(patients, {"states": {"treatment": "none"}})
    assert model_of(without) == StateModel("PFS", "", "OS")
    assert without.sha256 != study_of(patients).sha256
    with pytest.raises(UserError, match=r"states\.death: the study has no endpoint 'XY'"):
        study_of(patients, {"states": {"death": "XY"}})
    with pytest.raises(UserError, match="'OS' twice"):
        study_of(patients, {"states": {"death": "OS", "treatment": "OS"}})


def test_without_a_death_there_is_no_model_and_a_reason():
    assert model_of(two_arms()) is None
    assert "death (overall survival)" in why_none(two_arms())
    assert "progression (PFS" not in why_none(two_arms())


def of(*patients):
    study = study_of([("A", records) for records in patients])
    return courses(study, model_of(study), np.ones(len(patients), dtype=bool))


def test_times_of_states():
    found = of(course(3, 5, 9), course(4), course(None, None, 7), course(None, 6, None, 80))
    nan = np.nan
    np.testing.assert_array_equal(
        found.entered, [[3, 5, 9], [4, nan, nan], [nan, nan, 7], [nan, 6, nan]]
    )
    np.testing.assert_array_equal(found.end, [9, 100, 7, 80])
    assert (found.contradictions, found.without) == ((), 0)


def test_endpoints_of_another_start_are_counted_from_that_of_progression():
    """FLT is counted from 10 days later, OS from 5 days before: by hand, the same courses."""
    told = [("A", course(30, 40, 90)), ("A", course(20)), ("B", course(None, None, 50))]
    study = study_of(told)
    model = model_of(study)
    apart = {"PFS": 0, "FLT": 10, "OS": -5}
    days = study.times["PARAMCD"].map(apart).astype(float)
    start = pd.Timestamp("2020-01-01") + pd.to_timedelta(days, "D")
    times = study.times.assign(START=start, TIME=study.times["TIME"] - days)
    moved = replace(study, times=times, sha256="courses moved")
    found = courses(moved, model, np.ones(3, dtype=bool))
    nan = np.nan
    np.testing.assert_array_equal(found.entered, [[30, 40, 90], [20, nan, nan], [nan, nan, 50]])
    np.testing.assert_array_equal(found.end, [90, 100, 50])
    assert found.contradictions == ()
    assert found.moved == ("FLT", "OS")
    said = dict(states_page(moved, View()).provenance)["Time"]
    assert said.endswith(
        "; times of FLT and OS, which the data count from another day, are counted from the start"
        " of PFS"
    )


def test_followed_to_the_last_day_any_endpoint_knows_of():
    found = of([("PFS", 30, False, ""), ("FLT", 45, False, ""), ("OS", 40, False, "")])
    assert found.end.tolist() == [45]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (
            [("PFS", 60, True, "Progression"), ("FLT", 50, False, ""), ("OS", 50, True, "Death")],
            "PFS event on day 60, after death on day 50",
        ),
        (
            [("PFS", 20, True, "Progression"), ("FLT", 70, True, ""), ("OS", 50, True, "Death")],
            "FLT event on day 70, after death on day 50",
        ),
        (
            [("PFS", 30, True, "Death"), ("FLT", 50, False, ""), ("OS", 50, False, "")],
            "death on day 30 by PFS, but alive on day 50 by OS",
        ),
        (
            [("PFS", 30, True, "Death"), ("FLT", 50, False, ""), ("OS", 50, True, "Death")],
            "death on day 30 by PFS, but OS says on day 50",
        ),
    ],
)
def test_endpoints_that_contradict_each_other_are_listed(records, says):
    found = of(records, course(3))
    assert found.contradictions == (("P1", says),)
    assert found.rows.tolist() == [1]


def test_words_that_name_both_leave_it_to_the_day_of_death():
    both = "Progression or death"
    found = of(
        [("PFS", 30, True, both), ("FLT", 50, False, ""), ("OS", 50, False, "")],
        [("PFS", 30, True, both), ("FLT", 30, False, ""), ("OS", 30, True, "Death")],
    )
    assert found.contradictions == ()
    assert found.entered[0, 0] == 30
    assert found.entered[1, 2] == 30


def test_a_patient_without_a_record_is_counted_as_such():
    found = of([("PFS", 30, False, ""), ("OS", 50, False, "")], course(3))
    assert (found.rows.tolist(), found.without) == ([1], 1)
