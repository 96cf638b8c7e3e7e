"""The page that asks what columns mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.pages.mapping.page import mapping_page
from services.pages.mapping.records import Readings
from services.reading.mapping import Mapping
from tests.uploads import PLAIN, importer, rows, send


def test_the_page_says_what_is_missing_and_previews(tmp_path: Path) -> None:
    reader = importer(tmp_path)
    draft = send(reader, {"t.csv": PLAIN.encode()})
    page = mapping_page(reader.store, draft.id)
    assert page.draft
    assert page.events == ("Dead",)
    assert (page.unit, page.problem) == ("weeks", None)
    assert page.preview is not None
    # The file's own number and unit, its own word, and what it is taken for.
    assert page.preview.rows[0] == ("P1", "Time to event", "A", "10 weeks", "Dead", "Event")
    assert page.readings == Readings("status", (("Alive", 1), ("Dead", 2)), ("Dead",))
    assert page.preview.counts == (("Time to event", 3, 2, 1),)
    no_arm = Mapping(adtte={"AVAL": "WEEKS", "CNSR": "STATUS"}, events=("Dead",))
    for mapping, words in (
        (Mapping(), "for the time"),
        (Mapping(adtte={"AVAL": "WEEKS"}), "event or censoring"),
        (no_arm, "for the arm"),
        (Mapping(adtte={**no_arm.adtte, "TRTP": "GROUP"}), "values of status"),
        (
            Mapping(adtte={**no_arm.adtte, "TRTP": "GROUP"}, events=("Dead",)),
            "the unit of the times",
        ),
    ):
        problem = mapping_page(reader.store, draft.id, mapping).problem
        assert problem is not None
        assert words in problem.message


@pytest.mark.parametrize(
    ("name", "status", "events", "counts"),
    [
        ("censored", ["1", "0", "1"] * 8, ("0",), (("0", 8), ("1", 16))),
        ("status", ["A", "B", "B"] * 8, (), (("A", 8), ("B", 16))),
        ("event", ["0", "1", "2", "2"] * 6, (), (("0", 6), ("1", 6), ("2", 12))),
        ("dead", ["TRUE", "FALSE"] * 6, ("1",), (("0", 6), ("1", 6))),
    ],
)
def test_what_is_unsure_is_asked_with_both_readings(
    tmp_path: Path,
    name: str,
    status: list[str],
    events: tuple[str, ...],
    counts: tuple[tuple[str, int], ...],
) -> None:
    reader = importer(tmp_path)
    page = mapping_page(reader.store, send(reader, {"t.csv": rows(status, name)}).id)
    assert page.events == events
    assert page.readings is not None
    assert (page.readings.rows, page.readings.chosen) == (counts, events)
    if events:
        assert page.preview is not None
        assert page.preview.rows[0][3] == "0.5 months"
    else:
        assert page.problem is not None
        assert page.problem.message == f"Which values of {name} indicate the event?"


COURSES = """USUBJID,TRTP,PARAMCD,PARAM,AVAL,AVALU,CNSR,EVNTDESC
P1,A,X1,Progression-free survival,30,DAYS,0,Progression
P1,A,X2,Start of first-line therapy,50,DAYS,0,
P1,A,X3,Overall survival,90,DAYS,0,Death
P2,B,X1,Progression-free survival,80,DAYS,1,
P2,B,X2,Start of first-line therapy,80,DAYS,1,
P2,B,X3,Overall survival,80,DAYS,1,
"""


def test_endpoints_of_states_are_found_by_label_and_can_be_corrected(tmp_path: Path) -> None:
    reader = importer(tmp_path)
    sent = send(reader, {"adtte.csv": COURSES.encode()})
    page = mapping_page(reader.store, sent.id)
    assert page.by_name == {"progression": "X1", "treatment": "X2", "death": "X3"}
    assert page.model is not None
    assert dict(page.model.arms).keys() == {"A", "B"}
    assert sorted(page.model.moves[0, 1]) == [0, 1]
    said = dict(reader.store.get(sent.id).report.mapped)["States"]
    assert said == (
        "Progressed, untreated: X1 (by its name); First-line treatment: X2 (by its name);"
        " Died: X3 (by its name)"
    )
    corrected = Mapping(states={"treatment": "none"})
    page = mapping_page(reader.store, sent.id, corrected)
    assert page.model is not None
    assert page.model.states == ("Free of progression", "Progressed", "Died")
    reader.store.set_mapping(sent.id, corrected)
    assert reader.store.get(sent.id).states == (("treatment", "none"),)
    wrong = mapping_page(reader.store, sent.id, Mapping(states={"death": "X9"}))
    assert wrong.problem is not None
    assert "no endpoint 'X9'" in wrong.problem.message
