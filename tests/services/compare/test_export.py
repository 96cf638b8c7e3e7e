"""Two views for programs, from records written here. tests/callbacks/site/ asks for real ones."""

from __future__ import annotations

from services.compare.export import compare_csv, compare_json
from services.compare.records import ComparePage
from services.pages.records import Methods
from services.views.site import CompareView


def test_nothing_asked_for_gives_nothing() -> None:
    page = ComparePage(view=CompareView(), methods=Methods())
    assert compare_json(page) == {}
    assert compare_csv(page) == ""
