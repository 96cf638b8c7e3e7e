"""The workbook. Oracle: openpyxl, which reads it again."""

from __future__ import annotations

import io

import openpyxl

from services.report.records import Item, LeftOut, Report, Table
from services.report.xlsx import workbook

EVIL = "=cmd|' /C calc'!A0"


def test_numbers_are_numbers_and_no_text_is_a_formula() -> None:
    rows = ((EVIL, "1,384", "−0.3"), ("@x", "<0.001", "+8.2 points (+1.7 to +15.0)"))
    item = Item(
        title=EVIL, name="x", comment=EVIL, tables=(Table(EVIL, (EVIL, "n", "d"), rows),),
        settings=(("Study", EVIL),), files={"x.json": '{"a": "=1", "b": [1.5, null]}'},
        csv="# =1\nname,n\n'=1+2,7\n",
    )  # fmt: skip
    report = Report(EVIL, "2026-01-01", "SMM", (item,), (LeftOut(2, EVIL, EVIL),))
    book = openpyxl.load_workbook(io.BytesIO(workbook(report)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    values = [cell.value for cell in cells]
    assert {1384, -0.3, 1.5, 7, "<0.001", "+8.2 points (+1.7 to +15.0)"} <= {*values}
    assert "'=1+2" in values


def test_numbers_keep_their_digits_and_names_stay_names() -> None:
    names = ("007", "1e999", "9" * 40, "-00.5", "_x0041_", " a")
    item = Item(
        title="x", name="x", tables=(Table("t", ("n",), tuple((name,) for name in names)),),
        files={"x.json": '{"a": 0.30000000000000004, "b": true}'},
        csv="n,m\n1.0000000000000002,5e-105\n007,1e999\n",
    )  # fmt: skip
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(Report("x", "2026-01-01", "SMM", (item,), ())))
    )
    # Right-aligned, 12 before 97.8% would be read as 1297.8%.
    aligned = {c.alignment.horizontal for c in book["1 Numbers"]["B"] if c.data_type == "n"}
    assert aligned == {"left"}
    printed = [row[0] for row in book["1 Tables"].iter_rows(values_only=True)]
    assert {"007", "1e999", "9" * 40, "_x0041_", " a"} <= {*printed}
    assert [row[1] for row in book["1 Numbers"].iter_rows(values_only=True)] == [
        "Value", 0.1 + 0.2, True,
    ]  # fmt: skip
    assert [*book["1 Data"].iter_rows(values_only=True)][1:] == [
        (1.0000000000000002, 5e-105), ("007", "1e999"),
    ]  # fmt: skip


def test_a_sheet_is_printed_as_wide_as_a_page() -> None:
    item = Item(title="x", name="x", tables=(Table("t", ("n",), (("1",),)),))
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(Report("x", "2026-01-01", "SMM", (item,), ())))
    )
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_a_row_is_as_tall_as_its_lines() -> None:
    """A letter takes a column's unit at most; a line is 15 points."""
    rows = (("a", "b"), ("one\ntwo\nthree", "b"), ("a", "x" * 121), ("a", "x" * 60_000))
    table = Table("t", ("n", "m"), rows, notes=("=1+1 " * 60,))
    item = Item(title="t" * 200, name="x", tables=(table,))
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(Report("x", "2026-01-01", "SMM", (item,), ())))
    )
    sheet = book["1 Tables"]
    found = {
        sheet.cell(row, 2).value or sheet.cell(row, 1).value: sheet.row_dimensions[row].height
        for row in range(1, 10)
    }
    assert found["t" * 200] is None, "a line of its own runs on"
    assert found["m"] is None
    (first, second, third, fourth) = (sheet.row_dimensions[row].height for row in range(6, 10))
    assert (first, second, third, fourth) == (None, 45, 45, 408.75), "Excel draws no taller row"
    assert len(sheet.cell(9, 2).value) == 32_767, "as long as a cell can be"
    assert sheet.cell(10, 1).value == "=1+1 " * 60
    assert sheet.cell(10, 1).data_type == "s"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A10:B10"]
    assert sheet.row_dimensions[10].height == 75, "300 letters over 10 + 60"
