"""Columns guessed by their names. Oracle: the names that people use."""

from __future__ import annotations

import pytest

from services.reading.formats.read import read_table
from services.reading.guess import guess


@pytest.mark.parametrize(
    ("header", "rows", "expected", "events"),
    [
        ("patient,weeks,status,group", ["P1,10,Dead,A", "P2,20,Alive,B"],
         {"USUBJID": "PATIENT", "AVAL": "WEEKS", "CNSR": "STATUS", "TRTP": "GROUP"}, ("Dead",)),
        ("id,time,event,rx", ["1,5,0,a", "2,6,1,b"],
         {"USUBJID": "ID", "AVAL": "TIME", "CNSR": "EVENT", "TRTP": "RX"}, ("1",)),
        ("time,status,arm", ["5,1,a", "6,2,b"],
         {"AVAL": "TIME", "CNSR": "STATUS", "TRTP": "ARM"}, ("2",)),
        ("x,y", ["1,2", "3,4"], {}, ()),
        ("USUBJID,AVAL,CNSR,TRTP", ["a,1,0,x", "b,2,1,y"],
         {"USUBJID": "USUBJID", "AVAL": "AVAL", "CNSR": "CNSR", "TRTP": "TRTP"}, ()),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(
    header: str, rows: list[str], expected: dict[str, str], events: tuple[str, ...]
) -> None:
    found = guess(read_table("\n".join([header, *rows, ""]).encode(), "t.csv"), "adtte")
    assert dict(found.adtte) == expected
    assert found.events == events
