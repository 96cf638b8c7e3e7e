"""The loop of adverse events, by hand: what must follow from each kind of patient."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.simulate.adverse_events import (
    BLOOD,
    Person,
    Terms,
    draw_events,
    on_treatment,
    pick_severe,
    read_terms,
)
from data.simulate.draw import Draw

TABLE = """
fatal = ["Sepsis", "Stroke"]
fatal_related = true
untreated = [["Cold", 1]]
[classes."Infections and infestations"]
Sepsis = {severe = 1, related = 1}
Cold = {mild = 3, related = 1}
[classes."Blood and lymphatic system disorders"]
Neutropenia = {mild = 1, severe = 2, related = 1}
[classes."Nervous system disorders"]
Stroke = {}
"""
PERSON = Person(key=0, first=3, last=400, alive=900, withdrawn=False, fatal=False)


def terms(folder: Path, text: str = TABLE) -> Terms:
    path = folder / "terms.toml"
    path.write_text(text, "utf-8")
    return read_terms(path)


def test_terms_keep_the_order_of_the_file_and_their_weights(tmp_path: Path) -> None:
    found = terms(tmp_path)
    assert list(found.by_name) == ["Sepsis", "Cold", "Neutropenia", "Stroke"]
    assert found.mild(drug=True) == {"Cold": 3, "Neutropenia": 1}
    assert found.mild(drug=False) == {"Cold": 1}
    assert found.severe(without=BLOOD) == {"Sepsis": 1}
    assert found.severe(within=BLOOD) == {"Neutropenia": 2}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Stroke = {}", "Cold = {}", "Cold stands twice"),
        ("Stroke = {}", "Stroke = {weight = 1}", "Stroke has weight"),
        ('["Cold", 1]', '["Flu", 1]', "Flu stands in no class"),
        ('"Stroke"]', '"Stroll"]', "Stroll stands in no class"),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(ValueError, match=f"terms.toml: {fault}"):
        terms(tmp_path, TABLE.replace(old, new))


def test_without_the_drug_nothing_is_related_to_it(tmp_path: Path) -> None:
    people = [replace(PERSON, key=k) for k in range(50)]
    nothing = on_treatment({}, draw := Draw(1))
    events = draw_events(people, terms(tmp_path), False, lambda p: 4, nothing, draw)
    assert {e.term for e in events} == {"Cold"}
    assert {(e.related, e.action) for e in events} == {(False, "NOT APPLICABLE")}
    assert {e.grade for e in events} == {1, 2}
    assert [e.key for e in events] == sorted(e.key for e in events)


def test_planned_events_fall_on_days_of_treatment(tmp_path: Path) -> None:
    people = [replace(PERSON, key=k) for k in range(50)]
    plan = {k: [("Neutropenia", 4), ("Sepsis", 3)] for k in range(50)}
    planned = on_treatment(plan, draw := Draw(2))
    events = draw_events(people, terms(tmp_path), True, lambda p: 0, planned, draw)
    severe = [e for e in events if e.grade >= 3]
    assert len(severe) == 100
    assert all(PERSON.first < e.start <= PERSON.last and e.related for e in severe)
    # a low count is not serious by itself
    assert not any(e.serious for e in severe if e.soc == BLOOD)
    for k in range(50):
        days = [e.start for e in events if e.key == k]
        assert days == sorted(days)


def test_who_stopped_for_toxicity_has_one_event_that_ended_treatment(tmp_path: Path) -> None:
    people = [replace(PERSON, key=k, withdrawn=True) for k in range(30)]
    planned = on_treatment({k: [("Sepsis", 3)] for k in range(30)}, draw := Draw(3))
    events = draw_events(people, terms(tmp_path), True, lambda p: 3, planned, draw)
    ended = [e for e in events if e.action == "DRUG WITHDRAWN"]
    assert [e.key for e in ended] == list(range(30))
    assert {(e.term, e.grade, e.related) for e in ended} == {("Sepsis", 3, True)}
    assert all(PERSON.last - 9 <= e.start <= PERSON.last for e in ended)
    # it is the planned one, not one more
    assert sum(e.grade == 3 for e in events) == 30


@pytest.mark.parametrize(
    ("drug", "action"), [(True, "DRUG INTERRUPTED"), (False, "NOT APPLICABLE")]
)
def test_deaths_take_their_terms_by_turns(tmp_path: Path, drug: bool, action: str) -> None:
    people = [replace(PERSON, key=k, fatal=True) for k in range(3)]
    nothing = on_treatment({}, draw := Draw(4))
    events = draw_events(people, terms(tmp_path), drug, lambda p: 0, nothing, draw)
    fatal = [e for e in events if e.grade == 5]
    assert [e.term for e in fatal] == ["Sepsis", "Stroke", "Sepsis"]
    assert {(e.related, e.action, e.start, e.end) for e in fatal} == {(drug, action, 895, 900)}


def test_severe_events_are_of_survivors() -> None:
    people = [replace(PERSON, key=k, fatal=k < 5) for k in range(10)]
    assert sorted(pick_severe(people, 5, Draw(5))) == [5, 6, 7, 8, 9]
