"""The self-check. Oracle: R's answers, frozen by data/self_check/make_self_check.R."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any

import pytest

from services.pages.methods import self_check
from services.pages.methods.page import data_cards, methods_json, methods_page
from services.studies import BUNDLED
from tests.studies import bundled, site


def test_every_figure_agrees_with_r() -> None:
    found = self_check.self_check()
    assert found.agreeing == found.total >= 50
    assert len(found.cases) == 2


def test_an_engine_that_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    analyse = self_check.survival.analyse

    def wrong(*args: Any, **options: Any) -> Any:
        result = analyse(*args, **options)
        first = result.comparisons[0]
        bad = replace(first.hazard_ratio, estimate=first.hazard_ratio.estimate * 1.00001)
        return replace(result, comparisons=(replace(first, hazard_ratio=bad),))

    monkeypatch.setattr(self_check.survival, "analyse", wrong)
    found = self_check.self_check()
    assert found.total - found.agreeing == 2  # the hazard ratio of both cases


def test_the_stored_data_are_those_of_the_bundled_study() -> None:
    """Else R's answers are to a question nobody asks any more: run the script again."""
    case = self_check.stored()["cases"][0]
    with (BUNDLED / "e3a06" / "adtte.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["PARAMCD"] == "PFS"]
    ours = sorted((float(r["AVAL"]), float(r["CNSR"]) == 0) for r in rows)
    stored = zip(case["data"]["time"], case["data"]["event"], strict=True)
    assert sorted((float(t), bool(e)) for t, e in stored) == ours


def test_the_page_has_versions_and_cards() -> None:
    studies = [bundled(i) for i in site().ids()]
    page = methods_page(studies)
    assert dict(page.versions)["lifelines"].startswith("0.30")
    assert {c.study for c in page.cards} == set(site().ids())
    assert all(not card.text.startswith("# ") for card in data_cards(studies))
    assert methods_json()["self_check"]["cases"][0]["figures"][0]["agrees"] is True
