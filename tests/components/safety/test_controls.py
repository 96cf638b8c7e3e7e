"""Controls of the safety page give back the view that they show."""

from __future__ import annotations

import pytest

from callbacks.controls import Controls
from callbacks.study import safety
from components.safety.controls import control_values
from services.pages.defaults import minimal_pair
from services.pages.safety.page import safety_page
from services.views.study import decode
from tests.studies import bundled


@pytest.mark.parametrize(
    "query",
    ["", "section=grades&order=name", "only=related&least=5&q=rash", "effect=odds&level=0.9",
     "arms=Lenalidomide,Observation", "section=time&term=Fatigue&timeplot=prevalence&unit=years"],
)  # fmt: skip
def test_controls_give_back_the_view_they_show(query):
    page = safety_page(bundled(), decode(query))
    controls = Controls(decode(query), control_values(page))
    view = safety.view_from(bundled(), controls)
    assert not controls.wrong
    assert minimal_pair(bundled(), safety_page(bundled(), view).view) == minimal_pair(
        bundled(), page.view
    )
