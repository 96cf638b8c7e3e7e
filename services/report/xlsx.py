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

# "007" is a name; so is what no sheet can hold as a number.
_NUMBER = re.compile(
    r"(?![+\-−]?0\d)[+\-−]?(\d{1,3}(,\d{3})*(\.\d+)?|\d+(\.\d+)?([eE](\+?\d{1,2}|-\d{1,3}))?)"
)
# "+8.2 points (+1.7 to +15.0)": a printed estimate is no formula.
_ESTIMATE = re.compile(r"[+\-][\d.,]+%?( points)?( \([+\-−\d.,%]+ to ([+\-−\d.,%]+|NE)\))?")
_LONGEST = 25  # of a number, in letters
_POINT = re.compile("[.eE]")
_MOST_ROWS = 100_000
_MOST_VALUES = 60  # of a list of numbers, which the sheet of data has anyway
_WIDEST = 60


def workbook(report: Report) -> bytes:
    """The file. Texts are never formulas."""
    import xlsxwriter  # not before the first report

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": clean(report.title), "author": report.software})
        sheets = _Sheets(book)
        _contents(sheets.add("Contents"), report)
        for number, item in enumerate(report.items, 1):
            _tables(sheets.add(f"{number} Tables"), item)
            if item.files:
                _numbers(sheets.add(f"{number} Numbers"), item)
            if item.csv:
                _data(sheets.add(f"{number} Data"), item.csv)
    return out.getvalue()


def value(text: str) -> Any:
    """A printed cell: a number where it is one, else text that no program runs.

    >>> value("1,384"), value("−0.3"), value("<0.001"), value("=1+1"), value("+8.2 points")
    (1384, -0.3, '<0.001', "'=1+1", '+8.2 points')
    """
    if _is_number(text):
        return _number(text.replace(",", "").replace("−", "-"))
    return text if _ESTIMATE.fullmatch(text) else safe_cell(text)


def _is_number(text: str) -> bool:
    return len(text) < _LONGEST and _NUMBER.fullmatch(text) is not None


def _number(text: str) -> float:
    return float(text) if _POINT.search(text) else int(text)


def _contents(sheet: _Sheet, report: Report) -> None:
    sheet.line([report.title], bold=True)
    sheet.line([f"Made on {report.made} with {report.software}"])
    for left in report.left_out:
        sheet.line([f"Left out: {left.name}", left.why])
    sheet.line([])
    for number, item in enumerate(report.items, 1):
        sheet.line([number, item.title], bold=True)
        said = [("Comment", item.comment), *(("Published", text) for text in item.published)]
        said += [("Whose patients", item.whose), (item.whose_answer or "Answer", item.answer)]
        said += [("Detail", item.detail), ("No numbers", item.reason), *item.settings]
        said += [("Figure", item.no_figure or NO_PICTURES)]
        said += [("Methods", item.methods), ("Live view", item.link)]
        said += [("SHA-256 of the data", item.sha256)]
        for label, text in said:
            if text:
                sheet.line(["", label, text])
        for source in item.references:
            sheet.line(["", "Reference", source.text, source.link])
    sheet.fit((6, 26, 110))


def _tables(sheet: _Sheet, item: Item) -> None:
    sheet.line([item.title], bold=True)
    sheet.line([item.whose] if item.whose else [])
    for table in item.tables:
        sheet.line([])
        sheet.line([table.title], bold=True)
        if table.columns:
            sheet.line(table.columns, bold=True)
        for row in table.rows:
            sheet.line([value(cell) for cell in row])
        for note in table.notes:
            sheet.line([note])
    sheet.line([])
    sheet.line([item.footnote] if item.footnote else [])
    sheet.fit(_widths(item.tables))


def _widths(tables: Sequence[Table]) -> list[int]:
    widest: dict[int, int] = {}
    for table in tables:
        for row in (table.columns, *table.rows):
            for i, cell in enumerate(row):
                longest = max(map(len, cell.split("\n")), default=0)
                widest[i] = max(widest.get(i, 10), min(longest + 2, _WIDEST))
    return [widest[i] for i in sorted(widest)]


def _numbers(sheet: _Sheet, item: Item) -> None:
    """Every number of the page's JSON: where it stands there, and its value."""
    sheet.line(["Where in the JSON", "Value"], bold=True)
    body = json.loads(next(iter(item.files.values())))
    for where, found in leaves(body):
        sheet.line([safe_cell(where), safe_cell(found)])
    sheet.fit((70, 60))


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


def _data(sheet: _Sheet, text: str) -> None:
    """The page's CSV; its texts are safe from formulas already."""
    for number, line in enumerate(csv.reader(io.StringIO(text))):
        if number == _MOST_ROWS:
            sheet.line(["The rest stands in the page's own CSV."])
            break
        if line and line[0].startswith("#"):
            sheet.line([",".join(line)])
        else:
            sheet.line([_typed(cell) for cell in line])


def _typed(cell: str) -> Any:
    return _number(cell.replace("−", "-")) if "," not in cell and _is_number(cell) else cell


class _Exact(float):
    """A number that is written with all its digits; the writer would write 16."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


class _Sheets:
    """The sheets of a workbook, and the looks of their cells."""

    def __init__(self, book: Any) -> None:
        self._book = book
        long = {"text_wrap": True, "valign": "top"}
        self.bold, self.top = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        self.wrapped = book.add_format(long)
        self.bold_wrapped = book.add_format({"bold": True, **long})

    def add(self, name: str) -> _Sheet:
        return _Sheet(self, self._book.add_worksheet(name))


class _Sheet:
    """One sheet, written line by line."""

    def __init__(self, sheets: _Sheets, sheet: Any) -> None:
        self._looks, self._sheet, self._row = sheets, sheet, 0

    def line(self, cells: Sequence[Any], bold: bool = False) -> None:
        """Numbers as numbers; every text as text, whatever it starts with."""
        sheet, row, looks = self._sheet, self._row, self._looks
        usual = looks.bold if bold else None
        for column, found in enumerate(cells):
            if found is None or found == "":
                continue
            if isinstance(found, str):
                look = usual
                if len(found) > _WIDEST or "\n" in found:
                    wraps = looks.bold_wrapped if bold else looks.wrapped
                    look = wraps if len(cells) > 1 else usual or looks.top
                sheet.write_string(row, column, clean(found), look)
            elif isinstance(found, bool):
                sheet.write_boolean(row, column, found, usual)
            else:
                sheet.write_number(
                    row, column, _Exact(found) if isinstance(found, float) else found, usual
                )
        self._row += 1

    def fit(self, widths: Sequence[int]) -> None:
        """How wide the first columns are, in letters."""
        for column, width in enumerate(widths[:26]):
            self._sheet.set_column(column, column, width)
