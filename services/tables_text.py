"""Delimited text in: encoding, delimiter, records. See ``tables`` for the formats as a whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from services.errors import UserError
from services.study import Finding
from services.tables_values import from_text

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 5_000
MAX_ROWS = 20_000_000
MAX_CELLS = 100_000_000
_SAMPLE = 1 << 16
_BLOCK = 1 << 24  # a record may not be longer than this
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def looks_like_text(start: bytes) -> bool:
    """Whether the first bytes of a file can be text at all."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not any(b < 9 or 13 < b < 32 for b in start)


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text and the encoding it was in: UTF-8 (with or without mark), UTF-16 with mark, or 1252.

    Raises
    ------
    UserError : no text in any of these
    """
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text, encoding
    raise UserError(
        f"{name} is neither a table of text nor a format read here.",
        "Save it as CSV in UTF-8, as SAS transport (.xpt) or as Parquet.",
    )


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first records most evenly; a comma if none does.

    >>> repr(sniff_delimiter("a;b\\n1,5;2\\n"))
    "';'"
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(record) for record in _records(sample, delimiter, 50)]
        if not widths or widths[0] < 2:
            continue
        even = sum(w == widths[0] for w in widths) / len(widths)
        if (even, widths[0]) > best_score:
            best, best_score = delimiter, (even, widths[0])
    return best


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
        notes.append("Not UTF-8: read as Windows-1252 (Western European).")
    delimiter = sniff_delimiter(text)
    if delimiter != ",":
        notes.append(f"Columns are separated by a {_DELIMITER_NAMES[delimiter]}.")
    head = _records(text[:_SAMPLE], delimiter, 1)
    if not head:
        raise UserError(f"{name} is empty.", "Export it again, with a first line of column names.")
    names = [cell.strip() for cell in head[0]]
    check_names([n for n in names if n], name)
    check_cells(text.count("\n"), len(names), name)
    table = _parse(text, name, delimiter, len(names))
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


def check_names(names: Sequence[str], name: str) -> None:
    """Raise a UserError for no, too many or duplicate column names (case does not count)."""
    if not names:
        raise UserError(f"{name} has no column names.", "Its first line must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise UserError(
            f"{name} has {len(names):,} columns; at most {MAX_COLUMNS:,} are read.",
            "Keep the columns of ADSL, ADTTE or ADAE only.",
        )
    seen: set[str] = set()
    twice = sorted({n for n in map(str.upper, names) if n in seen or seen.add(n)})  # type: ignore[func-returns-value]
    if twice:
        raise UserError(
            f"{name} has the same column twice: {', '.join(twice[:10])}.",
            "Rename or remove one of them.",
        )


def check_cells(rows: int, columns: int, name: str) -> None:
    """Raise a UserError for a table that would not fit the memory, before it is read."""
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        raise UserError(
            f"{name} has {rows:,} rows of {columns:,} columns.",
            f"At most {MAX_ROWS:,} rows and {MAX_CELLS:,} values are read: keep the columns and"
            " parameters that are needed.",
        )


def _parse(text: str, name: str, delimiter: str, width: int) -> pa.Table:
    content = text.encode()
    wrong: list[tuple[int | None, int]] = []

    def note_row(row: pa_csv.InvalidRow) -> str:
        if len(wrong) < 10:
            wrong.append((row.number, row.actual_columns))
        return "skip"

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
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note_row
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(fields, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as problem:
        raise UserError(
            f"{name} cannot be read as delimited text: {_first_line(problem)}.",
            "Export it again; a quotation mark left open is the usual cause.",
        ) from problem
    if wrong:
        details = tuple(
            f"{f'Record {number}' if number else 'A record'} has {actual} values"
            for number, actual in wrong
        )
        raise UserError(
            f"{name} has {width} column names, but records with another number of values.",
            "Export it again; values that hold the delimiter must be in quotation marks.",
            details,
        )
    return table.slice(1)


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
