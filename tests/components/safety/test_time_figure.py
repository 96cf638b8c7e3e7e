"""Events over time as drawn. Oracle: the record."""

from __future__ import annotations

from components.safety.time_figure import first_figure, prevalence_figure
from tests.components.figures import traces
from tests.components.safety.pages import page


def test_time_figures_show_each_arm():
    found = page("section=time&term=Neutropenia")
    first = first_figure(found, found.time, "light", False)
    assert [t["name"] for t in traces(first, "incidence")] == ["Lenalidomide", "Observation"]
    prevalence = prevalence_figure(found, found.time, "light", True)
    assert traces(prevalence, "prevalence")
    assert all(t["name"].startswith("Grade") for t in traces(prevalence, "prevalence"))
