"""Views to and from an address. Oracle: what each address says, by hand."""

from __future__ import annotations

from services.views.codec import codecs, query_pairs, read_pairs, write_field, written
from services.views.site import RiskView
from services.views.study import View


def test_every_field_but_the_filters_has_a_codec() -> None:
    assert set(View.__dataclass_fields__) - set(codecs(View)) == {"filters"}
    assert set(RiskView.__dataclass_fields__) == set(codecs(RiskView))


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    values, problems, unknown = read_pairs(RiskView, query_pairs("?bmpc=500&bmpc=22&z=1&z=2", 9))
    assert (values, problems, unknown) == ({"bmpc": 22.0}, (), ("z",))
    values, problems, _ = read_pairs(RiskView, query_pairs("bmpc=22&bmpc=500", 9))
    assert values == {}
    assert [problem.key for problem in problems] == ["bmpc"]


def test_what_is_the_default_is_left_out() -> None:
    assert written(View()) == []
    view = View(at=(12.0, 24.0), arms=("A, 5 mg", "B"))
    assert written(view) == ["arms=A%5C,+5+mg,B", "at=12,24"]
    assert write_field(view, "at") == "12,24"
