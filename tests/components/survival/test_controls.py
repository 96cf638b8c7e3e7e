"""Controls of the survival page. Oracle: the view they show."""

from __future__ import annotations

import pytest

from components.survival.controls import control_values, plot_options, settings
from services.views.study import decode
from tests.components.survival.drawn import e3a06
from tests.components.text import walk


@pytest.mark.parametrize(
    "query", ["", "?endpoint=OS&unit=years&scale=incidence", "?at=6,18&strata=SEX&level=0.9&tau=20"]
)
def test_each_control_shows_what_the_address_asks(query: str) -> None:
    page, asked = e3a06(query), decode(query)
    values = control_values(page)
    parts = [p for p in walk(settings(page)) if hasattr(p, "id") and hasattr(p, "value")]
    shown = {part.id: part.value for part in parts}
    assert len(shown) > 5
    for name, value in values.items():
        if f"survival-{name}" in shown:
            assert shown[f"survival-{name}"] == value, name
    assert values["scale"] == asked.scale
    assert values["strata"] == list(asked.strata)
    if asked.at:
        assert values["at"] == ", ".join(f"{t:g}" for t in asked.at)
    assert values["reference"] == page.view.arms[0]


def test_the_charts_offered_are_those_there_are() -> None:
    assert [o["value"] for o in plot_options(e3a06())] == list(e3a06().plots)
    competing = e3a06("", "mgus2")
    words = {o["value"]: o["label"] for o in plot_options(competing)}
    assert words["types"] == "Cumulative incidence"
    assert words["curves"].startswith("Kaplan-Meier, if ")
