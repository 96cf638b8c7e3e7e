"""Reconsidered times. Oracles: R's coxph on the same files (what_if.csv); counts by hand."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from services.pages.survival.page import survival_page
from services.settings import ROOT
from services.study.model import SUBJECT, Column, Endpoint, Study
from services.study.what_if import other_times, reasons, with_what_if
from services.views.parse import FieldError
from services.views.study import View, decode
from tests.studies import DAYS_PER_MONTH, PFS, as_such, make_study, two_arms

with (ROOT / "tests" / "oracles" / "what_if.csv").open() as text:
    BY_R = list(csv.DictReader(text))
NEW = Endpoint("FLT", "First-line treatment", "untreated", "start of treatment", good=False)


@pytest.mark.parametrize("row", BY_R, ids=lambda row: row["query"])
def test_against_coxph(row: dict[str, str]) -> None:
    page = survival_page(as_such("aquila"), decode(row["query"]))
    assert page.what_if
    assert page.result
    ratio = page.what_if.reconsidered.comparisons[0].hazard_ratio
    assert ratio is not None
    assert ratio == page.result.comparisons[0].hazard_ratio
    expected = [float(row[name]) for name in ("hazard_ratio", "lower", "upper")]
    assert [ratio.estimate, ratio.lower, ratio.upper] == pytest.approx(expected, abs=1e-6)
    assert sum(page.what_if.reconsidered.n.values()) == int(row["n"])
    assert sum(page.what_if.reconsidered.events.values()) == int(row["events"])
    assert len(page.what_if.movers) == int(row["moved"])
    given = page.what_if.as_given.comparisons[0].hazard_ratio
    assert given is not None
    whole = {"PFS": 0.4883124, "OS": 0.5171816}[page.view.endpoint]
    assert given.estimate == pytest.approx(whole, abs=1e-6)


def with_times(own: list[tuple[float, bool]], other: list[tuple[float, bool]]) -> Study:
    """One arm; days and events of PFS, and of FLT in the same patients."""
    days, events = zip(*own, strict=True)
    study = make_study(["A"] * len(own), [d / DAYS_PER_MONTH for d in days], list(events))
    flt = study.times.assign(
        PARAMCD="FLT",
        TIME=[float(day) for day, _ in other],
        EVENT=[event for _, event in other],
    )
    return replace(
        study,
        times=pd.concat([study.times, flt], ignore_index=True),
        endpoints=(PFS, NEW),
        sha256=f"{own}{other}",
    )


def answer(study: Study, query: str) -> list[tuple[float, bool]]:
    made = with_what_if(study, decode(query))
    rows = made.times.iloc[made.endpoint_rows("PFS")]
    return list(zip(rows["TIME"].round(6), rows["EVENT"], strict=True))


# Therapy before, on the day of, and after the own time; therapy on day 1; none.
OWN = [(100, True), (100, False), (50, True), (50, False), (40, False), (40, True), (30, False)]
OTHER = [(60, True), (60, True), (50, True), (50, True), (60, True), (1, True), (90, False)]


def test_what_comes_first_counts_and_on_one_day_the_event() -> None:
    study = with_times(OWN, OTHER)
    assert answer(study, "?ice=FLT:censor") == [
        (60, False), (60, False), (50, True), (50, False), (40, False), (1, False), (30, False),
    ]  # fmt: skip
    assert answer(study, "?ice=FLT:event") == [
        (60, True), (60, True), (50, True), (50, True), (40, False), (1, True), (30, False),
    ]  # fmt: skip
    assert answer(study, "?ice=FLT:ignore") == [(float(t), e) for t, e in OWN]
    moved = with_what_if(study, decode("?ice=FLT:censor")).reconsidered
    assert moved is not None
    assert moved.moved[SUBJECT].tolist() == ["S1", "S2", "S6"]


def test_what_no_one_is_followed_beyond_cannot_be_ignored() -> None:
    study = with_times([(60, False), (60, False), (30, True)], [(60, True), (60, True), (9, False)])
    with pytest.raises(FieldError, match=r"FLT:censor or FLT:event; .* in all 2 patients"):
        with_what_if(study, decode("?ice=FLT:ignore"))
    assert other_times(study, "PFS")[0].strategies == ("censor", "event")
    one = with_times([(60, False), (30, True)], [(60, True), (9, False)])
    assert other_times(one, "PFS")[0].refused.endswith(
        "stops there in the patient who had it first"
    )


def test_a_date_counts_from_the_start_as_the_studys_own_times_do() -> None:
    start = pd.Timestamp("2020-01-01")
    days = [10, 20, 30, 40]
    dates = {
        "RANDDT": [start] * 4,
        "NACTDT": [pd.NaT, start + pd.Timedelta(4, "D"), start - pd.Timedelta(9, "D"), start],
        "LSTALVDT": [start + pd.Timedelta(d - 1, "D") for d in days],
    }
    study = make_study(["A"] * 4, [d / DAYS_PER_MONTH for d in days], [False] * 4, dates)
    study = replace(study, columns={"NACTDT": Column("NACTDT", "New therapy")})
    assert answer(study, "?ice=NACTDT:event") == [(10, False), (5, True), (1, True), (1, True)]
    with pytest.raises(FieldError, match="NACTDT"):
        with_what_if(study, decode("?ice=RANDDT:event"))


def test_the_order_of_strategies_changes_nothing() -> None:
    """Treatment on day 90 counts; therapy on day 100 ends follow-up at the visit of day 80."""
    start = pd.Timestamp("2020-01-01")
    days = {"RANDDT": 1, "NACTDT": 100, "LSTASDT": 80}
    study = with_times([(200, True), (200, True)], [(90, True), (150, True)])
    dates = {name: [start + pd.Timedelta(day - 1, "D")] * 2 for name, day in days.items()}
    columns = {name: Column(name, name) for name in dates}
    study = replace(study, subjects=study.subjects.assign(**dates), columns=columns)
    both = ["ice=FLT:event", "ice=NACTDT:censor"]
    for asked in (both, both[::-1]):
        assert answer(study, "?" + "&".join(asked)) == [(90, True), (80, False)]


def test_a_reason_by_its_words_or_code_nobody_and_everybody() -> None:
    study = two_arms()
    first = reasons(study, "PFS")[0]
    assert (first.key, first.words) == ("censored", "censored")
    by_words, by_code = (with_what_if(study, View(count=(k,))) for k in ("censored", "1"))
    for made in (by_words, by_code):
        assert made.times["EVENT"].all()
        assert made.reconsidered is not None
        assert len(made.reconsidered.moved) == first.patients
    untold = replace(study, times=study.times.assign(EVENT_TEXT=""), sha256="untold")
    assert reasons(untold, "PFS")[0].words == "CNSR 1"
    assert with_what_if(untold, View(count=("1",))).times["EVENT"].all()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?count=no such reason", "Allowed: censored"),
        ("?ice=FLT:censor", "Allowed: none: the data have no other time"),
        ("?ice=PFS:censor", "Allowed: none: the data have no other time"),
        ("?landmark=9999", "a time before the last of the data"),
        ("?landmark=-1", "a number above 0"),
        ("?ice=FLT:stop", "FLT:censor"),
        ("?ice=FLT", "FLT:censor"),
    ],
)
def test_what_the_data_cannot_answer_is_refused(query: str, said: str) -> None:
    with pytest.raises(FieldError) as problem:
        with_what_if(two_arms(), decode(query))
    assert said in problem.value.hint


def test_two_strategies_for_one_time_are_refused() -> None:
    with pytest.raises(FieldError, match="one strategy for FLT"):
        with_what_if(with_times(OWN, OTHER), decode("?ice=FLT:censor&ice=FLT:event"))


def test_from_a_landmark_on_times_at_it_are_out() -> None:
    study = make_study(["A"] * 4, [0, 12, 12.5, 20], [True, False, True, False])
    made = with_what_if(study, decode("?landmark=12"))
    assert np.allclose(made.times["TIME"] / DAYS_PER_MONTH, [0.5, 8])
    assert made.reconsidered is not None
    assert made.reconsidered.left_out["EVENT"].tolist() == [True, False]
    assert with_what_if(made, View()) is study
    assert made != study


def test_what_counts_as_the_event_no_longer_competes() -> None:
    made = with_what_if(as_such("aquila"), View(endpoint="FLT", count=("2",)))
    assert made.endpoint("FLT").competing == ()
    assert made.endpoint("FLT").event.endswith(", or death without first-line treatment")
    kept = with_what_if(as_such("aquila"), decode("?endpoint=FLT&ice=PFS:censor"))
    assert kept.endpoint("FLT").competing == ("Death",)  # of a death on that day nothing changes


def test_another_time_is_counted_from_the_start_of_the_endpoint() -> None:
    """FLT is counted from 10 days after the start of PFS: day 20 there is day 30 of PFS."""
    study = with_times([(60, True), (25, True), (60, False)], [(20, True), (20, True), (60, False)])
    later = study.times["PARAMCD"].eq("FLT").map({True: 10, False: 0})
    times = study.times.assign(START=pd.Timestamp("2020-01-01") + pd.to_timedelta(later, "D"))
    moved = replace(study, times=times, sha256="FLT from 10 days later")
    assert answer(moved, "?ice=FLT:censor") == [(30.0, False), (25.0, True), (60.0, False)]
    assert answer(study, "?ice=FLT:censor") == [(20.0, False), (20.0, False), (60.0, False)]
    # At a landmark too: by day 22 nobody has it yet; where it is not moved, two have.
    groups = with_what_if(moved, decode("?landmark=22&unit=days&known=FLT"))
    assert (groups.subjects["ARM_PLANNED"].str.startswith("Without")).all()
    groups = with_what_if(study, decode("?landmark=22&unit=days&known=FLT"))
    assert (groups.subjects["ARM_PLANNED"].str.startswith("With ")).sum() == 2
