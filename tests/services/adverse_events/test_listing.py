"""The listing of adverse events. Oracle: a study of six patients."""

from __future__ import annotations

import pytest

from services.adverse_events.listing import all_listed
from services.errors import UserError
from services.pages.defaults import resolve_pair
from services.views.study import decode
from tests.adverse_events import page, tiny
from tests.studies import bundled


def test_the_listing_is_paged_and_complete():
    first = page(bundled(), "section=events").listing
    assert (first.total, first.page, first.pages, len(first.rows)) == (601, 1, 25, 25)
    last = page(bundled(), "section=events&page=99").listing
    assert (last.page, len(last.rows)) == (25, 1)
    view, pair = resolve_pair(bundled(), decode("section=events"))
    assert len(all_listed(bundled(), view, pair)) == 601
    one = page(tiny(), "section=events&term=Neutropenia").listing
    assert [(e.subject, e.grade, e.start_day, e.end_day) for e in one.rows] == [
        ("S1", "Grade 2", 32.0, None),
        ("S2", "Grade 4", 31.0, 91.0),
    ]
    with pytest.raises(UserError, match="term=Nothing"):
        page(tiny(), "section=events&term=Nothing")
