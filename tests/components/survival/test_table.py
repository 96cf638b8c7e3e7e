"""The curves of a view as a table. Oracle: the record."""

from __future__ import annotations

import pytest

from components.survival.table import curve_table
from tests.components.survival.drawn import e3a06
from tests.components.text import text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?plot=types", ("Had the event of that type", "CRAB", "SLiM")),
        ("?plot=hazards", ("Hazard ratio, smoothed", "Lenalidomide versus Observation")),
        ("?plot=means", ("Months gained", "Lenalidomide versus Observation")),
        ("?facet=MAYO2018", ("Low: Observation, n = 28", "Censored before")),
        ("", ("Lenalidomide, n = 92", "Progression-free (95% CI)")),
    ],
)
def test_the_curves_as_a_table_are_those_of_the_view(query: str, words: tuple[str, ...]) -> None:
    shown = text(curve_table(e3a06(query)))
    for word in words:
        assert word in shown
    if "plot" in query:
        assert "Progression-free" not in shown
