"""The page of states as it stands. Oracle: the record, and words read aloud."""

from __future__ import annotations

from dataclasses import replace

from components.island import to_html
from components.states import layout
from components.states.table import left_out, numbers
from services.pages.states.page import states_page
from services.views.study import View, decode
from tests.courses import course, study_of
from tests.studies import bundled, two_arms

FILES = ("json", "csv", "data.csv", "py", "R", "figure.json")


def test_the_answer_stands_first_and_says_that_the_patients_are_simulated() -> None:
    page = states_page(bundled("aquila"), View())
    said = str(layout.words(page, FILES, 400, 200))
    assert "48.3 months free of progression (36.5 on active monitoring)" in said
    assert "these are simulated patients" in said
    assert "cumulative incidence" not in said.lower()


def test_settings_hold_what_the_view_says() -> None:
    page = states_page(bundled("aquila"), decode("?tau=48&facet=SEX&stateplot=lines&level=0.9"))
    values = layout.control_values(page)
    assert (values["tau"], values["facet"], values["stateplot"]) == ("48", "SEX", "lines")
    assert (values["level"], values["at"]) == ("0.9", "12, 24, 36, 48, 60")


def test_an_image_has_its_head_and_the_rule() -> None:
    page = states_page(bundled("e3a06"), View())
    drawn = str(layout.image(page)["layout"]["annotations"])
    assert "E3A06. Simulated patients" in drawn
    assert "nobody goes back" in drawn.replace("<br>", " ")


def test_a_study_without_states_says_why() -> None:
    said = str(layout.words(states_page(two_arms(), View()), FILES, 10, 10))
    assert "no endpoint that is one of death" in said


def test_numbers_have_the_difference_under_the_arms() -> None:
    html = to_html(numbers(states_page(bundled("aquila"), View())))
    assert "+11.7" in html
    assert "Probability in state at 60 months" in html
    assert "At 12, 24, 36 and 48 months" in html


def test_left_out_patients_are_listed() -> None:
    wrong = [("PFS", 60, True, "Progression"), ("FLT", 50, False, ""), ("OS", 50, True, "Death")]
    page = states_page(study_of([("A", course(3)), ("A", wrong), ("B", course())]), View())
    html = to_html(left_out(page))
    assert "1 patient is not counted" in html
    assert "PFS event on day 60, after death on day 50" in html
    assert left_out(states_page(bundled("e3a06"), View())) is None
    many = to_html(left_out(replace(page, contradictions=page.contradictions * 60)))
    assert many.count("after death") == 50
    assert "60 patients are not counted" in many
    assert "all of them in the JSON" in many
