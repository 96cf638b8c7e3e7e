"""Two views as one page. Oracle: the pages' own JSON, R's numbers for AQUILA, the unit table."""

from __future__ import annotations

import pytest

from services.compare.page import alike, asked, in_unit
from services.errors import UserError
from services.views.site import CompareView
from services.views.study import View


def test_two_views_are_asked_for_or_none() -> None:
    assert asked(CompareView("x", "y"))
    assert not asked(CompareView())
    with pytest.raises(UserError, match="“a” is missing"):
        asked(CompareView(b="x"))


def test_pages_of_other_kinds_are_refused() -> None:
    alike("safety", "safety")
    with pytest.raises(UserError, match="The page survival and the page safety"):
        alike("survival", "safety")


def test_times_in_another_unit_are_the_same_days() -> None:
    given = View(unit="weeks", at=(52.0, 53.0), landmark=26.0)
    made = in_unit(given, "months")
    days = [time * 30.4375 for time in (*made.at, made.landmark or 0.0)]
    assert days == [364.0, 371.0, 182.0]
    assert (made.unit, made.tau) == ("months", None)
    # In words it is short; groups that are named by it are found again.
    assert made.since == "month 5.98"
    groups = View(unit="weeks", landmark=26.0, known="TX", arms=("With transplant by week 26",))
    assert in_unit(groups, "months").arms == ("With transplant by month 5.98",)
