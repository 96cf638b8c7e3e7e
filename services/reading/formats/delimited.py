"""Delimited text in: encoding, delimiter, records. See ``read`` for the formats as a whole."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from services.errors import SHOWN, UserError
from services.format import counted
from services.reading.formats.bounds import check_cells, check_names
from services.reading.formats.plain import from_text
from services.reading.formats.table import NOT_UTF8
from services.study.model import Finding

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 1 << 16
_TITLES = 20  # lines above the column names that are looked past
_BLOCK = 1 << 24  # a record may not be longer than this
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
# What Excel takes as the delimiter of a file, whatever the computer's own is.
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t]|\\t)"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes([*range(9), *range(0x0E, 0x20), 0x7F])


def _wide(start: bytes) -> str:
    """The encoding of text of two or four bytes a character, by mark or zero bytes; or ""."""
    found = json.detect_encoding(start[:4])
    return "" if found.startswith("utf-8") else found


def without_padding(content: bytes) -> bytes:
    """Text without what DOS and fixed-length files put after its end: Ctrl-Z, zero bytes."""
    return content if _wide(content[:4096]) else content.rstrip(b"\x00\x1a")


def looks_like_text(start: bytes) -> bool:
    """Whether the first bytes of a file can be text at all."""
    wide = _wide(start)
    if wide:
        start = start[: len(start) // 4 * 4].decode(wide, "replace").encode()
    return not any(b < 9 or 13 < b < 32 for b in start)


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text and the encoding it was in: UTF-8 (with or without mark), UTF-16, UTF-32, or 1252.

    Raises
    ------
    UserError : no text in any of these
    """
    wide = _wide(content)
    encodings = [wide] if wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not (_CONTROL.search(text) if wide else _has_control_bytes(content)):
            return text.removeprefix("\ufeff"), encoding
    if not wide and not _has_control_bytes(content):
        raise UserError(
            f"{name} is text in an encoding that cannot be told: neither UTF-8 nor Windows-1252.",
            "Save it as CSV in UTF-8; in Excel, “CSV UTF-8” is among the types of files.",
        )
    raise UserError(
        f"{name} is neither a text table nor in a format that can be read here.",
        "Save it as CSV in UTF-8, as SAS transport (.xpt) or as Parquet.",
    )


def _has_control_bytes(content: bytes) -> bool:
    """The same as ``_CONTROL`` over text of one byte a character, in a tenth of the time."""
    return len(content.translate(None, _CONTROL_BYTES)) < len(content)


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first records most evenly; a comma if none does.

    >>> repr(sniff_delimiter("a;b\\n1,5;2\\n"))
    "';'"
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        end = max(sample.rfind("\n"), sample.rfind("\r"))
        sample = sample[: end + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(record) for record in _records(sample, delimiter, 50)]
        if not widths or widths[0] < 2:
            continue
        even = sum(w == widths[0] for w in widths) / len(widths)
        if (even, widths[0]) > best_score:
            best, best_score = delimiter, (even, widths[0])
    return best


def _without_titles(text: str) -> tuple[str, int]:
    """The text from its column names on, and how many lines stand above them.

    Titles are lines of one value, with whatever delimiter, above lines of three or more.
    """
    lines = text[:_SAMPLE].splitlines(keepends=True)[: _TITLES + 1]
    values = {d: [sum(map(bool, map(str.strip, r.split(d)))) for r in lines] for d in DELIMITERS}
    if not lines or any(filled[0] > 1 for filled in values.values()):
        return text, 0
    for filled in values.values():
        first = next((i for i, n in enumerate(filled) if n > 1), 0)
        if any(filled[:first]) and filled[first] > 2 and first + 1 < len(lines):
            return text[sum(map(len, lines[:first])) :], first
    return text, 0


def _records(text: str, delimiter: str, limit: int) -> list[list[str]]:
    records = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                records.append(record)
            if len(records) == limit:
                break
    except csv.Error:  # a field beyond csv's limit: what came before is sample enough
        pass
    return records


def read_text(
    content: bytes, name: str
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[Finding, ...]]:
    """Read delimited text.

    Returns
    -------
    (frame, notes, findings) ; what was assumed of the file, and of its values

    Raises
    ------
    UserError : not text, no header, records of unequal length, duplicate column names
    """
    text, encoding = decode(content, name)
    notes = []
    if encoding == "cp1252":
        notes.append(NOT_UTF8)
    said = _SEPARATOR_LINE.match(text)
    if said:
        text = text[said.end() :]
    text, above = _without_titles(text)
    if above:
        notes.append(
            f"Line {above + 1} contains the column names; the lines above it are left out."
        )
    delimiter = said[1].replace("\\t", "\t") if said else sniff_delimiter(text)
    if delimiter != ",":
        notes.append(f"Columns are separated by a {_DELIMITER_NAMES[delimiter]}.")
    if _blank_before_quotes(text, delimiter):
        text = _rewritten(text, delimiter, name, lambda record: record)
    head = _records(text[:_SAMPLE], delimiter, 1)
    if not head:
        raise UserError(
            f"{name} is empty.", "Export it again, with column names in the first line."
        )
    names = [cell.strip() for cell in head[0]]
    check_names([n for n in names if n], name)
    check_cells(text.count("\n") or text.count("\r"), len(names), name)
    table = _parse(text, name, delimiter, names, notes)
    if table.num_rows == 0:
        raise UserError(
            f"{name} has column names but no rows.", "Export it again, with its records."
        )
    columns = {}
    findings: list[Finding] = []
    for i, column in enumerate(names):
        if not column:
            # R's row names have an empty title; so has what follows a trailing delimiter.
            notes.append(f"Column {i + 1} has no name: left out.")
            continue
        columns[column], told = from_text(column, table.column(i), typed=False)
        findings += told
    return pd.DataFrame(columns), tuple(notes), tuple(findings)


def _blank_before_quotes(text: str, delimiter: str) -> bool:
    """Whether cells are quoted behind a blank, "a", "b", which a strict reader takes for text."""
    return any(
        cell.startswith(' "')
        for record in _records(text[:_SAMPLE], delimiter, 50)
        for cell in record[1:]
    )


def _rewritten(
    text: str, delimiter: str, name: str, change: Callable[[list[str]], list[str]]
) -> str:
    """The same records, each changed, without blanks behind delimiters. Slow: for odd files."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(
            change(row) for row in rows if row
        )
    except csv.Error as problem:  # a field beyond csv's limit
        raise _unreadable(name) from problem
    return out.getvalue()


@dataclass
class _Wrong:
    """Records of another length than the header."""

    width: int
    delimiter: str
    shown: list[tuple[int | None, int]] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)
    ends_empty: bool = True  # those that are longer, as far as their last value shows
    quoted: bool = True  # all begin with a quotation mark, as R's numbers of rows do

    def note(self, row: pa_csv.InvalidRow) -> str:
        """Keep its number and length, not its values."""
        if len(self.shown) < SHOWN:
            self.shown.append((row.number, row.actual_columns))
        self.lengths[row.actual_columns] += 1
        self.quoted &= row.text.startswith('"')
        if row.actual_columns > self.width:
            self.ends_empty &= row.text.rstrip(' \r\n"').endswith(self.delimiter)
        return "skip"

    def error(self, name: str) -> UserError:
        """The refusal, which names the first few."""
        return UserError(
            f"{name} has {self.width} column {'name' if self.width == 1 else 'names'} in its first"
            " line, but its records have a different number of values.",
            "Remove lines above the column names. Values that contain the delimiter must be in "
            "quotation marks.",
            tuple(
                f"{f'Record {number}' if number else 'A record'} has"
                f" {counted(actual, 'value', 'values')}"
                for number, actual in self.shown
            ),
        )


def _parse(text: str, name: str, delimiter: str, names: list[str], notes: list[str]) -> pa.Table:
    """The records as columns of text, one for each name.

    What writers of tables are known to add is taken away, and told: empty values after the last
    column, row numbers in front without a name (R's ``write.table``), the header once more,
    empty records.
    """
    width = len(names)
    table, wrong = _arrow(text, name, delimiter, width)
    if wrong.lengths:
        numbered = table.num_rows == 1 and set(wrong.lengths) == {width + 1} and wrong.quoted
        needed = max(i for i, n in enumerate(names, 1) if n)
        if wrong.ends_empty and min(wrong.lengths) >= needed:
            blank = [""] * width
            text = _rewritten(text, delimiter, name, lambda r: [*r[:width], *blank[len(r) :]])
            notes.append("Empty values after the last column left out.")
        elif numbered:
            count = itertools.count()
            text = _rewritten(
                text, delimiter, name, lambda r: _unnumbered(r, next(count), wrong, name)
            )
            notes.append("Row numbers (a first column without a name) left out.")
        else:
            raise wrong.error(name)
        table, wrong = _arrow(text, name, delimiter, width)
        if wrong.lengths:
            raise wrong.error(name)
    table = table.slice(1)
    repeats = _all_equal(table, names)
    if repeats is not None:
        notes.append(f"Repeated header lines left out: {pc.sum(repeats).as_py():,}.")
        table = table.filter(pc.invert(repeats))
    blanks = _all_equal(table, [""] * width)
    if blanks is not None:
        notes.append(f"Empty records left out: {pc.sum(blanks).as_py():,}.")
        table = table.filter(pc.invert(blanks))
    return table


def _unnumbered(record: list[str], number: int, wrong: _Wrong, name: str) -> list[str]:
    if number == 0:  # the header
        return record
    if record[0] != str(number):
        raise wrong.error(name)
    return record[1:]


def _all_equal(table: pa.Table, values: list[str]) -> Any:
    """Which rows hold these values; ``None`` if none does, which the first column mostly tells."""
    found = None
    for column, value in zip(table.columns, values, strict=True):
        same = pc.equal(pc.utf8_trim_whitespace(column) if found is not None else column, value)
        found = same if found is None else pc.and_(found, same)
        if not pc.any(found).as_py():
            return None
    return found


def _arrow(text: str, name: str, delimiter: str, width: int) -> tuple[pa.Table, _Wrong]:
    content = text.encode()
    wrong = _Wrong(width, delimiter)
    fields = [f"f{i}" for i in range(width)]
    try:
        table = pa_csv.read_csv(
            io.BytesIO(content),
            # Row numbers of bad records are only known to a single thread.
            read_options=pa_csv.ReadOptions(
                autogenerate_column_names=True,
                block_size=_BLOCK,
                use_threads=len(content) > _BLOCK,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=wrong.note
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(fields, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as problem:  # its words may hold the record itself
        raise _unreadable(name) from problem
    return table, wrong


def _unreadable(name: str) -> UserError:
    return UserError(
        f"{name} cannot be read as delimited text.",
        "Export it again; an unclosed quotation mark is the usual cause.",
    )
