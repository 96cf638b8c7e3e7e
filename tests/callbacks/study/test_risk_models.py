"""What the controls of the risk models page ask for."""

from __future__ import annotations

from callbacks.controls import Controls
from callbacks.study.risk_models import view_from
from components.risk_models.layout import control_values
from services.pages.risk_models.page import minimal_view, risk_models_page
from services.views.study import View, decode
from tests.studies import bundled


def test_controls_give_back_the_view_they_show() -> None:
    for query in ("", "models=MAYO2008,MAYO2018&unit=years"):
        page = risk_models_page(bundled(), decode(query))
        controls = Controls(decode(query), control_values(page))
        again = risk_models_page(bundled(), view_from(bundled(), controls))
        assert minimal_view(bundled(), again.view) == minimal_view(bundled(), page.view)
        assert not controls.wrong


def test_the_same_model_twice_swaps_the_two() -> None:
    page = risk_models_page(bundled(), View())
    first, second = page.view.models
    for changed in ({"first": second}, {"second": first}):
        controls = Controls(View(), control_values(page) | changed)
        assert view_from(bundled(), controls).models == (second, first)
