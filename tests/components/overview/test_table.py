"""Patients at the start as a table. Oracle: the record."""

from __future__ import annotations

from components.overview.table import baseline_table, provenance_mark
from services.pages.overview.page import overview_page
from services.pages.overview.records import BaselineNumber
from services.views.study import View
from tests.components.text import table, text
from tests.studies import bundled


def test_every_row_and_arm_of_the_record_is_there() -> None:
    found = overview_page(bundled(), View()).baseline
    made = baseline_table(found, bundled(), "Not recorded", "Patients")
    rows = table(made)
    said = " ".join(text(made).split())
    for item in found.rows:
        assert item.label in said
        if isinstance(item, BaselineNumber):
            label = item.label + (f", {item.unit}" if item.unit else "")
            name = next(head for head in rows if head == label or head.startswith(f"{label} "))
            for cell, summary in zip(rows[name], item.arms, strict=True):
                assert summary.mean is None or cell.startswith(f"{summary.mean:.1f} (")
        else:
            for counts in item.counts:
                assert all(f"{c.n:,}" in said for c in counts)
    for n in found.n:
        assert f"N = {n:,}" in said


def test_what_a_simulated_column_rests_on_is_marked_and_explained() -> None:
    mark = provenance_mark("illustrative")
    assert (text(mark), mark.title.startswith("Not published")) == ("illustrative", True)
    assert provenance_mark("") is None
