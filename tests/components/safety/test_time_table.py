"""Tables of events over time. Oracle: the record."""

from __future__ import annotations

from components.island import to_html
from components.safety.table import grades_table, overview, terms_table
from components.safety.time_table import first_table, rates_table
from tests.components.safety.pages import page


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
