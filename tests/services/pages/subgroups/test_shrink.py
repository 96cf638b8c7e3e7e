"""Shrunken subgroup effects, against R (``tests/oracles/make_effects.R``) and the closed form."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from components.subgroups.figure import forest_figure
from components.subgroups.table import forest_table
from services.pages.subgroups.export import subgroups_csv, subgroups_json
from services.pages.subgroups.page import subgroups_page
from services.pages.subgroups.records import SubgroupsPage
from services.statistics.results import HazardRatio
from services.statistics.shrinkage import shrunken
from services.study.model import Column
from services.views.study import decode
from tests.studies import bundled, make_study

R: dict[str, Any] = json.loads((Path(__file__).parents[3] / "oracles" / "effects.json").read_text())


def page(query: str) -> SubgroupsPage:
    return subgroups_page(bundled("aquila"), decode(f"?endpoint={query}"))


@pytest.mark.parametrize("query", R["shrunken"])
def test_shrunken_effects_against_r(query: str) -> None:
    (group,) = subgroups_json(page(f"{query}&shrink=yes"))["groups"]
    found = [
        [row["shrunken"][k] for k in ("estimate", "lower", "upper")] for row in group["levels"]
    ]
    assert_allclose(found, R["shrunken"][query], rtol=1e-6)


def test_two_levels_of_one_variance_in_closed_form() -> None:
    """Paule and Mandel: (y1 - y2)^2 / 2 = tau2 + s2."""
    low, high = shrunken([HazardRatio(0.5, 0, 0, 0.2, 1), HazardRatio(2.0, 0, 0, 0.2, 1)])
    tau2 = math.log(4) ** 2 / 2 - 0.04
    weight = tau2 / (tau2 + 0.04)
    assert low.tau2 == pytest.approx(tau2)
    assert low.weight == pytest.approx(weight)
    assert math.log(low.estimate) == pytest.approx(-weight * math.log(2))
    assert high.estimate == pytest.approx(1 / low.estimate)


def test_levels_that_differ_no_more_than_chance_become_their_mean() -> None:
    made = shrunken([HazardRatio(v, 0, 0, 0.5, 1) for v in (0.5, 0.6, 0.7)])
    assert {r.weight for r in made} == {0.0}
    assert made[0].estimate == pytest.approx((0.5 * 0.6 * 0.7) ** (1 / 3))
    assert made[0] == made[2]


def one_level(query: str) -> SubgroupsPage:
    study = make_study(
        list("AB" * 12),
        [1 + (i * 7) % 23 for i in range(24)],
        [i < 20 for i in range(24)],
        {"SEX": ["F"] * 20 + ["M"] * 4},
        known={"SEX": Column("SEX", "Sex")},
        arms=["A", "B"],
    )
    return subgroups_page(study, decode(f"?by=SEX&{query}"))


def test_a_variable_with_one_estimable_level_has_none() -> None:
    made = one_level("shrink=yes")
    assert made.shrunken == {}
    (group,) = subgroups_json(made)["groups"]
    assert [row["shrunken"] for row in group["levels"]] == [None, None]


def test_they_are_off_unless_asked_for_and_in_every_outlet_then() -> None:
    plain, made = page("PFS&by=SEX"), page("PFS&by=SEX&shrink=yes")
    assert plain.shrunken == {}
    assert "shrunken" not in subgroups_csv(plain)
    assert "shrunken_hr" in subgroups_csv(made)
    assert "Paule and Mandel" in dict(made.provenance)["Shrunken effects"]
    ticks = {t["meta"]: t["x"] for t in forest_figure(made)["data"] if t.get("meta")}["shrunken"]
    assert ticks == [math.log10(r.estimate) for r in made.shrunken.values()]
    assert all(t.get("meta") != "shrunken" for t in forest_figure(plain)["data"])
    assert str(forest_table(made)).count("shrunken 0.") == 2
    assert made.answer == plain.answer
