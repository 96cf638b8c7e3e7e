"""Sentences of the forest. Oracle: the tests it counts."""

from __future__ import annotations

from services.pages.subgroups.page import subgroups_page
from services.views.study import decode
from tests.studies import as_such


def test_the_answer_counts_the_tests() -> None:
    page = subgroups_page(as_such(), decode("?cut=MPROT:q4"))
    assert page.answer.endswith("interaction p = 0.041, one of 9 tests.")
    # 1 - 0.95^9 and 9 x 0.0411
    assert "about 37%" in page.answer_detail
    assert "0.370" in page.answer_detail
    assert subgroups_page(as_such(), decode("")).answer.startswith(
        "Whether the effect of lenalidomide (HR 0.28, 95% CI 0.12 to 0.62) depends on"
        " any of the 6 variables cannot be determined (30 events): smallest interaction p ="
        " 0.106 (Mayo 2018 risk)."
    )
