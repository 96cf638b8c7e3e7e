"""The tables of a report as a workbook: as printed, and with every number at full precision."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.csv_text import safe_cell
from services.report.item import NO_PICTURES
from services.report.records import Item, Report, Table
from services.report.text import clean

_NUMBER = re.compile(r"[+\-−]?\d{1,3}(,\d{3})*(\.\d+)?|[+\-−]?\d+(\.\d+)?([eE][+-]?\d+)?")
# "+8.2 points (+1.7 to +15.0)": a printed estimate is no formula.
_ESTIMATE = re.compile(r"[+\-][\d.,]+%?( points)?( \([+\-−\d.,%]+ to ([+\-−\d.,%]+|NE)\))?")
_MOST_ROWS = 100_000
_MOST_VALUES = 60  # of a list of numbers, which the sheet of data has anyway
_WIDEST = 60


def workbook(report: Report) -> bytes:
    """The file. Texts are never formulas."""
    import openpyxl  # not before the first report

    book = openpyxl.Workbook()
    _contents(book.active, report)
    for number, item in enumerate(report.items, 1):
        _tables(book.create_sheet(f"{number} Tables"), item)
        if item.files:
            _numbers(book.create_sheet(f"{number} Numbers"), item)
        if item.csv:
            _data(book.create_sheet(f"{number} Data"), item.csv)
    book.properties.title, book.properties.creator = clean(report.title), report.software
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def value(text: str) -> Any:
    """A printed cell: a number where it is one, else text that no program runs.

    >>> value("1,384"), value("−0.3"), value("<0.001"), value("=1+1"), value("+8.2 points")
    (1384, -0.3, '<0.001', "'=1+1", '+8.2 points')
    """
    if _NUMBER.fullmatch(text):
        plain = text.replace(",", "").replace("−", "-")
        return float(plain) if re.search(r"[.eE]", plain) else int(plain)
    return text if _ESTIMATE.fullmatch(text) else safe_cell(text)


def _contents(sheet: Any, report: Report) -> None:
    sheet.title = "Contents"
    _line(sheet, [report.title], bold=True)
    _line(sheet, [f"Made on {report.made} with {report.software}"])
    for left in report.left_out:
        _line(sheet, [f"Left out: {left.name}", left.why])
    sheet.append([])
    for number, item in enumerate(report.items, 1):
        _line(sheet, [number, item.title], bold=True)
        said = [("Comment", item.comment), *(("Published", text) for text in item.published)]
        said += [("Whose patients", item.whose), (item.whose_answer or "Answer", item.answer)]
        said += [("Detail", item.detail), ("No numbers", item.reason), *item.settings]
        said += [("Figure", item.no_figure or NO_PICTURES)]
        said += [("Methods", item.methods), ("Live view", item.link)]
        said += [("SHA-256 of the data", item.sha256)]
        for label, text in said:
            if text:
                _line(sheet, ["", label, text])
        for source in item.references:
            _line(sheet, ["", "Reference", source.text, source.link])
    _fit(sheet, (6, 26, 110))


def _tables(sheet: Any, item: Item) -> None:
    _line(sheet, [item.title], bold=True)
    _line(sheet, [item.whose] if item.whose else [])
    for table in item.tables:
        sheet.append([])
        _line(sheet, [table.title], bold=True)
        if table.columns:
            _line(sheet, table.columns, bold=True)
        for row in table.rows:
            _line(sheet, [value(cell) for cell in row])
        for note in table.notes:
            _line(sheet, [note])
    sheet.append([])
    _line(sheet, [item.footnote] if item.footnote else [])
    _fit(sheet, _widths(item.tables))


def _widths(tables: Sequence[Table]) -> list[int]:
    widest: dict[int, int] = {}
    for table in tables:
        for row in (table.columns, *table.rows):
            for i, cell in enumerate(row):
                longest = max(map(len, cell.split("\n")), default=0)
                widest[i] = max(widest.get(i, 10), min(longest + 2, _WIDEST))
    return [widest[i] for i in sorted(widest)]


def _numbers(sheet: Any, item: Item) -> None:
    """Every number of the page's JSON: where it stands there, and its value."""
    _line(sheet, ["Where in the JSON", "Value"], bold=True)
    body = json.loads(next(iter(item.files.values())))
    for where, found in leaves(body):
        _line(sheet, [safe_cell(where), safe_cell(found)])
    _fit(sheet, (70, 60))


def leaves(body: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a JSON with its path; long lists are left out.

    >>> list(leaves({"a": [{"b": 1.5}, {"b": None}]}))
    [('a / 1 / b', 1.5), ('a / 2 / b', None)]
    """
    pairs: Sequence[tuple[Any, Any]]
    if isinstance(body, Mapping):
        pairs = list(body.items())
    elif isinstance(body, list) and len(body) <= _MOST_VALUES:
        pairs = list(enumerate(body, 1))
    elif isinstance(body, list):
        return
    else:
        yield where, body
        return
    for name, item in pairs:
        yield from leaves(item, f"{where} / {name}" if where else str(name))


def _data(sheet: Any, text: str) -> None:
    """The page's CSV; its texts are safe from formulas already."""
    for number, line in enumerate(csv.reader(io.StringIO(text))):
        if number == _MOST_ROWS:
            _line(sheet, ["The rest stands in the page's own CSV."])
            break
        if line and line[0].startswith("#"):
            _line(sheet, [",".join(line)])
        else:
            _line(sheet, [_typed(cell) for cell in line])


def _typed(cell: str) -> Any:
    plain = _NUMBER.fullmatch(cell) and "," not in cell
    return value(cell) if plain and len(cell) < 25 else cell


def _line(sheet: Any, cells: Sequence[Any], bold: bool = False) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    made = []
    for found in cells:
        text = isinstance(found, str)
        cell = WriteOnlyCell(sheet, clean(found)[:32_767] if text else found)
        if text:
            cell.data_type = "s"  # "=" and what follows is text, whatever starts with it
        if bold:
            cell.font = Font(bold=True)
        if text and ("\n" in found or len(found) > _WIDEST):
            cell.alignment = Alignment(wrap_text=len(cells) > 1, vertical="top")
        made.append(cell)
    sheet.append(made)


def _fit(sheet: Any, widths: Sequence[int]) -> None:
    for i, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26]].width = width
        if i == 25:
            break
