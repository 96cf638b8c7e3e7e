"""Dates as days, and the last assessment before one. Oracle: a calendar, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from services.pages.survival.page import survival_page
from services.study import dates
from services.study.model import Column, Study
from services.study.what_if import other_times, with_what_if
from services.views.study import decode
from tests.studies import DAYS_PER_MONTH, make_study

START = pd.Timestamp("2020-01-01")
OWN = [100, 200, 300, 400]  # days; day 1 is the start


def day(*numbers: int | None) -> list[pd.Timestamp]:
    return [pd.NaT if n is None else START + pd.Timedelta(n - 1, "D") for n in numbers]


def study(**more: list[pd.Timestamp]) -> Study:
    columns = {
        "RANDDT": [START] * 4,
        "NACTDT": day(50, 60, 70, None),
        "LSTALVDT": day(*OWN),
        **more,
    }
    made = make_study(["A"] * 4, [d / DAYS_PER_MONTH for d in OWN], [True] * 4, columns)
    labels = {"NACTDT": "New therapy", "V1DT": "Visit 1 assessment"}
    known = {name: Column(name, labels.get(name, name)) for name in made.subjects}
    return replace(made, columns=known, sha256=str(sorted(more)))


# Before the therapy in S1, after it in S2, on its day in S3 (with an earlier one); S4 has none.
SEEN = {"LSTASDT": day(40, 65, 70, 80), "V1DT": day(30, None, 20, 10)}


def test_the_last_of_all_assessments_by_then() -> None:
    made = study(**SEEN)
    assert dates.assessments(made) == ("LSTASDT", "V1DT")
    last = dates.last_assessment(
        made, "PFS", made.times["USUBJID"], np.array([50.0, 60, 70, np.nan])
    )
    assert last.tolist()[:3] == pytest.approx([40, np.nan, 70], nan_ok=True)
    assert np.isnan(last[3])


def test_a_date_that_is_never_after_the_start_is_no_other_time() -> None:
    made = study(DIAGDT=day(-300, 0, 1, None), SCREENDT=day(-9, -9, 5, None))
    assert [other.key for other in other_times(made, "PFS")] == ["NACTDT", "SCREENDT"]


def test_follow_up_ends_there_where_one_is_known_else_at_the_therapy() -> None:
    made = with_what_if(study(**SEEN), decode("?ice=NACTDT:censor"))
    assert made.times["TIME"].round(6).tolist() == [40, 60, 70, 400]
    assert made.times["EVENT"].tolist() == [False, False, False, True]
    texts = made.times["EVENT_TEXT"].tolist()
    assert texts[:2] == [
        "Censored at the last assessment before new therapy", "Censored at new therapy"
    ]  # fmt: skip
    # An event counts on the day of the therapy itself.
    failed = with_what_if(study(**SEEN), decode("?ice=NACTDT:event"))
    assert failed.times["TIME"].round(6).tolist() == [50, 60, 70, 400]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (SEEN, "at the last assessment before it where one is known"
               " (LSTASDT and Visit 1 assessment: 2 patients), else at that day"),
        ({}, "at that day: the data hold no dates of assessments"),
    ],
)  # fmt: skip
def test_which_day_was_used_is_said(more: dict[str, list[pd.Timestamp]], said: str) -> None:
    made = study(**more)
    page = survival_page(made, decode("?ice=NACTDT:censor"))
    assert page.what_if
    assert said in page.what_if.estimand.intercurrent_events[0]
    assert said in dict(page.provenance)["What if"]


def test_an_assessment_is_no_event_of_a_patient() -> None:
    made = study(**SEEN)
    found = other_times(made, "PFS")
    assert [other.key for other in found] == ["NACTDT"]


@pytest.mark.parametrize(
    ("name", "label", "is_one"),
    [
        ("LSTASDT", "", True),
        ("LASTASMTDT", "", True),
        ("XDT", "Date of last disease assessment", True),
        ("XDT", "Date last evaluated for response", True),
        ("LSTALVDT", "Date last known alive", False),
        ("XDT", "Date of first assessment of response", False),
        ("XDT", "Date of last safety evaluation", False),
        ("ASTDT", "Analysis start date", False),
    ],
)
def test_which_dates_are_of_assessments(name: str, label: str, is_one: bool) -> None:
    made = study(**{name: day(1, 2, 3, 4)})
    made = replace(made, columns={name: Column(name, label or name)})
    assert (name in dates.assessments(made)) is is_one
