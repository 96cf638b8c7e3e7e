"""The page of states and its controls. Oracle: the view that each setting asks for."""

from __future__ import annotations

import flask
import pytest

from callbacks.controls import Controls
from callbacks.study import states
from components.states.layout import control_values
from services.pages.states.page import minimal, states_page
from services.views.study import View, decode
from tests.studies import bundled, two_arms


@pytest.mark.parametrize("query", ["", "?tau=48&facet=SEX&stateplot=lines", "?unit=years&at=2,4"])
def test_controls_ask_for_the_view_they_were_set_to(query: str) -> None:
    study = bundled("aquila")
    page = states_page(study, decode(query))
    asked = states.view_from(study, Controls(page.view, control_values(page)))
    assert minimal(study, asked).query == query
    values = {**control_values(page), "reference": "Daratumumab", "tau": "-1"}
    turned = Controls(page.view, values, "tau", control_values(page))
    assert states.view_from(study, turned).arms[0] == "Daratumumab"
    assert set(turned.wrong) == {"tau"}


def test_a_tablet_has_the_arms_one_under_the_other() -> None:
    page = states_page(bundled("aquila"), View())
    tops = {}
    for told in ("0", "1"):
        with flask.Flask(__name__).test_request_context(headers={"Cookie": f"tablet={told}"}):
            drawn = states.graph(page, "light", False)["layout"]
        tops[told] = drawn["yaxis"]["domain"][1] == drawn["yaxis2"]["domain"][1]
    assert tops == {"0": True, "1": False}


def test_only_studies_with_states_have_the_tab() -> None:
    assert states.PAGE.shown(bundled("mgus2"))
    assert not states.PAGE.shown(two_arms())
