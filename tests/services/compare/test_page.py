"""Two views as one page. Oracle: the pages' own JSON, R's numbers for AQUILA, the unit table."""

from __future__ import annotations

import pytest

from services.compare.page import alike, asked, in_unit, same_time
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


@pytest.mark.parametrize(
    ("units", "last", "ends"),
    [
        (("months", "months"), (40.0, 75.5), (75.5, 75.5)),
        (("months", "years"), (24.0, 5.0), (60.0, 5.0)),
        (("days", "weeks"), (700.0, 50.0), (700.0, 100.0)),
    ],
)
def test_axes_end_at_one_time(
    units: tuple[str, str], last: tuple[float, float], ends: tuple[float, float]
) -> None:
    a, b = same_time(View(unit=units[0]), View(unit=units[1]), last)
    assert (a.xmax, b.xmax) == pytest.approx(ends, rel=1e-11)


def test_times_in_another_unit_are_the_same_days() -> None:
    given = View(unit="weeks", at=(52.0, 53.0), landmark=26.0)
    made = in_unit(given, "months")
    days = [time * 30.4375 for time in (*made.at, made.landmark or 0.0)]
    assert days == [364.0, 371.0, 182.0]
    assert (made.unit, made.tau) == ("months", None)
