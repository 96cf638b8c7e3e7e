"""Excel workbooks (.xlsx) in, one sheet at a time.

The header is the first row of names that covers the table; titles above it are left out. Cells keep
the types that Excel gives them; formulas count by the values that were computed when it was saved.
A cell merged over several records is the value of each of them, as it looks in Excel.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from services.errors import UserError, few
from services.reading.formats.bounds import MAX_COLUMNS, check_cells, check_names
from services.reading.formats.objects import count_words, from_columns
from services.reading.formats.table import Table, no_rows, too_large

SHEET_ROWS = 1_048_576  # as Excel has it
_HEADER_WITHIN = 50  # rows from the top
_COVERS = 0.6  # of the columns in use, so that a line of titles is no header
_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"})
# A formula that nobody has computed: no value stands behind it.
_UNCOMPUTED = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*?ref=\"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})\""
)
_PART = re.compile(rb"<(?:[\w.-]+:)?(row|col)\s([^<>]*)>")
_SAID = re.compile(rb"\b(r|min|max|hidden|ht|width)\s*=\s*[\"']([^\"']*)")

Row = tuple[Any, ...]


def sheet_names(content: bytes, name: str, max_bytes: int) -> tuple[str, ...]:
    """The sheets of a workbook that can be seen, in order."""
    with _opened(content, name, max_bytes) as book:
        return tuple(sheet.title for sheet in _visible(book))


def read_excel(content: bytes, name: str, sheet: str, max_bytes: int) -> Table:
    """Read a sheet of a workbook; the only one that can be seen if ``sheet`` is "".

    Raises
    ------
    UserError : damaged, too large, several sheets and none named, no header, or no records
    """
    with _opened(content, name, max_bytes) as book:
        sheets = {s.title: s for s in _visible(book)}
        if not sheets:
            raise UserError(f"{name} has no visible sheet.", "Unhide the sheet in Excel.")
        if not sheet and len(sheets) > 1:
            raise UserError(
                f"{name} has several sheets: {few(sheets)}.",
                "Keep one sheet, or name the sheets ADSL, ADTTE and ADAE.",
            )
        chosen = sheets[sheet] if sheet else next(iter(sheets.values()))
        hidden = [s.title for s in book.worksheets if s.title not in sheets]
        rows, numbers = _rows(chosen, name)
        xml = _xml(content, chosen)
    header, names = _header(rows, name)
    records, merged = _filled(rows[header + 1 :], numbers[header + 1 :], xml)
    columns, notes = _columns(records, names, name)
    if header:
        notes.insert(
            0, f"Row {numbers[header]} contains the column names; the lines above it are left out."
        )
    for column, cells in merged.items():
        if column < len(names) and names[column]:
            notes.append(
                f"{names[column]}: cells merged over several rows, whose value is read in each:"
                f" {cells:,} more."
            )
    uncomputed = len(_UNCOMPUTED.findall(xml))
    if uncomputed:
        notes.append(
            f"Cells with formulas that have not been calculated, read as missing: {uncomputed:,}. "
            "Open"
            " and save the workbook in Excel first."
        )
    errors = count_words(columns, _ERRORS)
    if errors:
        notes.append(
            f"Cells with an Excel error such as #N/A, read as missing: {sum(errors.values()):,}"
            f" ({few(errors)})."
        )
        columns = {
            name: [None if isinstance(v, str) and v in _ERRORS else v for v in values]
            for name, values in columns.items()
        }
    made = from_columns(columns, typed=False)
    if hidden:
        notes.append(f"Hidden sheets are not read: {few(hidden)}.")
    notes += _shown_nowhere(xml, numbers[header + 1 :], names)
    frame = pd.DataFrame(made.frame)
    return Table(frame, {}, name, "Excel", (*notes, *made.notes), tuple(made.findings))


@contextmanager
def _opened(content: bytes, name: str, max_bytes: int) -> Iterator[Any]:
    """The workbook. What reading it raises of its own becomes a UserError."""
    import openpyxl  # takes as long to load as a small workbook to read

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if any(info.flag_bits & 1 for info in parts.infolist()):
                raise UserError(f"{name} is encrypted.", "Save it without a password.")
            if sum(info.file_size for info in parts.infolist()) > max_bytes:
                raise too_large(name, max_bytes)
        with warnings.catch_warnings():
            # Of styles and validations that are not kept: nothing is written back.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except (UserError, MemoryError):
        raise
    except Exception as problem:  # openpyxl lets through whatever the parts make Python raise
        raise UserError(
            f"{name} is a damaged or truncated Excel workbook.",
            "Open it in Excel and save it again, or save the sheet as CSV.",
        ) from problem


def _visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _rows(sheet: Any, name: str) -> tuple[list[Row], list[int]]:
    """The rows that hold anything, each without the empty cells at its end; their numbers."""
    sheet.reset_dimensions()  # what a file says of its size is a claim
    rows: list[Row] = []
    numbers = []
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number >= SHEET_ROWS:
            raise UserError(
                f"{name} has more rows than Excel allows.",
                "Save the sheet as CSV, or export it again.",
            )
        end = len(row)
        while end and _blank(row[end - 1]):
            end -= 1
        if not end:
            continue
        rows.append(row[:end])
        numbers.append(number + 1)
        cells += end
        if end > MAX_COLUMNS or (cells > 1_000_000 and len(rows) % 1000 == 0):
            check_cells(len(rows), max(end, cells // len(rows)), name)
        if end > MAX_COLUMNS:
            check_names([str(i) for i in range(end)], name)
    return rows, numbers


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _xml(content: bytes, sheet: Any) -> bytes:
    """A sheet as it is stored: openpyxl tells neither of merged cells nor of bare formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(sheet._worksheet_path.lstrip("/"))


def _shown_nowhere(xml: bytes, records: list[int], names: list[str]) -> list[str]:
    """What is said of records and columns that are read and cannot be seen in Excel."""
    rows: set[int] = set()
    areas: set[tuple[int, int]] = set()
    number = 0
    for found in _PART.finditer(xml):
        said = dict(_SAID.findall(found[2]))
        unseen = said.get(b"hidden") in (b"1", b"true")
        if found[1] == b"row":
            number = _whole(said.get(b"r")) or number + 1
            if unseen or _is_zero(said.get(b"ht")):
                rows.add(number)
        elif unseen or _is_zero(said.get(b"width")):
            areas.add((_whole(said.get(b"min")) - 1, _whole(said.get(b"max"))))
    columns: list[str] = []
    read_to = 0  # areas that lie over each other count once
    for first, end in sorted(area for area in areas if area[0] >= 0):
        columns += filter(None, names[max(first, read_to) : end])
        read_to = max(read_to, end)
    notes = []
    count = len(rows.intersection(records))
    if count:
        notes.append(
            f"Rows hidden in Excel, by a filter for example, are read too: {count:,}. If they"
            " should not count, copy the rows that are shown to a sheet of their own."
        )
    if columns:
        notes.append(
            f"Columns hidden in Excel are read too: {few(columns)}. If they should not be here,"
            " delete them in the workbook."
        )
    return notes


def _whole(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0


def _is_zero(text: bytes | None) -> bool:
    return text is not None and text != b"" and not text.strip(b"0.")


def _filled(rows: list[Row], numbers: list[int], xml: bytes) -> tuple[list[Row], dict[int, int]]:
    """The records, a cell merged over several of them read in each; how many by column.

    Only downward, and only where a cell is empty: across its columns a cell is no value of each.
    """
    from openpyxl.utils import column_index_from_string

    areas = sorted(
        (column_index_from_string(column.decode()) - 1, int(top), int(bottom))
        for column, top, bottom in _MERGED.findall(xml)
    )
    changed: dict[int, list[Any]] = {}
    filled: dict[int, int] = {}
    column_before, read_to = -1, 0
    for column, top, bottom in areas:
        if column != column_before:
            column_before, read_to = column, 0
        first, end = bisect_left(numbers, top), bisect_right(numbers, bottom)
        # A merge that begins above the records is a title; areas of a sheet do not overlap.
        if top <= read_to or first == len(rows) or numbers[first] != top:
            continue
        read_to = bottom
        value = rows[first][column] if column < len(rows[first]) else None
        if _blank(value):
            continue
        for i in range(first + 1, end):
            row = changed.setdefault(i, list(rows[i]))
            row.extend([None] * (column + 1 - len(row)))
            if _blank(row[column]):
                row[column] = value
                filled[column] = filled.get(column, 0) + 1
    return [tuple(changed[i]) if i in changed else row for i, row in enumerate(rows)], filled


def _header(rows: list[Row], name: str) -> tuple[int, list[str]]:
    """Which of the rows names the columns, and the names; "" where a column has none."""
    if not rows:
        raise UserError(f"{name} is empty.", "Fill the sheet, or choose another.")
    top = rows[:_HEADER_WITHIN]
    used = max(sum(not _blank(v) for v in row) for row in rows[: 2 * _HEADER_WITHIN])
    for i, row in enumerate(top):
        named = [v for v in row if not _blank(v)]
        if len(named) < _COVERS * used or not all(isinstance(v, str) for v in named):
            continue
        return i, ["" if _blank(v) else " ".join(v.split()) for v in row]
    raise UserError(
        f"{name}: no row contains the column names.",
        "Write the column names, as text, in the row above the first record.",
    )


def _columns(
    rows: list[Row], names: list[str], name: str
) -> tuple[dict[str, list[Any]], list[str]]:
    check_names([n for n in names if n], name)
    if not rows:
        raise no_rows(name)
    width = max(len(names), *map(len, rows))
    check_cells(len(rows), width, name)
    columns = {}
    notes = []
    for i in range(width):
        values = [row[i] if i < len(row) else None for row in rows]
        if i < len(names) and names[i]:
            columns[names[i]] = [None if _blank(v) else v for v in values]
        elif not all(map(_blank, values)):
            notes.append(f"Column {i + 1} has no name: left out.")
    return columns, notes
