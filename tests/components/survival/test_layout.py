"""The survival page's chart. Oracle: the plot that was asked for."""

from __future__ import annotations

import pytest

from components.survival import layout as survival_layout
from tests.components.survival.drawn import e3a06


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("", {"curve", "hover", "table"}),
        ("?plot=types", {"incidence"}),
        ("?plot=hazards", {"residuals", "smooth"}),
        ("?plot=means", {"means", "band"}),
        ("?facet=SEX", {"curve", "band"}),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_draws_the_plot_that_was_asked_for(
    query: str, marks: set[str], scheme: str
) -> None:
    page = e3a06(query)
    for compact in (False, True):
        figure = survival_layout.figure(page, scheme, compact)
        assert marks <= {t.get("meta") for t in figure["data"]}
        assert figure["layout"]["height"] > 200
        assert figure["layout"]["showlegend"] is False
