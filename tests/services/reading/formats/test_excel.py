"""Excel workbooks. Oracle: the cells that openpyxl was given."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from services.errors import UserError
from services.reading.formats import excel
from services.reading.formats.read import read_table
from tests.study_writers import workbook

DAY = dt.datetime(2020, 2, 29)
HEAD = ["USUBJID", "SITEID", "AVAL", "ADT", "SAFFL", "MIX"]
ROWS = [
    HEAD,
    ["P1", 701, 12.5, DAY, True, 1],
    ["P2", 702, None, None, False, "NA"],
    [],
    ["P3", 703, 3, DAY, True, "2,5"],
]


def test_cells_keep_their_types() -> None:
    table = read_table(workbook({"Sheet1": ROWS}), "a.xlsx")
    frame = table.frame
    assert table.format == "Excel"
    assert frame["SITEID"].tolist() == ["701", "702", "703"]
    assert frame["AVAL"].tolist()[::2] == [12.5, 3.0]
    assert frame["ADT"].tolist() == [pd.Timestamp(DAY), pd.NaT, pd.Timestamp(DAY)]
    assert frame["SAFFL"].tolist() == ["Y", "N", "Y"]
    assert frame["MIX"].tolist()[::2] == [1.0, 2.5]
    assert frame["MIX"].isna().tolist() == [False, True, False]


def test_titles_above_the_header_are_left_out_and_told() -> None:
    rows = [["Study X, safety"], [], ["As of", "2020-03-01"], [], *ROWS]
    table = read_table(workbook({"S": rows}), "a.xlsx")
    assert list(table.frame) == HEAD
    assert len(table.frame) == 3
    assert table.notes[0] == "Row 5 contains the column names; the lines above it are left out."


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "is empty"),
        ([[1, 2, 3], [4, 5, 6]], "no row contains the column names"),
        ([HEAD], "no rows"),
        ([["A", "B", "a"], [1, 2, 3]], "same column twice"),
    ],
)
def test_sheets_that_are_no_table(rows: list[list[object]], words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_table(workbook({"S": rows}), "a.xlsx")


def test_formulas_count_by_their_saved_values() -> None:
    content = workbook({"S": [["A", "B"], ["x", "=1+1"], ["y", "#N/A"]]})
    table = read_table(content, "a.xlsx")
    assert table.frame["B"].isna().all()
    assert "have not been calculated, read as missing: 1" in table.notes[0]
    assert "an Excel error such as #N/A, read as missing: 1 (B)" in table.notes[1]
    # The same, once Excel has computed it.
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            xml = old.read(part)
            if part.endswith("sheet1.xml"):
                assert b"<v></v>" in xml or b"<v/>" in xml or b"<v />" in xml
                for empty in (b"<v></v>", b"<v/>", b"<v />"):
                    xml = xml.replace(empty, b"<v>2</v>")
            new.writestr(part, xml)
    table = read_table(out.getvalue(), "a.xlsx")
    assert table.frame["B"].tolist()[0] == 2.0
    assert not any("formulas" in note for note in table.notes)


def test_a_cell_merged_over_records_is_the_value_of_each() -> None:
    # Oracle: the same table with the value written in every row.
    rows = [
        ["Listing 16.2", None, None],
        ["USUBJID", "TRTP", "AVAL"],
        *([f"P{i}", "Drug" if i < 4 else "Placebo", 10 + i] for i in range(8)),
        ["Source: database", None, None],
    ]
    plain = read_table(workbook({"S": rows}), "a.xlsx").frame
    book = openpyxl.load_workbook(io.BytesIO(workbook({"S": rows})))
    sheet = book["S"]
    for area in ("A1:C1", "B3:B6", "B7:B10", "A11:C11"):
        sheet.merge_cells(area)
    assert sheet["B4"].value is None
    saved = io.BytesIO()
    book.save(saved)
    table = read_table(saved.getvalue(), "a.xlsx")
    pd.testing.assert_frame_equal(table.frame, plain)
    told = "TRTP: cells merged over several rows, whose value is read in each: 6 more."
    assert told in table.notes


def test_hidden_sheets_are_not_read_and_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook({"S": ROWS, "Old": ROWS})))
    book["Old"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), "a.xlsx")
    assert len(table.frame) == 3
    assert "Hidden sheets are not read: Old." in table.notes


def test_rows_and_columns_that_cannot_be_seen_are_read_and_told() -> None:
    """Oracle: the same workbook with nothing hidden."""
    content = workbook({"S": [["Listing", None], *ROWS]})
    plain = read_table(content, "a.xlsx")
    assert not any("idden" in note for note in plain.notes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["S"]
    for row in (1, 3, 6, 40):  # a title, two records, and a row with nothing in it
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), "a.xlsx")
    pd.testing.assert_frame_equal(table.frame, plain.frame)
    said = [note for note in table.notes if "idden" in note]
    assert len(said) == 2
    assert said[0].startswith("Rows hidden in Excel, by a filter for example, are read too: 2. ")
    assert said[1].startswith(f"Columns hidden in Excel are read too: {ROWS[0][1]}. ")


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ('hidden="1"', "hidden='true'"),
        ('hidden="1"', 'hidden = "1"'),
        ('<row r="3" hidden="1"', '<row hidden="1"'),
        ('<row r="3" hidden="1"', '<row r="3" ht="0" customHeight="1"'),
        ('hidden="1" width="13"', 'width="0"'),
    ],
)
def test_other_ways_to_write_what_is_hidden_say_the_same(written: str, other: str) -> None:
    """As other programs write it, or as it looks the same in Excel. Oracle: openpyxl's own way."""
    book = openpyxl.load_workbook(io.BytesIO(workbook({"S": [r for r in ROWS if r]})))
    book["S"].row_dimensions[3].hidden = True
    book["S"].column_dimensions["B"].hidden = True
    out = io.BytesIO()
    book.save(out)
    told = read_table(out.getvalue(), "a.xlsx").notes
    assert len([note for note in told if "idden" in note]) == 2
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            xml = old.read(part)
            if part.endswith("sheet1.xml"):
                assert written.encode() in xml
                xml = xml.replace(written.encode(), other.encode())
            new.writestr(part, xml)
    assert read_table(changed.getvalue(), "a.xlsx").notes == told


def test_columns_hidden_over_and_over_are_named_once() -> None:
    """Of a file written to fill the memory; a number of 5,000 digits is none."""
    names = [f"C{i}" for i in range(5000)]
    many = b"".join(
        b'<col min="%d" max="5000" hidden="1"/>' % (i % 5000 + 1) for i in range(60_000)
    )
    digits = b'<col min="%s" max="2" hidden="1"/>' % (b"9" * 5000)
    for xml, first in ((many, "C0, C1"), (many[:40] + digits, "C0, C1")):
        (note,) = excel._shown_nowhere(xml, [], names)
        assert first in note
        assert note.count("C1,") == 1


def test_a_sheet_of_open_tags_is_read_in_a_time_that_grows_with_its_length() -> None:
    """Oracle: steps of the search, of which the number is that of the characters at most."""
    for pattern in (excel._PART, excel._MERGED, excel._UNCOMPUTED):
        for tag in (b"<row ", b"<mergeCell ", b"<f "):
            assert not pattern.search(tag * 400_000)  # hours, if each tag looked to the end


def test_several_sheets_need_one_to_be_named() -> None:
    content = workbook({"One": ROWS, "Two": [["A", "B"], [1, 2]]})
    with pytest.raises(UserError, match="several sheets: One, Two"):
        read_table(content, "a.xlsx")
    assert list(read_table(content, "a.xlsx", member="Two").frame) == ["A", "B"]


def test_a_workbook_larger_than_allowed_or_damaged_is_refused() -> None:
    content = workbook({"S": ROWS})
    with pytest.raises(UserError, match="larger than"):
        read_table(content, "a.xlsx", max_bytes=len(content) + 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<oops")
    with pytest.raises(UserError, match="damaged or truncated Excel workbook"):
        read_table(out.getvalue(), "a.xlsx")
