"""Sentences of the forest. Oracle: the tests it counts."""

from __future__ import annotations

from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.study.model import Column
from services.views.study import decode
from tests.studies import as_such, make_study


def test_the_answer_counts_the_tests() -> None:
    page = subgroups_page(as_such(), decode("?cut=MPROT:q4"))
    assert page.answer.endswith("interaction p = 0.041, one of 9 tests.")
    # 1 - 0.95^9 and 9 x 0.0411
    assert "about 37%" in page.answer_detail
    assert "0.370" in page.answer_detail
    assert subgroups_page(as_such(), decode("")).answer.startswith(
        "Whether the effect of lenalidomide (HR 0.28, 95% CI 0.12 to 0.62) depends on"
        " any of the 6 variables cannot be determined (30 events): smallest interaction p ="
        " 0.106 (Mayo 2018 risk)."
    )


def test_a_ratio_that_changes_with_time_is_told_as_on_the_survival_page() -> None:
    """Curves that cross: cox.zph of these patients in R has chi-squared 56.8, p 4.8e-14."""
    early = [1 + i / 10 for i in range(20)]
    time = [*early, *[40 + i for i in range(20)], *[5 + i for i in range(40)]]
    arm, sex = ["B"] * 40 + ["A"] * 40, {"SEX": ["F", "M"] * 40}
    known = {"SEX": Column("SEX", "Sex")}
    uploaded, simulated = (
        make_study(arm, time, [True] * 80, sex, known=known, arms=["B", "A"], kind=kind)
        for kind in ("uploaded", "simulated")
    )
    said = "The effect seems to change over time, so one hazard ratio does not describe it well."
    page = subgroups_page(uploaded, decode(""))
    assert page.forest is not None
    test = page.forest.proportional_hazards
    assert test is not None
    assert round(test.chi2, 1) == 56.8
    assert page.answer_detail.startswith(said)
    survival = survival_page(uploaded, decode(""))
    assert said in survival.answer_detail
    assert survival.result is not None
    assert test == survival.result.comparisons[0].proportional_hazards
    # Of simulated patients the ratio may be published, its change is not.
    assert said not in subgroups_page(simulated, decode("")).answer_detail
