"""Two views as one page. Oracle: the pages' own JSON, R's numbers for AQUILA, the unit table."""

from __future__ import annotations

import pytest

from services.compare.page import alike, asked
from services.errors import UserError
from services.views.site import CompareView


def test_two_views_are_asked_for_or_none() -> None:
    assert asked(CompareView("x", "y"))
    assert not asked(CompareView())
    with pytest.raises(UserError, match="“a” is missing"):
        asked(CompareView(b="x"))


def test_pages_of_other_kinds_are_refused() -> None:
    alike("safety", "safety")
    with pytest.raises(UserError, match="The page survival and the page safety"):
        alike("survival", "safety")
