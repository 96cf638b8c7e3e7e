"""Labels as headers. Oracle: the same study with CDISC's names."""

from __future__ import annotations

import pandas as pd
import pytest

from services.reading.build import build
from services.reading.files import role_by_columns
from services.reading.formats.read import read_table
from services.reading.guess import guess
from services.reading.mapping import Mapping, is_plain
from services.uploads.assemble import assemble

ROWS = "P1,OS,Overall survival,10,DAYS,0,A\nP2,OS,Overall survival,20,DAYS,1,B\n"
NAMED = "USUBJID,PARAMCD,PARAM,AVAL,AVALU,CNSR,TRTP\n"
LABELED = (
    "Unique Subject Identifier,Parameter Code,Parameter,Analysis Value,Analysis Value Unit,Censor,"
    "Planned Treatment\n"
)


@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_labels_are_the_columns_they_stand_for(case: type[str]) -> None:
    named = build(None, read_table((NAMED + ROWS).encode(), "adtte.csv"), None, id="t")
    table = read_table((case(LABELED) + ROWS).encode(), "times.csv")
    assert not is_plain(table)
    assert role_by_columns(table) == "adtte"
    assert dict(guess(table, "adtte").adtte)["AVAL"] == "AVAL"
    labeled = build(None, table, None, id="t")
    pd.testing.assert_frame_equal(named.times, labeled.times)
    assert named.arms == labeled.arms


def test_a_column_is_named_by_its_header_or_its_name() -> None:
    table = read_table((LABELED + ROWS).encode(), "times.csv")
    for column in ("Analysis Value", "AVAL"):
        mapping = Mapping(adtte={"AVAL": column.upper()}, unit="weeks")
        assert assemble("t", {"adtte": table}, mapping).times["TIME"].tolist() == [70, 140]


def test_words_that_people_use_too_are_labels_only_beside_others() -> None:
    plain = read_table(b"id,time,Censor,arm\n1,5,0,A\n2,6,1,B\n", "t.csv")
    assert is_plain(plain)
    found = guess(plain, "adtte")
    assert (found.adtte["CNSR"], found.events) == ("CENSOR", ("0",))
