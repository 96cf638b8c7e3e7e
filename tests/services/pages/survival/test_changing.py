"""Effects that change with time, against R (``tests/oracles/make_effects.R``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services.pages.survival.export import survival_json, view_table
from services.pages.survival.page import survival_page
from services.pages.survival.records import ChangingEffect, HazardsOverTime, SurvivalPage
from services.views.study import decode
from tests.services.pages.survival.views import page
from tests.studies import make_study

R: dict[str, Any] = json.loads((Path(__file__).parents[3] / "oracles" / "effects.json").read_text())


def change_of(made: SurvivalPage) -> ChangingEffect | None:
    assert isinstance(made.extra, tuple)
    (pair,) = made.extra
    assert isinstance(pair, HazardsOverTime)
    return pair.change


@pytest.mark.parametrize("code", R["changing"])
def test_before_and_after_and_the_weighted_tests_against_r(code: str) -> None:
    """R: one Cox model with an effect of the arm per period (``survSplit``)."""
    r = R["changing"][code]
    made = page(f"?endpoint={code}&plot=hazards&split={r['split']}", "aquila")
    change = survival_json(made)["extra"][0]["change"]
    ratios = [change["piecewise"][when] for when in ("before", "after")]
    found = [[ratio[k] for k in ("estimate", "lower", "upper")] for ratio in ratios]
    assert_allclose(found, r["ratios"], rtol=1e-6)
    # R's own maximum stops a little early; its Wald test has the covariance of one model.
    assert_allclose(change["change"]["p"], r["change"], rtol=1e-5)
    assert_allclose([w["test"]["p"] for w in change["weighted"]], r["weighted"], rtol=1e-6)
    assert change["max_combo"]["p"] >= min(r["weighted"])


def test_the_csv_has_them_in_rows_of_their_own() -> None:
    made = page("?endpoint=PFS&plot=hazards&split=24", "aquila")
    table, change = view_table(made), change_of(made)
    assert change is not None
    assert change.piecewise.after is not None
    rows = {row[2]: row for row in table.rows if row[2] not in ("smooth", "residual")}
    assert list(rows) == [
        *("constant", "before", "after", "Fleming-Harrington (0, 0)"),
        *(f"Fleming-Harrington ({w})" for w in ("1, 0", "0, 1", "1, 1")),
        "max-combo",
    ]
    assert rows["after"][3:5] == (24.0, change.piecewise.after.estimate)
    assert change.max_combo is not None
    assert rows["max-combo"][-1] == change.max_combo.p


def test_the_middle_of_the_times_is_taken_where_no_other_was_asked_for() -> None:
    change = change_of(page("?endpoint=PFS&plot=hazards&at=6,18,30", "aquila"))
    assert change is not None
    assert change.piecewise.cut == 18.0


def small(arm: str, time: list[float], event: str, query: str = "") -> ChangingEffect | None:
    study = make_study(list(arm), time, [e == "1" for e in event], arms=["A", "B"])
    return change_of(survival_page(study, decode(f"?plot=hazards{query}")))


FOUR = [1.0, 2.0, 3.0, 4.0]
DEGENERATE: dict[str, tuple[tuple[Any, ...], str, str]] = {
    "no events": (("ABAB", FOUR, "0000"), "0 events", "0 events"),
    "split after everyone": (
        ("ABABAB", [1, 2, 3, 4, 5, 6], "111111", "&split=99"), "", "no patients in B",
    ),
    "events early alone": (
        ("ABABABAB", [1, 2, 3, 4, 5, 6, 7, 8], "11110000", "&split=4"), "", "0 events",
    ),
    "an arm without events": (
        ("ABAB", FOUR, "0101", "&split=2"), "0 events in A", "0 events in A",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_cannot_be_estimated_says_why(case: str) -> None:
    patients, before, after = DEGENERATE[case]
    change = small(*patients)
    assert change is not None
    assert (change.piecewise.before_reason or "") == before
    assert (change.piecewise.after_reason or "") == after
    assert change.change is None
    assert all(w.test is not None or w.reason for w in change.weighted)
    assert change.max_combo is not None or change.max_combo_reason


def test_all_times_0_have_no_before_and_after() -> None:
    assert small("ABAB", [0.0] * 4, "1011") is None


def test_late_weights_find_what_early_ones_do_not() -> None:
    """Alike for a year, then apart: simulated with a known change."""
    rng = np.random.default_rng(3)
    late = rng.exponential(30, 300)
    time = np.where(np.arange(300) % 2 == 0, 12 + 4 * late, 12 + late)
    early = rng.exponential(40, 300)
    time = np.minimum(np.where(early < 12, early, time), 60)
    change = small("AB" * 150, time.tolist(), "".join("01"[int(t < 60)] for t in time), "&split=12")
    assert change is not None
    assert change.change is not None
    tests = {w.key: w.test.p for w in change.weighted if w.test}
    assert tests["late"] < tests["log_rank"] < tests["early"]
    assert change.change.p < 0.05
