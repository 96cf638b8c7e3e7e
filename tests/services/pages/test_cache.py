"""Pages are made once, and forgotten with their study."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.pages import cache as pages_cache
from services.pages.survival.page import survival_page
from services.pages.survival.records import SurvivalPage
from services.study.memory import weigh
from services.study.model import Study
from services.views.study import View
from tests.studies import two_arms

# --- the cache --------------------------------------------------------------------------------


def test_the_same_view_of_the_same_study_is_made_once() -> None:
    study = two_arms()
    first = survival_page(study, View(ci="log"))
    assert survival_page(study, View(ci="log")) is first
    assert survival_page(study, View(ci="plain")) is not first
    assert survival_page(two_arms(), View(ci="log")) is first, "the content counts, not the object"
    assert survival_page(two_arms(19), View(ci="log")) is not first


def test_another_page_of_the_same_view_is_another_record() -> None:
    study = two_arms(18)
    first = survival_page(study, View())
    made: list[View] = []

    @pages_cache.cached("other")
    def other(_: Study, view: View) -> SurvivalPage:
        made.append(view)
        return replace(first, answer="other")

    for _ in range(2):
        assert other(study, View()).answer == "other"
    assert made == [View()]
    assert survival_page(study, View()) is first


def test_the_cache_is_bounded_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_cache, "_cache", pages_cache.LRUCache(512))
    pages_cache.set_cache_size(2)
    study, other = two_arms(17), two_arms(16)
    views = [View(level=level) for level in (0.8, 0.9, 0.95)]
    records = [survival_page(study, view) for view in views]
    assert survival_page(study, views[2]) is records[2]
    assert survival_page(study, views[0]) is not records[0], "the oldest was dropped"
    kept = survival_page(other, View())
    pages_cache.forget(study)
    assert survival_page(other, View()) is kept
    assert survival_page(study, views[0]) is not records[0]


def test_the_cache_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_cache, "_cache", pages_cache.LRUCache(512))
    study, heavy = two_arms(2000), View()
    weight = weigh(survival_page(study, heavy))
    assert 0.5 * 2**20 < weight < 2**20
    pages_cache.set_cache_size(512, mb=1)
    first, second = survival_page(study, heavy), survival_page(study, replace(heavy, term="y"))
    assert survival_page(study, replace(heavy, term="y")) is second
    assert survival_page(study, heavy) is not first, "two do not fit"
    large = two_arms(3600)
    assert survival_page(large, heavy) is not survival_page(large, heavy), "larger than all of it"
