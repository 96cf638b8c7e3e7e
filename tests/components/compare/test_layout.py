"""The page of two views."""

from __future__ import annotations

from dataclasses import replace

from components.chart import EMPTY_FIGURE
from components.compare.layout import heads, words
from services.compare.records import Change, ComparePage
from services.pages.records import Methods
from services.views.site import CompareView

PAGE = ComparePage(view=CompareView(), methods=Methods())


def test_views_are_called_by_what_was_changed_where_that_is_short() -> None:
    one = replace(PAGE, changes=(Change("as given", "censored", "censored instead of as given"),))
    assert heads(one) == ("First view: as given", "Second view: censored")
    assert heads(replace(PAGE, changes=one.changes * 3)) == ("First view", "Second view")
    assert heads(PAGE) == ("First view", "Second view")


def test_without_views_the_page_says_so_and_draws_nothing() -> None:
    made = words(PAGE, ("json", "csv"), [(EMPTY_FIGURE, EMPTY_FIGURE)])
    assert "No two views are chosen yet" in made["html"]["compare-changes"]
    assert made["hidden"]["compare-columns"]
    assert "/compare.csv" not in made["html"]["compare-take-away"]
