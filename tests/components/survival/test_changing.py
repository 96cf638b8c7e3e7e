"""What is said of an effect that changes, beside the chart of hazards alone."""

from __future__ import annotations

from components.survival.changing import changing_panel
from components.survival.layout import numbers
from services import format as fmt
from services.pages.survival.records import HazardsOverTime
from tests.components.text import table, text
from tests.services.pages.survival.views import page


def test_the_panel_prints_the_record_and_what_each_test_asks() -> None:
    made = page("?endpoint=PFS&plot=hazards&split=24", "aquila")
    panel = changing_panel(made)
    assert isinstance(made.extra, tuple)
    (pair,) = made.extra
    assert isinstance(pair, HazardsOverTime)
    assert pair.change is not None
    rows, said = table(panel), text(panel)
    before = pair.change.piecewise.before
    assert before is not None
    assert pair.change.max_combo is not None
    assert rows["Up to 24 months"] == [fmt.hazard_ratio(before)]
    assert rows["Largest of the four (max-combo)"] == [fmt.p_value(pair.change.max_combo.p)]
    for test in pair.change.weighted:
        assert test.said in said
    assert "Illustrative These patients are simulated: no publication gives these numbers" in said
    assert text(numbers(made)).startswith("Whether the effect changes")


def test_other_charts_have_none() -> None:
    assert changing_panel(page("?endpoint=PFS", "aquila")) == []
