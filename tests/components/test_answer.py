"""What stands first on a page: published results, then the answer, marked if it was made up."""

from __future__ import annotations

from typing import Any

import pytest

from components.answer import answer, arm_chip, stand_back
from components.island import to_html
from components.safety import layout as safety_layout
from components.subgroups import layout as subgroups_layout
from components.survival.what_if import what_if_card
from services.pages.records import MadeUp
from services.pages.risk_models.page import risk_models_page
from services.pages.safety.page import safety_page
from services.pages.subgroups.page import subgroups_page
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.views.study import View, decode
from tests.components.text import text
from tests.studies import as_such, bundled

MARK = MadeUp("anything", "Publications report no anything; what follows is made up.")


def test_published_results_stand_before_the_simulated_answer() -> None:
    html = to_html(answer(survival_page(bundled(), View())))
    published, own = html.index("HR 0.28 (0.12 to 0.62)"), html.index("At 36 months, 91%")
    assert html.index("Published") < published < html.index("In the simulated patients") < own
    assert "Lonial 2020" in html[:own]
    assert "made-up" not in html


def test_what_was_made_up_stands_under_a_band() -> None:
    html = to_html(answer(safety_page(bundled(), View())))
    assert html.index('class="made-up"') < html.index("report no adverse-event data")
    assert "36.5 points" not in html
    # Nothing to compare, so no sentence: the one arm's numbers are marked all the same.
    alone = survival_page(bundled(), decode("f.RACE=ASIAN"))
    assert alone.answer == ""
    assert 'class="made-up"' in to_html(answer(alone))
    nobody = survival_page(bundled(), decode("f.AGE=10..20"))
    assert "made-up" not in to_html(answer(nobody))


@pytest.mark.parametrize("make", [survival_page, subgroups_page, risk_models_page])
@pytest.mark.parametrize("study", [bundled("aquila"), as_such("aquila")], ids=["made-up", "own"])
def test_what_reconsidered_times_changed_is_said_once_at_the_top(make: Any, study: Study) -> None:
    page = make(study, decode("ice=FLT:event"))
    assert page.what_if is not None
    words = text(answer(page))
    assert words.count(page.what_if.sentence) == 1
    if make is survival_page:
        assert page.what_if.sentence not in text(what_if_card(page))


def test_a_study_that_stands_for_no_trial_has_neither() -> None:
    html = to_html(answer(survival_page(bundled("mgus2"), View())))
    assert "Published" not in html
    assert "simulated" not in html
    assert answer(survival_page(as_such(), decode("f.AGE=..1"))) == []


def test_only_arms_without_published_events_are_marked() -> None:
    assert arm_chip(bundled(), "Lenalidomide") is None
    assert "Illustrative" in to_html(arm_chip(bundled(), "Observation"))
    assert arm_chip(bundled("aquila"), "Active monitoring") is None
    assert arm_chip(as_such(), "Observation") is None


def test_intervals_of_what_was_made_up_stand_back() -> None:
    page = subgroups_page(bundled(), View())
    faded = [
        t["meta"] for t in subgroups_layout.figure(page, "light", False)["data"] if "opacity" in t
    ]
    assert "interval" in faded
    plain = subgroups_layout.figure(subgroups_page(as_such(), View()), "light", False)
    assert not any("opacity" in t for t in plain["data"] if t.get("meta") == "interval")
    assert stand_back({"data": [{"meta": "curve"}]}, MARK) == {"data": [{"meta": "curve"}]}
    assert stand_back({"data": [{"meta": "band"}]}, None) == {"data": [{"meta": "band"}]}
    assert safety_layout.figure(safety_page(bundled("aquila"), View()), "light", False)["data"]
