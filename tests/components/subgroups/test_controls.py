"""Controls of the forest. Oracle: the page and the study's variables."""

from __future__ import annotations

from html import escape

import pytest

from components.island import to_html
from components.subgroups.controls import (
    MARK_WORDS,
    action,
    addable,
    control_values,
    mark,
    strata_options,
    variable_list,
)
from tests.components.subgroups.drawn import page_of


def test_a_variable_is_shown_or_can_be_added() -> None:
    page = page_of("?by=SEX,AGEGR1")
    shown, offered = [v.name for v in page.variables], [o["value"] for o in addable(page)]
    assert shown == ["SEX", "AGEGR1"]
    assert not {*shown} & {*offered}
    assert {*shown} | {*offered} == {v.name for v in page.choices}
    assert {o["value"] for o in strata_options(page)} == {v.name for v in page.choices}
    listed = to_html(variable_list(page))
    assert all(escape(v.label) in listed for v in page.variables)


def test_controls_hold_the_view() -> None:
    values = control_values(page_of("?min_events=3&per_arm=landmark&sort=name&strata=SEX"))
    assert values["min_events"] == "3"
    assert (values["per_arm"], values["sort"], values["strata"]) == ("landmark", "name", ["SEX"])
    assert (values["reference"], values["arm"]) == ("Observation", "Lenalidomide")


@pytest.mark.parametrize("word", MARK_WORDS)
def test_a_mark_explains_itself(word: str) -> None:
    made = to_html(mark(word))
    assert word in made
    assert escape(MARK_WORDS[word]).split("“")[0][:30] in made


def test_what_a_study_writes_is_text_in_a_button() -> None:
    made = to_html(action("fold", '"><b>', "<i>", "Fold <x>"))
    assert "<b>" not in made
    assert "<i>" not in made
    assert 'data-forest="fold"' in made
