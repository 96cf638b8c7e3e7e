"""One table file in: SAS transport (v5, v8), SAS7BDAT, CSV, Parquet, Dataset-JSON, gzip of these.

The format is recognised by content, never by the file's name. What comes out has plain columns
only: float64, datetime64[us], or text: object with NaN, or categories where those are asked for.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from services.coded import decode
from services.dataset_json import looks_like_json, read_dataset_json
from services.errors import UserError
from services.study import Finding
from services.tables_text import check_cells, check_names, looks_like_text, read_text
from services.tables_values import from_numbers, from_text, sas_dates

XPORT = b"HEADER RECORD*******LIB"
SAS7BDAT = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
FORMATS = "SAS transport (.xpt), SAS7BDAT, CSV, Parquet or Dataset-JSON 1.1, also gzipped"
MAX_BYTES = 2 << 30

_FOREIGN = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV."),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", "Save the sheet as CSV."),
    b"%PDF": ("a PDF", "Export the table itself."),
    b"PARE": ("an encrypted Parquet file", "Write it without encryption."),
    b"**COMPRESSED**": ("a SAS CPORT file", "Write SAS transport with the XPORT engine instead."),
    b"BZh": ("compressed with bzip2", "Unpack it first."),
    b"\xfd7zXZ": ("compressed with xz", "Unpack it first."),
    b"$FL2": ("an SPSS file", "Save it as CSV."),
    b"RDX": ("an R data file", "Write it with write.csv()."),
}


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read. ``labels`` are the file's own variable labels, by column name;
    ``notes`` say what was assumed of the file, ``findings`` what was assumed of its values."""

    frame: pd.DataFrame
    labels: Mapping[str, str]
    name: str
    format: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_table(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    max_bytes: int = MAX_BYTES,
    categories: bool = False,
) -> Table:
    """Read one table of any supported format.

    Parameters
    ----------
    source : path of a file, or its content
    name : what to call it in messages; a path's own name if left out
    max_bytes : how large the content may be, after unpacking
    categories : leave columns of text categorical: less memory, and much faster with many rows

    Raises
    ------
    UserError : empty, truncated, too large, unknown or unreadable; the message names the file
    """
    if isinstance(source, bytes):
        content, name = source, name or "the file"
    else:
        path = Path(source)
        name = name or path.name
        try:
            if path.stat().st_size > max_bytes:
                raise _too_large(name, max_bytes)
            content = path.read_bytes()
        except OSError as problem:
            raise UserError(
                f"{name} cannot be opened: {problem.strerror or problem}.",
                "Check that it is there and may be read.",
            ) from problem
    if content[:2] == b"\x1f\x8b":
        content = _gunzip(content, name, max_bytes)
    if len(content) > max_bytes:
        raise _too_large(name, max_bytes)
    if not content.strip():
        raise UserError(f"{name} is empty.", "Export it again.")
    table = _read(content, name)
    return table if categories else replace(table, frame=decode(table.frame))


def _read(content: bytes, name: str) -> Table:
    if content.startswith(XPORT):
        return _read_sas(content, name, "SAS transport")
    if content[:32] == SAS7BDAT:
        return _read_sas(content, name, "SAS7BDAT")
    if content[:4] == b"PAR1":
        return _read_parquet(content, name)
    for magic, (what, remedy) in _FOREIGN.items():
        if content.startswith(magic):
            raise UserError(f"{name} is {what}, which is not read here.", remedy)
    if SAS7BDAT.startswith(content[:32]) or XPORT.startswith(content[: len(XPORT)]):
        raise _truncated(name)
    if looks_like_json(content[:64]):
        return _json(content, name)
    if not looks_like_text(content[:4096]):
        raise UserError(f"{name} is in no format read here.", f"Give the table as {FORMATS}.")
    frame, notes, findings = read_text(content, name)
    return Table(frame, {}, name, "CSV", notes, findings)


def _json(content: bytes, name: str) -> Table:
    frame, labels, notes, findings = read_dataset_json(content, name)
    return Table(frame, labels, name, "Dataset-JSON", notes, findings)


def _too_large(name: str, max_bytes: int) -> UserError:
    return UserError(
        f"{name} is larger than {max_bytes / 1e6:,.0f} MB.",
        "Keep the columns and parameters that are needed, or write it as Parquet.",
    )


def _truncated(name: str) -> UserError:
    return UserError(f"{name} is cut off: its end is missing.", "Copy or export it again.")


def _gunzip(content: bytes, name: str, max_bytes: int) -> bytes:
    """Unpack gzip, at most ``max_bytes`` of it, so that a bomb does not fill the memory."""
    unpacked = bytearray()
    rest = content
    try:
        while rest[:2] == b"\x1f\x8b":  # gzip files may be several, one after the other
            unzip = zlib.decompressobj(wbits=31)
            unpacked += unzip.decompress(rest, max_bytes + 1 - len(unpacked))
            if len(unpacked) > max_bytes:
                raise _too_large(name, max_bytes)
            if not unzip.eof:
                raise _truncated(name)
            rest = unzip.unused_data
    except zlib.error as problem:
        raise UserError(
            f"{name} is a damaged gzip file: {problem}.", "Copy or export it again."
        ) from problem
    return bytes(unpacked)


def _read_sas(content: bytes, name: str, kind: str) -> Table:
    import pyreadstat  # with what it brings, a tenth of what the reading process has to load

    read = pyreadstat.read_xport if kind == "SAS transport" else pyreadstat.read_sas7bdat
    notes = []
    frame, meta = pd.DataFrame(), None
    _check_sas_size(content, name, read)
    for encoding in (None, "WINDOWS-1252"):
        try:
            # Dates are converted below: pyreadstat makes a Python object of each.
            frame, meta = read(
                io.BytesIO(content), disable_datetime_conversion=True, encoding=encoding
            )
            if encoding:
                notes.append("Not UTF-8: read as Windows-1252 (Western European).")
            break
        except UnicodeDecodeError:
            continue
        except Exception as problem:  # readstat's errors share no base with Python's own
            if encoding is None and "encod" in str(problem).lower():
                continue
            raise UserError(
                f"{name} is a damaged or cut-off {kind} file: {problem}.",
                "Copy or export it again.",
            ) from problem
    if meta is None:
        raise UserError(f"The text of {name} is in no known encoding.", "Export it in UTF-8.")
    if kind == "SAS transport":
        _check_xport_end(content, len(frame), name)
    check_names([str(c) for c in frame.columns], name)
    if frame.empty:
        raise UserError(f"{name} has columns but no rows.", "Export it again, with its records.")
    columns = {}
    findings: list[Finding] = []
    for column in map(str, frame.columns):
        values = frame[column]
        date_kind = _sas_date_kind(str(meta.original_variable_types.get(column) or ""))
        if values.dtype == object:
            texts = pa.array(values, pa.string(), from_pandas=True)
            columns[column], told = from_text(column, texts, typed=True)
            findings += told
        elif date_kind:
            columns[column] = sas_dates(values, date_kind == "datetime").rename(column)
        else:
            columns[column] = from_numbers(column, values)
    labels = {
        str(k): str(v).strip() for k, v in meta.column_names_to_labels.items() if v and v.strip()
    }
    return Table(pd.DataFrame(columns), labels, name, kind, tuple(notes), tuple(findings))


def _check_sas_size(content: bytes, name: str, read: Any) -> None:
    """A compressed SAS7BDAT may unpack to far more rows than its size suggests."""
    try:
        _, meta = read(io.BytesIO(content), metadataonly=True)
    except Exception:  # the reading itself says better what is wrong
        return
    rows = meta.number_rows
    if rows is None:  # version 5 transport: as many as the file has room for
        rows = len(content) // max(sum(meta.variable_storage_width.values()), 1)
    check_cells(rows, len(meta.column_names), name)


_DATE_FORMATS = (
    "DATE", "YYMMDD", "DDMMYY", "MMDDYY", "E8601DA", "B8601DA", "IS8601DA", "WORDDAT", "WEEKDAT",
    "JULIAN", "MONYY", "YYMON", "YYMM", "MMYY", "NLDATE",
)  # fmt: skip
_DATETIME_FORMATS = (
    "DATETIME", "DATEAMPM", "E8601DT", "E8601DN", "E8601DZ", "B8601DT", "B8601DN", "B8601DZ",
    "IS8601DT", "DTDATE", "DTMONYY", "NLDATM", "MDYAMPM",
)  # fmt: skip


def _sas_date_kind(sas_format: str) -> str:
    """Say "date", "datetime" or "" for a SAS format such as DATE9."""
    sas_format = sas_format.upper()
    if sas_format.startswith(_DATETIME_FORMATS):
        return "datetime"
    return "date" if sas_format.startswith(_DATE_FORMATS) else ""


def _check_xport_end(content: bytes, rows: int, name: str) -> None:
    """readstat takes a cut-off transport file for a shorter one; version 5 has no row count.

    The records after the header must be used up but for blanks to the next multiple of 80 bytes.
    Layout: SAS technical note TS-140 (140-byte variable descriptors, length at offset 4).
    """
    if len(content) % 80:
        raise _truncated(name)
    names = max(content.find(b"HEADER RECORD*******NAM" + v) for v in (b"ESTR", b"STV8"))
    first = content.find(b"HEADER RECORD*******OBS", names)
    if names < 0 or first < 0:
        raise _truncated(name)
    try:
        variables = int(content[names + 48 : names + 58])
        # Version 8 has a row count, which readstat does not hold against a shorter file.
        promised = content[first + 48 : first + 63].strip()
        rows_promised = int(promised) if content.startswith(XPORT + b"V8") and promised else rows
    except ValueError as problem:
        raise UserError(
            f"{name} is a damaged SAS transport file.", "Copy or export it again."
        ) from problem
    if rows < rows_promised:
        raise _truncated(name)
    start = names + 80
    width = sum(
        struct.unpack_from(">h", content, start + 140 * i + 4)[0]
        for i in range(variables)
        if start + 140 * i + 6 <= len(content)
    )
    rest = content[first + 80 + rows * width :]
    if b"HEADER RECORD*******MEM" in rest:
        raise UserError(f"{name} holds more than one table.", "Write one transport file per table.")
    if rest.strip(b" \x00"):
        raise _truncated(name)


def _read_parquet(content: bytes, name: str) -> Table:
    if content[-4:] != b"PAR1":
        raise _truncated(name)
    try:
        buffer = pa.BufferReader(content)  # not of Python: columns are read side by side
        head = pq.read_metadata(buffer)
        # A few bytes of Parquet can stand for billions of equal values.
        check_cells(head.num_rows, head.num_columns, name)
        texts = [
            field.name
            for field in head.schema.to_arrow_schema()
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        # Text stays in the dictionaries it is stored in: ``from_text`` wants those.
        table = pq.ParquetFile(buffer, metadata=head, read_dictionary=texts).read()
        table.validate(full=True)
        return _from_arrow(table, name)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        raise UserError(
            f"{name} is a damaged Parquet file: {str(problem).splitlines()[0][:200]}.",
            "Copy or export it again.",
        ) from problem


def _from_arrow(table: pa.Table, name: str) -> Table:
    keep = [c for c in table.column_names if not c.startswith("__index_level_")]
    check_names(keep, name)
    if table.num_rows == 0:
        raise UserError(f"{name} has columns but no rows.", "Export it again, with its records.")
    columns: dict[str, Any] = {}
    labels = {}
    notes = []
    findings: list[Finding] = []
    for column in table.schema:
        if column.name not in keep:
            continue
        if pa.types.is_nested(column.type):
            notes.append(f"{column.name} holds lists or records: left out.")
            continue
        values = table.column(column.name)
        if pa.types.is_dictionary(values.type) and pa.types.is_string(values.type.value_type):
            columns[column.name], told = from_text(column.name, values, typed=True)
            findings += told
        else:
            columns[column.name], told = _arrow_column(column.name, values)
            findings += told
        label = (column.metadata or {}).get(b"label", b"").decode("utf-8", "replace").strip()
        if label:
            labels[column.name] = label
    # Each column stays where it is: to gather those of a kind would copy them all.
    frame = pd.DataFrame(columns, copy=False)
    return Table(frame, labels, name, "Parquet", tuple(notes), tuple(findings))


def _arrow_column(name: str, values: pa.ChunkedArray) -> tuple[Any, tuple[Finding, ...]]:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
        kind = values.type
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
        kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = values.cast(pa.float64(), safe=False).to_numpy()
        return from_numbers(name, numbers), ()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        naive = values.cast(pa.timestamp("us"), safe=False).to_numpy()
        return pd.Series(naive, name=name), ()
    if pa.types.is_null(kind):
        return from_numbers(name, [float("nan")] * len(values)), ()
    return from_text(name, values.cast(pa.string()), typed=True)
