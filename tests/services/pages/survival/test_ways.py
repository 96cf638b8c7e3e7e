"""What of an endpoint's times can be reconsidered. Oracle: the columns of the bundled studies."""

from __future__ import annotations

from services.pages.survival.page import survival_page
from services.views.study import View, decode
from tests.studies import bundled


def test_flags_are_what_was_known_later_and_is_no_outcome() -> None:
    flags = survival_page(bundled("quiredex"), View()).ways.known_flags
    assert [name for name, _ in flags] == [
        *("BOR", "RESPFL", "RESPIND", "MAINTFL", "RESPMNT", "EOTSTT", "DCTREAS"),
    ]
    assert dict(flags)["RESPIND"] == "Response after induction"


def test_the_usual_ways_are_those_the_data_can_answer_and_the_chosen_one_is_marked() -> None:
    found = survival_page(bundled("aquila"), decode("?endpoint=OS&ice=FLT:event")).ways
    assert [c.label for c in found.choices if c.chosen] == ["New therapy is failure"]
    assert len([c for c in found.choices if c.view]) == 4
    # Follow-up for PFS stops at the new therapy: it cannot be ignored.
    pfs = survival_page(bundled("aquila"), View()).ways.choices
    assert "EMA: count regardless" not in [c.label for c in pfs]
    assert any("cannot be ignored" in c.label for c in pfs if c.view is None)
