"""Entry times are read, and what is no entry time is refused by its row. Oracle: small tables."""

from __future__ import annotations

import pytest

from services.errors import UserError
from services.reading.mapping import apply, parse_mapping
from tests.services.reading.tables import build, messages, table, tte

HEAD = "USUBJID,TRTP,PARAMCD,AVAL,AVALU,CNSR,ENTRY"
ROWS = """
S1,Drug,PFS,5,MONTHS,0,0
S2,Drug,PFS,8,MONTHS,1,2
S3,Placebo,PFS,6,MONTHS,0,-1
S4,Placebo,PFS,9,MONTHS,0,1.5
S1,Drug,OS,9,MONTHS,1,
S2,Drug,OS,9,MONTHS,1,
"""


def test_in_the_unit_of_the_times_and_only_where_somebody_enters_late() -> None:
    study = build(tte(ROWS, HEAD), None)
    times = study.times.set_index(["PARAMCD", "USUBJID"])["ENTRY"]
    assert (times.loc["PFS"] / 30.4375).round(6).to_dict() == {"S1": 0, "S2": 2, "S3": 0, "S4": 1.5}
    assert times.loc["OS"].tolist() == [0, 0]
    assert (study.delayed("PFS"), study.delayed("OS")) == (2, 0)
    assert ("Entry of PFS", "ENTRY of t.csv: 2 patients enter late") in [
        (a, b.replace("adtte.csv", "t.csv")) for a, b in study.report.mapped
    ]
    assert "ENTRY before the start counts as the start. [1]" in messages(study)
    assert "ENTRY" not in study.subjects
    assert "looks like a time of entry" not in messages(study)


def test_dates_are_counted_from_the_start() -> None:
    head = "USUBJID,TRTP,PARAMCD,STARTDT,ENTRYDT,ADT,AVAL,AVALU,CNSR"
    rows = """
    S1,Drug,OS,2020-01-01,2020-01-01,2020-02-01,32,DAYS,0
    S2,Placebo,OS,2020-01-01,2020-01-11,2020-01-11,11,DAYS,0
    """
    study = build(tte(rows, head), None)
    assert study.times["ENTRY"].tolist() == [0, 10]  # observed for a day
    bare = tte(rows, head).replace("STARTDT", "BEGIN")
    with pytest.raises(UserError, match="ENTRYDT holds dates, and no date says when") as refused:
        build(bare, None)
    assert "STARTDT" in refused.value.hint


def test_an_entry_that_is_not_before_the_end_is_refused() -> None:
    text = tte(ROWS.replace("0,1.5", "0,9").replace("1,2\n", "1,9\n"), HEAD)
    with pytest.raises(UserError) as refused:
        build(text, None)
    assert refused.value.message == (
        "adtte.csv: ENTRY is not before the end of the time in 2 records: S2, row 2: ENTRY 9,"
        " AVAL 8; S4, row 4: ENTRY 9, AVAL 9."
    )
    assert "correct these values" in refused.value.hint
    with pytest.raises(UserError, match="ENTRY is no time in 1 record: S4, row 4: soon"):
        build(tte(ROWS.replace("0,1.5", "0,soon"), HEAD), None)


def test_a_column_that_is_called_so_by_chance_is_left_alone() -> None:
    text = tte(ROWS.replace(",2\n", ",clinic\n").replace(",0\n", ",ward\n"), HEAD)
    words = text.replace(",-1\n", ",ward\n").replace(",1.5\n", ",ward\n")
    assert "ENTRY" not in build(words, None).times


def test_a_record_without_entry_is_left_out_as_by_r() -> None:
    study = build(tte(ROWS.replace("0,1.5", "0,"), HEAD), None)
    assert study.times["USUBJID"].tolist() == ["S1", "S2", "S3", "S1", "S2"]
    assert "PFS: records without ENTRY left out: S4. [1]" in messages(study, "warning")


def test_a_column_of_another_name_is_named_in_study_toml_or_on_the_page() -> None:
    text = tte(ROWS, HEAD.replace("ENTRY", "TSTART"))
    assert "ENTRY" not in build(text, None).times
    assert 'write entry = "TSTART" in study.toml' in str(build(text, None).report.findings)
    assert build(text, None, entry="tstart").delayed("PFS") == 2
    with pytest.raises(UserError, match=r"study.toml: entry: adtte.csv has no column NONE"):
        build(text, None, entry="none")
    said = parse_mapping({"adtte": {"ENTRY": "TSTART"}})
    made, lines = apply(said, {"adtte": table(text, "adtte.csv")})
    assert made["adtte"].frame["ENTRY"].tolist()[:2] == [0, 2]
    assert ("Entry into observation", "TSTART of adtte.csv, set on the page") in lines


def test_types_of_event_are_left_out_with_entry_times() -> None:
    kinds = ["CRAB", "", "CRAB", "Death", "", ""]
    rows = "\n".join(map("{},{}".format, ROWS.strip().split("\n"), kinds))
    study = build(tte(rows, HEAD + ",EVNTTYPE"), None)
    assert study.endpoint("PFS").type_column is None
    assert "PFS has entry times: types of event" in messages(study, "warning")
