"""The preview of an upload. Oracle: its lines, read by hand."""

from __future__ import annotations

from services.pages.mapping.preview import model_preview, preview, readings
from services.reading.formats.read import read_table
from services.reading.formats.table import Table
from services.reading.mapping import Mapping, apply
from services.uploads.assemble import assemble
from tests.courses import course, study_of
from tests.studies import two_arms

LINES = "id,time,status,arm\n1,1,PD,A\n2,0,SD,B\n3,-3,PD,A\n4,24.25,SD,B\n5,,PD,A\n6,2,,A\n"
MAPPING = Mapping(
    adtte={"USUBJID": "ID", "AVAL": "TIME", "CNSR": "STATUS", "TRTP": "ARM"},
    events=("PD",),
    unit="months",
)


def table(text: str = LINES) -> Table:
    return read_table(text.upper().encode(), "t.csv")


def test_each_row_is_shown_as_the_file_has_it_and_as_it_is_understood() -> None:
    tables = {"adtte": table()}
    study = assemble("x", tables, MAPPING)
    found = preview(study, apply(MAPPING, tables)[0]["adtte"], tables["adtte"], "STATUS", "")
    assert [row[3:] for row in found.rows] == [
        ("1 month", "PD", "Event"),
        ("0", "SD", "Censored"),
        ("-3", "PD", "Left out"),
        ("24.25 months", "SD", "Censored"),
        ("", "PD", "Left out"),
        ("2", "", "Left out"),
    ]
    assert found.counts == (("Time to event", 3, 1, 2),)
    assert set(found.arms) == {("A", 4), ("B", 2)}


def test_a_code_in_two_spellings_is_the_one_endpoint_it_is_counted_in() -> None:
    text = "usubjid,paramcd,aval,avalu,cnsr,trtp\n1,OS,1,days,0,A\n2,OS,2,days,1,A\n"
    written = f"{text.upper()}3,os,3,DAYS,0,A\n"
    times = read_table(written.encode(), "t.csv")
    study = assemble("x", {"adtte": times}, Mapping())
    found = preview(study, apply(Mapping(), {"adtte": times})[0]["adtte"], times, "CNSR", "")
    assert found.counts == (("OS", 3, 2, 1),)
    assert [row[5] for row in found.rows] == ["Event", "Censored", "Event"]


def test_rows_are_counted_by_the_words_of_the_file() -> None:
    found = readings(table(), "STATUS", ["PD"])
    assert found is not None
    assert (found.rows, found.chosen) == ((("PD", 3), ("SD", 2)), ("PD",))
    assert readings(table(), "NOWHERE", []) is None
    many = table("id,time,status,arm\n" + "".join(f"{i},{i},w{i},A\n" for i in range(20)))
    assert readings(many, "STATUS", []) is None


def test_of_cnsr_0_is_the_event() -> None:
    found = readings(table("id,cnsr\na,0\nb,1\nc,2\n"), "CNSR", [])
    assert found is not None
    assert (found.rows, found.chosen) == ((("0", 1), ("1", 1), ("2", 1)), ("0",))


def test_the_model_of_states_is_counted_by_arm() -> None:
    wrong = [("PFS", 60, True, "Progression"), ("FLT", 50, False, ""), ("OS", 50, True, "Death")]
    study = study_of([("A", course(3, 5, 9)), ("B", course(4)), ("B", course()), ("A", wrong)])
    found = model_preview(study)
    assert found is not None
    assert len(found.states) == 4
    assert [name for name, _ in found.arms] == ["B", "A"]  # the reference last
    went = {way: counts for way, counts in found.moves.items() if any(counts)}
    assert went == {(0, 1): (1, 1), (1, 2): (0, 1), (2, 3): (0, 1)}
    assert len(found.moves) == 6
    assert found.told[1] == ("First-line treatment", "Time to first-line treatment")
    assert found.left_out == "1 patient whose endpoints contradict each other"
    assert model_preview(two_arms()) is None
