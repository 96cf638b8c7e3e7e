"""What is said of wrong values: in words of the field, never of the address."""

from __future__ import annotations

import dataclasses

import pytest

from services.errors import UserError
from services.views import words
from services.views.parse import FieldError
from services.views.site import CatalogueView, EvidenceView, RiskView
from services.views.study import View, read_field


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("at", "abc", "“abc” is not a time. Write numbers such as 12, 24, 36."),
        ("at", "12 x", "“x” is not a time. Write numbers such as 12, 24, 36."),
        ("tau", "-1", "“-1” is not a time to count up to. Write a number above 0,"),
        ("ticks", "-1", "“-1” is not a distance between marks. Write a number above 0,"),
        ("xmax", "end", "“end” is not a time at which the axis can end."),
        ("diff", "12 24", "“12 24” is not a time. Write one number above 0,"),
        ("min_events", "2.5", "“2.5” is not a number of events. Write a whole number"),
        ("least", "150", "“150” is not a percentage. Write a number from 0 to 100"),
        ("cut", "AGE:abc", "“AGE:abc” is not a number to cut at."),
    ],
)
def test_under_a_field(name: str, typed: str, said: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_field(name, typed)
    assert words.beside(caught.value).startswith(said)


def test_every_key_of_every_address_has_words() -> None:
    kinds = (View, CatalogueView, EvidenceView, RiskView)
    keys = {f.name for kind in kinds for f in dataclasses.fields(kind)} - {"filters", "sure"}
    for key in sorted(keys):
        said = words.in_link(key, "zzz", UserError("no"))
        assert f"“{key}”" not in said, "named as a reader would"
        assert said.startswith("The link asked for ")
        assert "“zzz”, which cannot be used here: " in said


def test_many_are_told_apart_from_one() -> None:
    assert words.unknown(["endpiont"]).endswith("does not know: it is left out.")
    assert words.unknown(["a", "b"]).endswith("does not know: they are left out.")
