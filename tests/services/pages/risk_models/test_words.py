"""The answer of the risk models page. Oracle: its cross table and its differences."""

from __future__ import annotations

from dataclasses import replace

from services import format as fmt
from services.pages.risk_models.page import risk_models_page
from services.pages.risk_models.words import answer
from services.views.study import View
from tests.studies import bundled


def test_those_who_change_are_those_of_the_table() -> None:
    page = risk_models_page(bundled(), View())
    table = page.table
    assert table is not None
    said, benefit = answer(table, page.sides, None, page.view, 36.0)
    moved = table.higher + table.lower
    assert moved > 0
    assert said.startswith(
        f"{moved} of {table.both} patients ({fmt.percent(moved / table.both, 0)})"
    )
    assert f"{table.higher} higher and {table.lower} lower" in said
    assert benefit == "", "nothing is compared without a pair of arms"


def test_where_nobody_changes_the_models_agree() -> None:
    page = risk_models_page(bundled(), View())
    assert page.table is not None
    still = replace(page.table, higher=0, lower=0, untold=0)
    said, _ = answer(still, page.sides, None, page.view, 36.0)
    assert said.endswith(f"agree on low, intermediate or high in all {still.both} patients.")


def test_the_benefit_in_each_level_is_the_difference_of_its_row() -> None:
    page = risk_models_page(bundled(), View())
    assert page.table is not None
    _, benefit = answer(page.table, page.sides, ("Observation", "Lenalidomide"), page.view, 36.0)
    for level in page.sides[0].levels:
        difference = level.row.difference if level.row else None
        if difference and difference.estimate is not None:
            assert f"{fmt.points(difference.estimate, 0)} (" in benefit
