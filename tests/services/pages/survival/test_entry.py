"""The survival page with entry times, and what other pages say. Oracle: R, frozen."""

from __future__ import annotations

import json

import numpy as np
import pytest

from services.errors import UserError
from services.pages.benefit_risk.page import benefit_risk_page
from services.pages.second_opinion.page import second_opinion
from services.pages.states.page import states_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.export import survival_json
from services.pages.survival.page import survival_page
from services.settings import ROOT
from services.study.rows import still_at_risk
from services.views.study import View, decode
from tests.oracles.engine import case
from tests.studies import late_entries


def test_the_page_against_r() -> None:
    r = case("truncated").r
    marks = r["curves"]["a"]["intervals"]["log-log"]["landmarks"]
    at = tuple(mark[0] for mark in marks)
    page = survival_page(late_entries(), View(strata=("STRATUM",), at=at))
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
    page = survival_page(late_entries(), View(ticks=5))
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
    found = second_opinion(survival_page(late_entries(), View(at=(12.0,))), with_r=False)
    ratio = next(n for n in found.numbers if n.key.what == "hazard ratio")
    assert [said.same for said in ratio.theirs.values()][-1]
    assert not [n for n in found.numbers if n.key.what == "log-rank"]


def test_the_forest_against_r() -> None:
    r = json.loads((ROOT / "tests/oracles/entry.json").read_text())
    for query, fit in (("", "cox"), ("&strata=STRATUM", "cox_stratified")):
        page = subgroups_page(late_entries(), decode(f"?by=F&diff=12{query}"))
        assert page.forest is not None
        (group,) = page.forest.groups
        for row in (page.forest.overall, *group.levels):
            e = r["levels"].get(row.level, r["all"])
            # The oracle compares a with b, the page b with a.
            assert [row.n["b"], row.n["a"]] == e["n"]
            assert [row.events["b"], row.events["a"]] == e["events"]
            assert [row.median["b"], row.median["a"]] == pytest.approx(e["median"], abs=1e-9)
            assert row.survival is not None
            assert row.survival == pytest.approx(dict(zip("ba", e["survival"], strict=True)))
            assert row.hazard_ratio is not None
            assert -np.log(row.hazard_ratio.estimate) == pytest.approx(e[fit][0], abs=1e-8)
            assert row.hazard_ratio.log_se == pytest.approx(e[fit][1], rel=1e-7)
        assert group.interaction is not None
        chi2, df = r[fit.replace("cox", "interaction")]
        assert group.interaction.chi2 == pytest.approx(chi2, abs=1e-6)
        assert group.interaction.df == df
    assert dict(page.provenance)["Entry times"].startswith("109 of 120 patients came under")
    assert "left truncation" in page.methods.text


def test_the_time_of_differences_has_enough_who_have_come() -> None:
    """At month 12 R counts 38 and 34 at risk (entry.json), at month 1 one or two have come."""
    found = still_at_risk(late_entries().times.assign(ARM_PLANNED="a"), ["a"], 12, "months")
    assert found["a"] == 38 + 34
    data = case("truncated").data
    early = int(((data["entry"] < 1) & (data["time"] >= 1)).sum())
    found = still_at_risk(late_entries().times.assign(ARM_PLANNED="a"), ["a"], 1, "months")
    assert found["a"] == early < 20


def test_before_and_after_a_time_against_r() -> None:
    pair = case("truncated").r["pair"]
    page = survival_page(late_entries(), decode(f"?plot=hazards&split={pair['cut']}"))
    assert isinstance(page.extra, tuple)
    change = page.extra[0].change
    for found, expected in (
        (change.piecewise.before, pair["before"]),
        (change.piecewise.after, pair["after"]),
    ):
        beta = abs(np.log(found.estimate))
        assert beta == pytest.approx(abs(expected["beta"]), abs=1e-8)
        assert found.log_se == pytest.approx(expected["se"], rel=1e-7)
    assert change.weighted == ()
    assert "not made of entry times" in change.max_combo_reason
    assert "Fleming" not in page.methods.text + dict(page.provenance)["Curves"]


def test_pages_that_know_no_entry_times_have_no_numbers() -> None:
    page = benefit_risk_page(late_entries(), View())
    assert page.reason is not None
    assert page.reason.startswith("109 patients came under observation after the start of")
    assert page.answer == ""


def test_states_say_so_too() -> None:
    assert states_page(late_entries(), View()).reason


def test_what_cannot_be_asked_with_entry_times_is_refused() -> None:
    with pytest.raises(UserError, match="landmark=6") as refused:
        survival_page(late_entries(), decode("?landmark=6"))
    assert refused.value.why.startswith("cannot be combined with entry times")
