"""Risk models and natural history against the reference, where it lies beside this checkout."""

from __future__ import annotations

from typing import Any

import pytest

from services.evidence import load as evidence


def test_risks_are_those_of_the_reference(reference_models: dict[str, Any]) -> None:
    theirs = {m["id"]: m for m in reference_models["risk_models"]}
    theirs["imwg2020_cytogenetics"] = theirs["imwg2020"]["with_cytogenetics"]
    theirs["ravi2016"] = theirs["evolving_ravi2016"]
    compared = 0
    for model in evidence.evidence().risk_models:
        for ours, row in zip(model.groups, theirs[model.id].get("groups", []), strict=True):
            expected = sorted((p["years"], p["pct"]) for p in row.get("progression", []))
            assert sorted((p.years, p.percent) for p in ours.progression) == expected
            assert ours.share_percent == row.get("share_pct")
            if (median := row.get("median_ttp_months")) is not None:
                assert ours.median_months == median
            if (median := row.get("median_ttp_years")) is not None:
                assert ours.median_months == pytest.approx(12 * median)
            compared += len(expected)
        factors = theirs[model.id].get("factors", [])
        published = [f.get("hr", f.get("odds_ratio")) for f in factors]
        if any(published):
            assert [f.ratio.estimate if f.ratio else None for f in model.factors] == published
    assert compared > 20


def test_natural_history_is_that_of_the_reference(reference_models: dict[str, Any]) -> None:
    (row,) = reference_models["natural_history"]
    ours = evidence.evidence().natural_history
    assert [(p.years_from, p.years_to, p.percent_per_year) for p in ours.periods] == [
        (p["years_from"], p["years_to"], p["pct_per_year"]) for p in row["annual_progression_pct"]
    ]
    assert [(c.years, c.percent) for c in ours.cumulative] == [(15, 73)]
    assert [g.progression[0].percent for g in ours.groups] == [
        g["progression_pct_15y"] for g in row["groups_15_year"]
    ]
