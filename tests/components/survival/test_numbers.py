"""The tables beside the curves print the record, and say what they cannot print."""

from __future__ import annotations

from typing import Any

import pytest

from components.survival.numbers import numbers_panel
from services import format as fmt
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.views.study import View, decode
from tests.components.text import table, text, walk
from tests.studies import bundled, make_study


def page(query: str = "", study_id: str = "e3a06") -> SurvivalPage:
    return survival_page(bundled(study_id), decode(query))


def reasons(tree: Any) -> dict[str, str]:
    """Cells that explain themselves on hover and focus: text -> reason."""
    found = [c for c in walk(tree) if getattr(c, "className", "") == "reason"]
    for cell in found:
        assert cell.tabIndex == 0, "it can be reached with the keyboard"
    return {text(c): getattr(c, "data-tip") for c in found}


def test_the_table_prints_the_record() -> None:
    made = page()
    rows = table(numbers_panel(made))
    assert rows["Patients"] == ["92", "90"]
    assert rows["Events"] == ["8 (8.7%)", "22 (24.4%)"]
    assert rows["Progression-free at 36 months"] == ["90.9% (81.7 to 95.6)", "65.6% (51.9 to 76.3)"]
    assert rows["Hazard ratio"] == ["0.28 (95% CI 0.12 to 0.62)"]
    assert rows["p, Wald test"] == ["0.002"]
    assert rows["p, log-rank test"] == ["<0.001"]
    assert made.result is not None
    (pair,) = made.result.comparisons
    difference = pair.landmark_differences[2]
    assert difference.estimate is not None
    assert rows["Difference at 36 months"][0].startswith(
        f"{fmt.signed(100 * difference.estimate)} points"
    )
    mean = pair.rmst_difference
    assert mean is not None
    assert mean.estimate is not None
    gained = rows[f"Months gained within {mean.tau:.1f}"]
    assert gained[0].startswith(fmt.signed(mean.estimate))
    arms = {c.arm: c for c in made.result.curves}
    for i, name in enumerate(["Lenalidomide", "Observation"]):
        follow_up = arms[name].follow_up.estimate
        assert follow_up is not None
        assert rows["Follow-up, months"][i].startswith(f"{follow_up:.1f}")


def test_a_median_not_reached_says_so_with_its_meaning() -> None:
    panel = numbers_panel(page())
    assert table(panel)["Median, months"] == ["NR", "NR"]
    assert "fewer than half" in reasons(panel)["NR"]
    reached = table(numbers_panel(page("?f.MAYO2018=High")))["Median, months"]
    assert reached == ["NR", "33.1 (16.9 to NE)"]


def test_few_events_show_no_median() -> None:
    rows = table(numbers_panel(page("?endpoint=OS")))
    assert not [name for name in rows if name.startswith("Median")]
    assert rows["Events"] == ["2 (2.2%)", "4 (4.4%)"]


def test_what_cannot_be_estimated_gives_its_reason() -> None:
    panel = numbers_panel(page("?at=12,99&tau=200"))
    rows = table(panel)
    assert rows["Progression-free at 99 months"] == ["NE", "NE"]
    assert rows["Difference at 99 months"] == ["NE"]
    assert rows["Average time within 200.0 months"] == ["NE", "NE"]
    assert rows["Months gained within 200.0"] == ["NE"]
    assert all(reason for reason in reasons(panel).values())


def test_no_events_in_an_arm_is_said_beside_the_hazard_ratio() -> None:
    study = make_study(list("AABB"), [4, 6, 3, 5], [False, False, True, False], arms=["A", "B"])
    panel = numbers_panel(survival_page(study, View()))
    assert table(panel)["Hazard ratio"] == ["NE 0 events in A"]
    assert "p, log-rank test" in table(panel), "the log-rank test stands all the same"
    assert table(panel)["p, log-rank test"] != ["NE"]


def test_strata_stand_beside_the_whole() -> None:
    made = page("?strata=TSDIAGGR")
    panel = numbers_panel(made)
    rows = table(panel)
    assert made.result is not None
    (pair,) = made.result.comparisons
    both = (pair.stratified_hazard_ratio, pair.hazard_ratio)
    assert rows["Hazard ratio"] == [fmt.hazard_ratio(r) for r in both]
    tests = (pair.stratified_log_rank, pair.log_rank)
    assert rows["p, log-rank test"] == [fmt.p_value(t.p if t else None) for t in tests]
    heads = text(panel)
    assert heads.index("Stratified") < heads.index("Unstratified") < heads.index("Hazard ratio")
    # The differences are not stratified and do not stand under a head that says so.
    assert heads.rindex("Unstratified") > heads.index("p, log-rank test")
    assert "Test of proportional hazards, stratified: p" in heads
    assert "Stratified" not in text(numbers_panel(page()))


def test_proportional_hazards_in_plain_words() -> None:
    assert "Whether the effect changes over time cannot be determined (30 events)" in text(
        numbers_panel(page())
    )
    assert "Too few events (6) to determine whether" in text(numbers_panel(page("?endpoint=OS")))
    n = 40
    crossing = make_study(
        ["A"] * n + ["B"] * n,
        [*[1 + 0.1 * i for i in range(n)], *[10 + 0.1 * i for i in range(n - 5)], *[0.5] * 5],
        [True] * (2 * n),
        arms=["A", "B"],
    )
    made = survival_page(crossing, View())
    assert made.result is not None
    test = made.result.comparisons[0].proportional_hazards
    assert test is not None
    changing = "The effect seems to change over time" in text(numbers_panel(made))
    assert changing == (test.p < 0.05)
    assert test.p < 0.05, "made so that it does"


def test_three_arms_have_a_table_each_and_one_test_of_all() -> None:
    arms = ["Low", "High", "Placebo"]
    study = make_study(arms * 10, range(1, 31), [i % 4 > 0 for i in range(30)], arms=arms)
    made = survival_page(study, View())
    words = text(numbers_panel(made))
    assert "Low versus Placebo" in words
    assert "High versus Placebo" in words
    assert made.result is not None
    test = made.result.log_rank
    assert test is not None
    assert f"All 3 arms: log-rank chi-square {test.chi2:.2f} on 2 df" in words


def test_from_a_landmark_on_the_table_says_from_when_times_count() -> None:
    made = survival_page(bundled("mgus2"), View(landmark=60))
    assert "Times are counted from month 60." in text(numbers_panel(made))
    usual = survival_page(bundled("mgus2"), View())
    assert "Times are counted" not in text(numbers_panel(usual))


def test_a_single_arm_has_no_comparison() -> None:
    panel = numbers_panel(page("", "e3a06-run-in"))
    assert "Estimates" in text(panel)
    assert "Hazard ratio" not in table(panel)
    assert table(panel)["Patients"] == ["44"]


@pytest.mark.parametrize("query", ["", "?endpoint=OS&strata=SEX", "?at=99"])
def test_no_cell_is_empty(query: str) -> None:
    for row, cells in table(numbers_panel(page(query))).items():
        assert all(cells), row
        assert "nan" not in " ".join(cells)
        assert "None" not in " ".join(cells)


def test_with_competing_events_the_incidence_leads_and_kaplan_meier_is_called_so() -> None:
    """R at 240 months: 10.0% had progressed (8.2 to 12.0), 72.4% had died without it."""
    rows = table(numbers_panel(survival_page(bundled("mgus2"), View(plot="curves"))))
    assert rows["Progressed by 240 months"] == ["10.0% (8.2 to 12.0)"]
    assert rows["Died without it by 240 months"][0].startswith("72.4%")
    names = list(rows)
    curve = "Free of a plasma-cell malignancy at 240 months, if nobody died"
    assert names.index("Progressed by 240 months") < names.index(curve)
