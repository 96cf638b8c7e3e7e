"""Tables of events over time. Oracle: the record."""

from __future__ import annotations

from components.island import to_html
from components.safety.table import grades_table, overview, terms_table
from components.safety.time_table import first_table, rates_table, time_notes
from tests.components.safety.pages import page
from tests.studies import bundled


def test_every_table_with_a_column_per_arm_scrolls_by_itself():
    """At any number of arms the page stays as wide as its window."""
    over_time = page("section=time")
    cards = (
        overview(page()), terms_table(page()), grades_table(page("section=grades")),
        first_table(over_time, over_time.time), rates_table(over_time, over_time.time),
    )  # fmt: skip
    for card in map(to_html, cards):
        tables, frames = card.count("<table"), card.count("table-scroll")
        assert 0 < tables <= frames, card[:300]


def test_an_arm_without_a_drug_has_no_dose():
    """E3A06: TRTSDT on observation is the day of randomization (its study.toml)."""
    said = to_html(time_notes(page("section=time").time))
    assert "No drug is given on observation: there the first and the last dose are" in said
    treated = to_html(time_notes(page("section=time", bundled("e3a06-run-in")).time))
    assert "first dose" in treated
    assert "No drug" not in treated
