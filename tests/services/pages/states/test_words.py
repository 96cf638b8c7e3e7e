"""The sentence of the page of states, read aloud."""

from __future__ import annotations

from services.pages.states.page import states_page
from services.pages.states.words import span
from services.views.study import View, decode
from tests.courses import course, study_of
from tests.studies import bundled


def test_lengths_of_time() -> None:
    assert span(60, "months") == "5 years"
    assert span(30, "months") == "30 months"
    assert span(1, "years") == "1 year"


def test_one_arm_and_three() -> None:
    one = states_page(bundled("mgus2"), View())
    assert one.answer == (
        "Over 20 years, a patient spends on average 110.6 months free of progression,"
        " 2.9 progressed and 126.5 are lost to death."
    )
    assert one.answer_detail == "Time free of progression: 95% CI 106.0 to 115.2 months."
    patients = [(arm, course(10 * i)) for arm in "ABC" for i in range(1, 5)]
    three = states_page(study_of(patients), decode("?unit=days&tau=50"))
    assert three.answer == (
        "Over 50 days, a patient is on average free of progression for 25.0 days on B, 25.0 on"
        " C and 25.0 on A."
    )
    assert "Time free of progression, B minus A: 0.0 days (95% CI −" in three.answer_detail


def test_small_arms_are_cautioned_against() -> None:
    page = states_page(study_of([("A", course(3)), ("B", course())]), View())
    assert "too few to compare" in page.answer_detail
