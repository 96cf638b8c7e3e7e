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
_USUAL_WIDTH = 8  # of a column, in letters
_LINE, _TALLEST = 15, 409  # points of a line, and of a row at most


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
    sheet.fit((6, 26, 110, 60))
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


def _tables(sheet: _Sheet, item: Item) -> None:
    sheet.fit(_widths(item.tables))
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
            sheet.note(note)
    sheet.line([])
    sheet.note(item.footnote)


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
    sheet.fit((70, 60))
    sheet.line(["Where in the JSON", "Value"], bold=True)
    body = json.loads(next(iter(item.files.values())))
    for where, found in leaves(body):
        sheet.line([safe_cell(where), safe_cell(found)])


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
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.top = book.add_format({"valign": "top"})
        self.left = book.add_format({"valign": "top", "align": "left"})
        self.wrapped = book.add_format(long)
        self.bold_wrapped = book.add_format({"bold": True, **long})

    def add(self, name: str) -> _Sheet:
        sheet = self._book.add_worksheet(name)
        # On paper as wide as a page.
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return _Sheet(self, sheet)


class _Sheet:
    """One sheet, written line by line."""

    def __init__(self, sheets: _Sheets, sheet: Any) -> None:
        self._looks, self._sheet, self._row = sheets, sheet, 0
        self._wide: Sequence[int] = ()

    def line(self, cells: Sequence[Any], bold: bool = False) -> None:
        """Numbers as numbers; every text as text, whatever it starts with."""
        sheet, row, looks = self._sheet, self._row, self._looks
        usual = looks.bold if bold else looks.top
        tall = 1
        for column, found in enumerate(cells):
            if found is None or found == "":
                continue
            if isinstance(found, str):
                look = usual
                if len(found) > _WIDEST or "\n" in found:
                    wraps = looks.bold_wrapped if bold else looks.wrapped
                    if len(cells) > 1:
                        look = wraps
                        tall = max(tall, self._lines(found, self._width(column)))
                sheet.write_string(row, column, clean(found), look)
            elif isinstance(found, bool):
                sheet.write_boolean(row, column, found, usual)
            else:
                # Beside texts: 12 and 97.8% in the next column would be read as one number.
                look = looks.left if self._wide and not bold else usual
                exact = _Exact(found) if isinstance(found, float) else found
                sheet.write_number(row, column, exact, look)
        self._end(tall)

    def note(self, text: str) -> None:
        """A text as wide as the columns together."""
        last = len(self._wide) - 1
        if text and last > 0:
            look = self._looks.wrapped
            self._sheet.merge_range(self._row, 0, self._row, last, "", look)
            self._sheet.write_string(self._row, 0, clean(text), look)
            self._end(self._lines(text, sum(self._wide)))
        else:
            self.line([text])

    def _end(self, lines: int) -> None:
        if lines > 1:  # Excel finds the height itself, other programs do not
            self._sheet.set_row(self._row, min(lines * _LINE, _TALLEST))
        self._row += 1

    def _width(self, column: int) -> int:
        return self._wide[column] if column < len(self._wide) else _USUAL_WIDTH

    def _lines(self, text: str, wide: int) -> int:
        return sum(max(1, -(-len(line) // wide)) for line in text.split("\n"))

    def fit(self, widths: Sequence[int]) -> None:
        """How wide the first columns are, in letters; before their lines."""
        self._wide = widths[:26]
        for column, width in enumerate(self._wide):
            self._sheet.set_column(column, column, width)
