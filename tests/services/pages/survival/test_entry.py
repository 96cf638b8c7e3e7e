"""The survival page with entry times, and what other pages say. Oracle: R, frozen."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.second_opinion.page import second_opinion
from services.pages.states.page import states_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.export import survival_json
from services.pages.survival.page import survival_page
from services.study.model import Column, Study
from services.views.study import View, decode
from tests.oracles.engine import case
from tests.studies import make_study


@cache
def study() -> Study:
    data = case("truncated").data
    return make_study(
        data["arm"].tolist(),
        data["time"].tolist(),
        data["event"].astype(bool).tolist(),
        {"S": data["stratum"].astype(str).tolist()},
        known={"S": Column("S", "S")},
        arms=["b", "a"],
        entry=data["entry"].tolist(),
    )


def test_the_page_against_r() -> None:
    r = case("truncated").r
    marks = r["curves"]["a"]["intervals"]["log-log"]["landmarks"]
    at = tuple(mark[0] for mark in marks)
    page = survival_page(study(), View(strata=("S",), at=at))
    assert page.result is not None
    curve = page.result.curves[0]
    for mark, expected in zip(curve.landmarks, marks, strict=True):
        found = [mark.survival, mark.lower, mark.upper]
        assert np.array(found, float) == pytest.approx(np.array(expected[1:], float), nan_ok=True)
    pair = page.result.comparisons[0]
    assert pair.hazard_ratio is not None
    assert pair.stratified_hazard_ratio is not None
    for ratio, key in (
        (pair.hazard_ratio, "cox"),
        (pair.stratified_hazard_ratio, "cox_stratified"),
    ):
        assert np.log(ratio.estimate) == pytest.approx(r["pair"][key]["beta"], abs=1e-8)
        assert ratio.log_se == pytest.approx(r["pair"][key]["se"], rel=1e-8)
    assert pair.proportional_hazards is not None
    assert pair.proportional_hazards.chi2 == pytest.approx(r["pair"]["zph"]["chi2"][0], rel=1e-6)
    assert pair.log_rank is page.result.log_rank is None


def test_at_risk_rise_first_and_all_of_it_is_said() -> None:
    page = survival_page(study(), View(ticks=5))
    data = case("truncated").data
    own = data[data["arm"] == "a"]
    counted = [
        int(((own["time"] >= t) & ((own["entry"] < t) | (own["entry"] == 0))).sum())
        for t in page.ticks
    ]
    assert list(page.at_risk[0].at_risk) == counted
    assert counted[1] > counted[0]
    told = dict(page.provenance)
    assert told["Entry times"].startswith("109 of 120 patients came under observation after")
    assert "no log-rank test" in told["Entry times"]
    assert "score test" in told["Comparison"]
    assert "left truncation" in page.methods.text
    assert "log-rank" not in page.methods.text
    assert survival_json(page)["entered_late"] == 109
    assert "types" not in page.plots


def test_a_second_opinion_has_the_entry_times_too() -> None:
    found = second_opinion(survival_page(study(), View(at=(12.0,))), with_r=False)
    ratio = next(n for n in found.numbers if n.key.what == "hazard ratio")
    assert [said.same for said in ratio.theirs.values()][-1]
    assert not [n for n in found.numbers if n.key.what == "log-rank"]


@pytest.mark.parametrize("make", [subgroups_page, benefit_risk_page])
def test_pages_that_know_no_entry_times_have_no_numbers(make) -> None:
    page = make(study(), View())
    assert page.reason.startswith("109 patients came under observation after the start of")
    assert page.answer == ""


def test_states_say_so_too() -> None:
    assert states_page(study(), View()).reason


def test_what_cannot_be_asked_with_entry_times_is_refused() -> None:
    with pytest.raises(UserError, match="landmark=6") as refused:
        survival_page(study(), decode("?landmark=6"))
    assert refused.value.why.startswith("cannot be combined with entry times")
