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
    printed = [row[0] for row in book["1 Tables"].iter_rows(values_only=True)]
    assert {"007", "1e999", "9" * 40, "_x0041_", " a"} <= {*printed}
    assert [row[1] for row in book["1 Numbers"].iter_rows(values_only=True)] == [
        "Value", 0.1 + 0.2, True,
    ]  # fmt: skip
    assert [*book["1 Data"].iter_rows(values_only=True)][1:] == [
        (1.0000000000000002, 5e-105), ("007", "1e999"),
    ]  # fmt: skip
