"""The baseline table. Oracles: pandas' own grouping, a table counted by hand, and the published
interval of a response rate."""

from __future__ import annotations

import statistics

import numpy as np
import pandas as pd
import pytest

from services.pages.overview import baseline
from services.pages.overview.export import overview_csv, overview_json
from services.pages.overview.page import overview_page
from services.pages.overview.records import BaselineGroups, BaselineNumber, BaselineTable
from services.study.model import Study
from services.views.study import View, decode
from tests.studies import bundled, site


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled()


def number(table: BaselineTable, name: str) -> BaselineNumber:
    (row,) = (r for r in table.rows if r.name == name)
    assert isinstance(row, BaselineNumber)
    return row


def groups(table: BaselineTable, name: str) -> BaselineGroups:
    (row,) = (r for r in table.rows if r.name == name)
    assert isinstance(row, BaselineGroups)
    return row


def test_numbers_are_those_of_pandas(study: Study) -> None:
    table = overview_page(study, View()).baseline
    assert table.columns == ("Lenalidomide", "Observation", "All")
    assert table.n == (92, 90, 182)
    for name in ("AGE", "MPROT", "FLCR"):
        by_arm = study.subjects.groupby("ARM_PLANNED")[name]
        for column, summary in zip(table.columns, number(table, name).arms, strict=True):
            described = (
                study.subjects[name] if column == "All" else by_arm.get_group(column)
            ).describe()
            assert [summary.n, summary.mean, summary.sd, summary.low] == pytest.approx(
                described[["count", "mean", "std", "min"]].tolist()
            )
            assert [summary.q1, summary.median, summary.q3, summary.high] == pytest.approx(
                described[["25%", "50%", "75%", "max"]].tolist()
            )


def test_groups_are_those_of_pandas_and_missing_counts(study: Study) -> None:
    row = groups(overview_page(study, View()).baseline, "RACE")
    assert row.levels[-1] == ""
    counts = pd.crosstab(study.subjects["RACE"].fillna(""), study.subjects["ARM_PLANNED"])
    for level, cells in zip(row.levels, row.counts, strict=True):
        assert [c.n for c in cells[:2]] == counts.loc[level].tolist()
        assert cells[2].n == counts.loc[level].sum()
        assert cells[0].percent == pytest.approx(100 * cells[0].n / 92)
    assert sum(cells[0].n for cells in row.counts) == 92


def test_an_arm_without_values() -> None:
    summary = baseline.summarize(np.array([np.nan, np.nan]))
    assert (summary.n, summary.missing) == (0, 2)
    assert (summary.mean, summary.sd, summary.median, summary.high) == (None,) * 4
    assert baseline.summarize(np.array([])).missing == 0


def test_a_single_value_has_no_spread() -> None:
    summary = baseline.summarize(np.array([7.0]))
    assert (summary.mean, summary.sd, summary.q1, summary.high) == (7.0, None, 7.0, 7.0)


def test_what_is_too_large_to_sum_is_not_estimable() -> None:
    summary = baseline.summarize(np.array([1e308, 1.5e308, 1.7e308]))
    assert (summary.n, summary.mean, summary.sd, summary.median) == (3, None, None, 1.5e308)
    assert (summary.low, summary.high) == (1e308, 1.7e308)


def test_filters_choose_the_patients(study: Study) -> None:
    page = overview_page(study, decode("?f.SEX=F"))
    women = study.subjects[study.subjects["SEX"] == "F"]
    assert page.baseline.n[-1] == len(women) == page.population.n
    assert number(page.baseline, "AGE").arms[-1].mean == pytest.approx(women["AGE"].mean())


def test_response_is_the_published_one(study: Study) -> None:
    """Published: 50% (39 to 61) on lenalidomide, none on observation."""
    treated, watched = overview_page(study, View()).responses
    assert (treated.responders, treated.n) == (44, 88)
    assert treated.rate.lower is not None
    assert treated.rate.upper is not None
    assert (round(100 * treated.rate.lower), round(100 * treated.rate.upper)) == (39, 61)
    assert (watched.responders, watched.n) == (0, 90)


def test_exports_say_the_same(study: Study) -> None:
    page = overview_page(study, View())
    body = overview_json(page)
    assert body["population"] == {"n": 182, "n_total": 182, "filters": {}}
    assert body["published"]["registration"] == "NCT01169337"
    lines = overview_csv(page).splitlines()
    assert lines[0].startswith("# Study: E3A06. Simulated patients")
    mean = number(page.baseline, "AGE").arms[0].mean
    assert f"baseline,AGE,Age,mean,Lenalidomide,{mean}" in lines


@pytest.mark.parametrize("study_id", site().ids())
def test_every_bundled_study_has_an_overview(study_id: str) -> None:
    page = overview_page(bundled(study_id), View())
    assert page.baseline.rows
    assert sum(page.baseline.n[: len(page.arms)]) == page.population.n_total


def test_time_on_treatment_counts_first_and_last_day(study: Study) -> None:
    """Oracle: ADaM's TRTDURD, end - start + 1, patient by patient, in plain Python."""
    row = number(overview_page(study, View()).treatment, "EXPOSURE")
    given = study.subjects[study.subjects["ARM_PLANNED"] == "Lenalidomide"]
    dosed = given.dropna(subset=["TRTSDT", "TRTEDT"])
    months = [
        ((end - start).days + 1) / 30.4375
        for start, end in zip(dosed["TRTSDT"], dosed["TRTEDT"], strict=True)
    ]
    assert (row.arms[0].n, row.arms[0].missing) == (len(months), 92 - len(months)) == (88, 4)
    assert row.arms[0].median == pytest.approx(statistics.median(months))
    assert row.arms[0].high == pytest.approx(max(months))


RATES = [
    # Published: 63.4% and 2.0% of those assigned; the one never treated is no responder.
    ("aquila", [("assigned", 123, 194), ("assigned", 4, 196)]),
    # Published: 50% of 88, which leaves out the four never treated.
    ("e3a06", [("assigned and treated", 44, 88), ("assigned", 0, 90)]),
    # Published: 79% after induction, 90% during maintenance; at any time is no published figure.
    (
        "quiredex",
        [("assigned", 45, 57), ("with this recorded", 45, 50), ("assigned", 47, 57),
         ("assigned", 0, 62)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("study_id", "expected"), RATES)
def test_response_has_the_denominator_of_its_publication(
    study_id: str, expected: list[tuple[str, int, int]]
) -> None:
    found = overview_page(bundled(study_id), View()).responses
    assert [(r.denominator, r.responders, r.n) for r in found] == expected
    assert found[0].label.startswith("Response")


def test_the_response_is_the_one_reproduced_on_the_same_page() -> None:
    page = overview_page(bundled("aquila"), View())
    (figure,) = [
        f for f in page.figures if f.label.startswith("Response (partial response or better)")
    ]
    assert page.responses[0].rate.estimate is not None
    assert f"{100 * page.responses[0].rate.estimate:.1f}%" in figure.reproduced


def test_a_treated_patient_without_a_record_has_no_response() -> None:
    frame = pd.DataFrame(
        {
            "RESPFL": ["Y", "N", None, None],
            "RESPDT": ["2020-01-01", None, None, None],
            "SAFFL": ["Y", "Y", "Y", "N"],
        }
    )
    everyone = np.ones(4, dtype=bool)
    assert baseline._rate_of(frame, "RESPFL", everyone) == (3, 1, "assigned and treated", 1)
    bare = frame.drop(columns="SAFFL")
    assert baseline._rate_of(bare, "RESPFL", everyone) == (4, 1, "assigned", 2)
    assert not baseline._is_flag(frame, "RESPDT")


def test_no_reason_for_stopping_is_still_on_treatment(study: Study) -> None:
    """Lenalidomide of E3A06: 45 stopped, 43 go on, 4 never began; observation has no status."""
    table = overview_page(study, View()).treatment
    row = next(r for r in table.rows if r.name == "DCTREAS")
    assert isinstance(row, BaselineGroups)
    counts = {
        level: [c.n for c in cells] for level, cells in zip(row.levels, row.counts, strict=True)
    }
    assert counts["Still on treatment"] == [43, 0, 43]
    assert counts["Never treated"] == [4, 0, 4]
    assert counts[""] == [0, 90, 90]
    assert sum(cells[0] for cells in counts.values()) == 92
