"""Tables of the evidence page. Oracle: the records they show."""

from __future__ import annotations

import pytest

from components.evidence.table import glance, meta, series, single_arm, timeline
from components.island import to_html
from services.pages.evidence.page import evidence_page
from services.views.site import EvidenceView
from tests.components.text import text, walk


def test_every_row_and_number_of_the_record_is_there() -> None:
    page = evidence_page(EvidenceView())
    for made, rows in (
        (single_arm(page.single_arm), page.single_arm),
        (series(page), page.follow_up),
        (timeline(page.timeline), page.timeline),
    ):
        said = text(made)
        assert rows
        for row in rows:
            assert row.acronym in said
    said = text(single_arm(page.single_arm))
    for row in page.single_arm:
        assert all(number.text in said for _, number in row.results)
    assert all(m.row.cited.text in text(meta(page)) for m in page.meta)


def test_each_harm_at_a_glance_has_its_arm_s_name() -> None:
    rows = [r for r in evidence_page(EvidenceView()).glance if r.harm]
    found = [p for p in walk(glance(rows)) if getattr(p, "className", "") == "arm-name"]
    assert len(rows) > 1
    assert [text(p).strip() for p in found] == [
        name for r in rows if r.harm for name, _ in r.harm.arms
    ]


def test_dates_stand_on_the_scale_in_their_order() -> None:
    page = evidence_page(EvidenceView())
    dated = [row for row in page.timeline if row.end and row.start]
    made = timeline(dated)
    bars = [p.style for p in walk(made) if getattr(p, "className", "") == "span"]
    assert len(bars) == len(dated) > 1
    for row, bar in zip(dated, bars, strict=True):
        start, width = (float(bar[side].rstrip("%")) for side in ("left", "width"))
        # The scale runs from 2016 to 2036.
        for date, place in ((row.start, start), (row.end, start + width)):
            years = float(date[:4]) + (float(date[5:7] or 1) - 1) / 12 - 2016
            assert place == pytest.approx(min(max(5 * years, 0), 100), abs=0.7)


def test_trials_without_dates_are_listed_by_themselves() -> None:
    page = evidence_page(EvidenceView())
    without = [row for row in page.timeline if not row.end]
    made = timeline(without)
    assert not [p for p in walk(made) if getattr(p, "className", "") == "span"]
    assert all(row.acronym in text(made) for row in without)
    assert "visually-hidden" in to_html(timeline(without)), "a dash says what it stands for"
    assert timeline([]) == []
