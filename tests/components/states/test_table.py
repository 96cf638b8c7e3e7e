"""The tables of the page of states. Oracle: the record's own numbers, counted by hand."""

from __future__ import annotations

from components.island import to_html
from components.states.table import chart_table, moves_table, numbers
from services.pages.states.page import states_page
from services.views.study import View, decode
from tests.courses import course, study_of
from tests.studies import bundled


def test_moves_are_counted_by_arm() -> None:
    html = to_html(moves_table(states_page(bundled("aquila"), View())))
    assert "Progressed, untreated → First-line treatment" in html
    assert html.index("54") < html.index("84")


def test_the_chart_as_a_table_has_each_arm_and_tick() -> None:
    page = states_page(bundled("aquila"), decode("?ticks=30"))
    html = to_html(chart_table(page))
    assert html.count("<table") == 2
    assert html.count("100.0%") == 2  # both arms at 0


def test_a_state_that_nobody_was_in_has_no_interval() -> None:
    page = states_page(study_of([("A", course(end=100))] * 6), decode("?unit=days&at=50&tau=90"))
    html = to_html(numbers(page))
    assert "nobody in this state: no interval" in html
    assert "NaN" not in html
