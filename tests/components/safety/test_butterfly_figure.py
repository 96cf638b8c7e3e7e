"""The worst grades as bars: what is drawn adds up to the record's percentages."""

from __future__ import annotations

import pytest

from components.safety.butterfly_figure import butterfly_figure
from components.safety.figure import shades
from tests.components.figures import traces
from tests.components.safety.pages import page


def test_the_butterfly_adds_up_to_the_percentages():
    found = page("section=grades")
    figure = butterfly_figure(found, "light", False)
    bars = traces(figure, "grade")
    for arm in ("Lenalidomide", "Observation"):
        mine = [b for b in bars if b["name"].startswith(arm)]
        assert len(mine) == 5
        total = [sum(values) for values in zip(*(b["x"] for b in mine), strict=True)]
        assert total == pytest.approx([r.arms[arm].percent for r in found.leading[: len(total)]])
    assert figure["layout"]["xaxis"]["range"][0] > figure["layout"]["xaxis"]["range"][1]
    assert shades(5) == (0.22, 0.42, 0.62, 0.82, 1.0)
