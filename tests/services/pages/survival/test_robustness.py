"""How much a comparison rests on, against R (``tests/oracles/make_effects.R``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from services.pages.survival.export import survival_csv, survival_json
from services.pages.survival.page import survival_page
from services.study.model import Endpoint
from services.views.study import View
from tests.services.pages.survival.views import page
from tests.studies import make_study

R: dict[str, Any] = json.loads((Path(__file__).parents[3] / "oracles" / "effects.json").read_text())


@pytest.mark.parametrize("query", R["tipping"])
def test_tipping_against_r(query: str) -> None:
    """Of every number of further events, one after the other."""
    made, r = page(f"?endpoint={query}", "aquila"), R["tipping"][query]
    (pair,) = survival_json(made)["comparisons"]
    found = [
        [t["hazard_ratio"][k] for k in ("estimate", "lower", "upper")] for t in pair["tipping"]
    ]
    assert_allclose(found, [*r["arm"], *r["reference"]], rtol=1e-6)
    assert [(t["arm"], t["k"]) for t in pair["tipping"]] == [
        (arm, k) for arm in ("Daratumumab", "Active monitoring") for k in (1, 2, 5, 10)
    ]
    point, other = pair["tipping_points"]
    assert (point["k"], other["k"]) == (r["smallest"], None)
    assert_allclose(list(point["hazard_ratio"].values()), r["there"], rtol=1e-6)


def test_one_further_death_does_it_in_words_everywhere() -> None:
    made = page("?endpoint=OS", "aquila")
    first, other, made_up = made.robustness["Daratumumab"].sentences
    assert first == (
        "With one further event on daratumumab, when the patient censored earliest was last seen,"
        " the 95% CI would include 1 (HR 0.55, 95% CI 0.30 to 1.03)."
    )
    assert other == "Further events on active monitoring would move the hazard ratio away from 1."
    assert survival_json(made)["comparisons"][0]["tipping_words"] == [first, other, made_up]
    head = survival_csv(made)
    told = f"rests on: {first} {other} {made_up}"
    assert made_up.startswith("These patients are simulated")
    assert told in head
    assert "# 1 further event on daratumumab: hazard ratio 0.55302" in head
    # It leads nowhere: the trial did not publish it.
    assert "further" not in made.answer + made.answer_detail


def test_who_had_a_competing_event_first_is_not_censored_early() -> None:
    """Hand count: of the five on A without the event, two died first."""
    ttp = Endpoint(
        "TTP", "Time to progression", "free", "progression", good=False, competing=("Death",)
    )
    study = make_study(
        list("AAAAAAABBBB"),
        [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4],
        [e == "1" for e in "00100101111"],
        event_type=["Death", "", "", "Death", "", "", "", "", "", "", ""],
        endpoint=ttp,
        arms=["A", "B"],
    )
    made = survival_page(study, View())
    assert [p.candidates for p in made.robustness["A"].points] == [3, 0]
