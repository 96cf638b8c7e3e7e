"""Comparisons adjusted for baseline factors, against R (``tests/oracles/make_effects.R``)."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from services.errors import UserError
from services.pages.survival.export import survival_csv, survival_json
from services.pages.survival.page import survival_page
from services.pages.survival.records import Adjusted, SurvivalPage
from services.study.model import Study
from services.views.study import decode
from tests.studies import bundled, make_study

R: dict[str, Any] = json.loads((Path(__file__).parents[3] / "oracles" / "effects.json").read_text())


@cache
def without_two_values(code: str) -> Study:
    """AQUILA, two patients without hemoglobin; R was given the same."""
    study = bundled("aquila")
    rows = study.times.iloc[study.endpoint_rows(code)].sort_values("USUBJID")
    subjects = study.subjects.copy()
    subjects.loc[rows["USUBJID"].iloc[[2, 49]], "HGB"] = np.nan
    return replace(study, subjects=subjects, sha256=f"{study.sha256}-{code}")


@cache
def page(query: str) -> SurvivalPage:
    code, *more = query.split("&")
    study = bundled("aquila") if more else without_two_values(code)
    return survival_page(study, decode(f"?endpoint={query}&adjust=AGE,SEX,HGB"))


@pytest.mark.parametrize("query", R["adjusted"])
def test_the_adjusted_model_against_r(query: str) -> None:
    made, r = page(query), R["adjusted"][query]
    (pair,) = survival_json(made)["comparisons"]
    own = pair["adjusted"]
    assert (own["n"], own["n_missing"]) == (r["n"], 390 - r["n"])
    found = [[t["hazard_ratio"][k] for k in ("estimate", "lower", "upper")] for t in own["terms"]]
    assert_allclose(found, r["ratios"], rtol=1e-6)
    assert [t["column"] for t in own["terms"]] == ["", "AGE", "SEX", "HGB"]
    assert pair["adjusted_hazard_ratio"] == own["terms"][0]["hazard_ratio"]
    assert_allclose([t["p"] for t in own["tests"].values()], r["tests"], rtol=1e-5)
    assert made.adjustment is not None
    if "strata" in query:
        assert made.adjustment.reason == "they are drawn without strata only"
        return
    for curve in made.adjustment.curves:
        at = np.searchsorted(curve.time, [6, 12, 24, 48], side="right") - 1
        want = r["reference"] if curve.arm == "Active monitoring" else r["arm"]
        assert_allclose(curve.survival[at], want, rtol=1e-6)


def test_who_is_left_out_is_said_everywhere_and_leads_nowhere() -> None:
    made = page("PFS")
    assert made.adjustment is not None
    said = made.adjustment.models["Daratumumab"].sentence
    assert said.startswith("Adjusted for age, sex and hemoglobin: HR 0.")
    assert "388 patients. 2 patients without a value are left out; unadjusted, the others" in said
    assert said.endswith("These patients are simulated: no publication gives these numbers.")
    assert said in survival_csv(made)
    assert "djusted" not in made.answer
    plain = survival_page(without_two_values("PFS"), decode("?endpoint=PFS"))
    assert plain.answer == made.answer
    assert survival_json(plain)["comparisons"][0]["adjusted_hazard_ratio"] is None


def small(values: list[Any], event: str = "1111111101", arms: str = "AAAAABBBBB") -> Adjusted:
    study = make_study(
        list(arms),
        [1, 3, 5, 7, 9, 2, 4, 6, 8, 10],
        [e == "1" for e in event],
        {"SEX": values},
        arms=["A", "B"],
    )
    adjustment = survival_page(study, decode("?adjust=SEX")).adjustment
    assert adjustment is not None
    return adjustment.models["A"]


MIXED = list("FMFMFFMFMM")
DEGENERATE: dict[str, tuple[Adjusted, str | None]] = {
    "no events": (small(MIXED, "0000000000"), "0 events"),
    "no events in the arm": (small(MIXED, "0000011111"), "0 events in A"),
    "nobody of the arm has a value": (
        small([None] * 5 + list("FMFMF")), "no patients in A",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_has_no_adjusted_ratio_says_why(case: str) -> None:
    made, reason = DEGENERATE[case]
    assert (made.hazard_ratio, made.reason) == (None, reason)
    assert f"not estimable ({reason})" in made.sentence
    assert made.tests_reason


def test_a_factor_that_is_the_arm_has_no_coefficient_of_its_own() -> None:
    made = small(list("FFFFFMMMMM"))
    assert made.hazard_ratio is not None
    assert made.terms[1].reason == "it does not vary apart from the terms before it"


def test_few_events_for_so_many_coefficients_are_said() -> None:
    assert small(MIXED).caution == (
        "9 events for 2 coefficients: fewer than 10 each, so the model is unstable."
    )


def test_what_is_no_baseline_factor_is_refused() -> None:
    with pytest.raises(UserError, match="has no baseline factor “BOR”"):
        survival_page(bundled("aquila"), decode("?adjust=BOR"))
