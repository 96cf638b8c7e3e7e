"""What takes long is said to first. Oracle: times measured once, and pages that were not made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from services.errors import UserError
from services.pages import cache, cost
from services.pages.survival.page import survival_page
from services.study.model import Study
from services.views.link import study_link
from services.views.study import View
from tests.studies import bundled, two_arms


class Many:
    """As many patients as are said, without their rows."""

    def __init__(self, n: int, rows: Any) -> None:
        self.n, self.rows = n, rows

    def __len__(self) -> int:
        return self.n

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows, name)

    def __getitem__(self, name: Any) -> Any:
        return self.rows[name]


def large(patients: int) -> Study:
    study = bundled()
    rows: Any = Many(patients, study.subjects)
    few = study.adverse_events.head(10) if study.adverse_events is not None else None
    return replace(study, subjects=rows, adverse_events=few, sha256=f"large {patients}")


# Seconds of processor time of simulated studies, by hand.
MEASURED = [
    ("survival", 300_000, View(), 2.5),
    ("survival", 300_000, View(plot="hazards"), 3.2),
    ("survival", 300_000, View(adjust=("SEX", "AGE")), 13.1),
    ("states", 20_000, View(), 2.7),
    ("states", 20_000, View(facet="SEX"), 5.0),
    ("benefit-risk", 20_000, View(), 2.8),
    ("risk-models", 300_000, View(), 2.4),
]


@pytest.mark.parametrize(("name", "patients", "view", "seconds"), MEASURED)
def test_estimates_are_near_what_was_measured(
    name: str, patients: int, view: View, seconds: float
) -> None:
    about = cost.estimate(name, large(patients), view)
    assert seconds / 2.6 < about < 2.6 * seconds


def test_adverse_events_and_their_terms_count() -> None:
    # Measured: 0.9 s for 80,000 events of 6,000 terms of 20,000 patients, 1,500 of them listed.
    events = pd.DataFrame({"AEDECOD": [f"Term {i % 6000}" for i in range(80_000)]})
    study = replace(large(20_000), adverse_events=events, sha256="events")
    assert 0.9 / 2.6 < cost.estimate("safety", study, View()) < 0.9 * 2.6


def test_what_a_study_does_not_have_costs_nothing() -> None:
    study = replace(two_arms(), subjects=large(1_000_000).subjects, sha256="no states, no events")
    assert cost.estimate("survival", study, View()) == 10
    for name in ("states", "safety", "benefit-risk"):
        assert cost.estimate(name, study, View()) == 0


def test_a_small_study_is_never_asked_about() -> None:
    view = View(adjust=("A",) * 50, facet="X", plot="types")
    assert cost.estimate("states", two_arms(), view) == 0


def test_a_long_answer_is_made_only_for_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    study = two_arms()
    made: list[str] = []

    def estimate(name: str, _study: Study, _view: View) -> float:
        made.append(name)
        return 44.0

    monkeypatch.setattr(cost, "estimate", estimate)
    asked = View(level=0.97)
    with pytest.raises(UserError, match=r"takes about 40 seconds: the study has \d+ pat") as caught:
        survival_page(study, asked)
    assert "wait=yes" in caught.value.hint
    assert (caught.value.asks, caught.value.status) == ("wait", 422)
    # A page says so too, and leaves no value of its link out instead.
    with pytest.raises(UserError, match="about 40 seconds"):
        study_link("?level=0.97", lambda view: survival_page(study, view))
    page = survival_page(study, replace(asked, wait="yes"))
    assert (page.view.wait, page.address.wait) == ("yes", "yes")
    assert page.view.level == 0.97
    assert made == ["survival", "survival"]
    # What is known is not computed: nobody is asked.
    assert survival_page(study, asked).answer == page.answer
    cache.forget(study)
    with pytest.raises(UserError):
        survival_page(study, asked)
