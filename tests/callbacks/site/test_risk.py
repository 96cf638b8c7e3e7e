"""The calculator's fields. Oracle: what a person sees in the field after typing."""

from __future__ import annotations

from callbacks.site.risk import _still_sure, view_from
from components.risk.calculator import CHOICES, TYPED
from services.views.site import RiskView

CHOSEN = {name: str(getattr(RiskView(), name)) for name in CHOICES}


def typed(**texts: str) -> dict[str, str]:
    return dict.fromkeys(TYPED, "") | texts


def test_a_wrong_value_is_named_and_the_others_count() -> None:
    view, wrong = view_from(RiskView(), typed(bmpc="150", mprot="2,5") | CHOSEN)
    assert view == RiskView(mprot=2.5)
    assert wrong == {"bmpc": "“150” is left out. Write a number from 0 to 100."}


def test_nothing_typed_is_the_empty_view() -> None:
    assert view_from(RiskView(), typed() | CHOSEN) == (RiskView(), {})


def test_who_was_sure_of_one_value_is_asked_about_the_next() -> None:
    asked = RiskView(mprot=15, sure=("mprot",))
    assert _still_sure(asked, typed(mprot="15")) == ("mprot",)
    assert _still_sure(asked, typed(mprot="18")) == ()
    assert _still_sure(asked, typed(mprot="x")) == ()
