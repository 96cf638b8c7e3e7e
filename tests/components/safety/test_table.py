"""Tables of the safety page. Oracle: the record, and studies made by hand."""

from __future__ import annotations

import re

from components.island import to_html
from components.safety import table
from components.safety.table import grades_table, overview, terms_table
from tests.adverse_events import ADAE, synthetic, tiny
from tests.components.safety.pages import page


def test_tables_are_plain_html_and_escape_what_studies_write():
    study = tiny(ADAE.replace("Anemia", "<b>Anemia</b>"))
    found = page("open=*", study)
    html = to_html(terms_table(found))
    assert "<b>Anemia</b>" not in html
    assert "&lt;b&gt;Anemia&lt;/b&gt;" in html
    assert 'aria-expanded="true"' in html


def test_the_overview_says_what_is_not_recorded():
    html = to_html(overview(page("", synthetic((1, 2), (5, 5)))))
    assert "Not given: action taken is not recorded (AEACN)" in html


def test_classes_open_one_by_one_or_all():
    closed = to_html(terms_table(page()))
    assert "Neutropenia" not in closed
    one = to_html(terms_table(page("open=Blood and lymphatic system disorders")))
    assert "Neutropenia" in one
    assert "Fatigue" not in one
    assert "Fatigue" in to_html(terms_table(page("open=*")))


def test_the_grades_table_has_a_column_for_events_without_a_grade():
    assert "No grade" in to_html(grades_table(page("section=grades", tiny())))
    assert "No grade" not in to_html(grades_table(page("section=grades")))


def test_a_class_beyond_what_is_drawn_says_how_many_it_has(monkeypatch):
    every = to_html(terms_table(page("open=*"))).count("term-link")
    monkeypatch.setattr(table, "MOST_TERMS", 5)
    html = to_html(terms_table(page("open=*")))
    assert html.count("term-link") == 5
    left = re.findall(r">(\d+) more terms?: close other classes", html)
    assert 5 + sum(map(int, left)) == every
