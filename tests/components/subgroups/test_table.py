"""The forest as a table. Oracle: the record."""

from __future__ import annotations

from components.subgroups.table import forest_table
from tests.components.subgroups.drawn import page_of


def test_the_table_has_every_row_and_folded_ones_too() -> None:
    found = forest_table(page_of("?by=SEX,AGEGR1&fold=SEX"))
    assert found.count("data-forest") == 5
    assert '"Hazard ratio (95% CI): ">NE: 0 events in Lenalidomide</td>' in found
    assert "&lt; 65" in found
