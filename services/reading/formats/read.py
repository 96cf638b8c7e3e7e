"""One table file in: SAS transport (v5, v8), SAS7BDAT, CSV, Excel, Parquet, JSON, gzip of these.

The format is recognized by content, never by the file's name. What comes out has plain columns
only: float64, datetime64[us], or text: object with NaN, or categories where those are asked for.
"""

from __future__ import annotations

import io
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from services.errors import UserError
from services.reading.formats import excel, foreign, sas
from services.reading.formats.bounds import bounded
from services.reading.formats.dataset_json import looks_like_json, read_json
from services.reading.formats.delimited import looks_like_text, read_text, without_padding
from services.reading.formats.lines import on_one_line
from services.reading.formats.parquet import read_parquet
from services.reading.formats.table import Table, damaged, too_large, truncated
from services.values.frames import decode

FORMATS = (
    "SAS transport (.xpt), SAS7BDAT, CSV, Excel (.xlsx), Parquet, Dataset-JSON 1.1 or a JSON list"
    " of records, optionally gzipped"
)
MAX_BYTES = 2 << 30
ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_STEP, _LARGEST_STEP = 1 << 12, 1 << 20


def read_table(
    source: Path | str | bytes,
    name: str | None = None,
    *,
    member: str = "",
    max_bytes: int = MAX_BYTES,
    categories: bool = False,
) -> Table:
    """Read one table of any supported format.

    Parameters
    ----------
    source : path of a file, or its content
    name : what to call it in messages; a path's own name if left out
    member : one of ``table_names``, in a file that holds several
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
                raise too_large(name, max_bytes)
            content = path.read_bytes()
        except OSError as problem:
            raise UserError(
                f"{name} cannot be opened: {problem.strerror or problem}.",
                "Check that it exists and can be read.",
            ) from problem
    content = _unpacked(content, name, max_bytes)
    if not content.strip():
        raise UserError(f"{name} is empty.", "Export it again.")
    table = on_one_line(bounded(_read(content, name, member, max_bytes)))
    return table if categories else replace(table, frame=decode(table.frame))


def table_names(source: Path, name: str, max_bytes: int = MAX_BYTES) -> tuple[str, ...]:
    """The tables in a file that may hold several, by name: members of a SAS transport library,
    sheets of a workbook. () for every other format, whatever its content.

    Raises
    ------
    UserError : a workbook that cannot be read
    """
    with source.open("rb") as opened:
        start = opened.read(len(sas.XPORT))
        if start[:2] == _GZIP:
            opened.seek(0)
            with suppress(zlib.error):  # the reading itself says better what is wrong
                unzip = zlib.decompressobj(wbits=31)
                start = unzip.decompress(opened.read(1 << 16), len(sas.XPORT))
    if start == sas.XPORT:
        return sas.member_names(_unpacked(source.read_bytes(), name, max_bytes))
    if start[:4] == ZIP and foreign.office(source) == "xlsx":
        return excel.sheet_names(source.read_bytes(), name, max_bytes)
    return ()


def _read(content: bytes, name: str, member: str, max_bytes: int) -> Table:
    if content.startswith(sas.XPORT):
        return sas.read_xport(content, name, member)
    if content[:32] == sas.SAS7BDAT:
        return sas.read_sas7bdat(content, name)
    if content[:4] == b"PAR1":
        return read_parquet(content, name)
    if content[:4] == ZIP:
        kind = foreign.office(io.BytesIO(content))
        if kind == "xlsx":
            return excel.read_excel(content, name, member, max_bytes)
        if kind:
            raise foreign.refuse_office(kind, name)
        raise UserError(f"{name} is a zip archive, which cannot be read here.", "Unpack it.")
    if sas.SAS7BDAT.startswith(content[:32]) or sas.XPORT.startswith(content[: len(sas.XPORT)]):
        raise truncated(name)
    foreign.refuse(content, name)
    content = without_padding(content)
    if looks_like_json(content[:256]):
        return read_json(content, name)
    if not looks_like_text(content[:4096]):
        raise UserError(
            f"{name} is not in a format that can be read here.", f"Provide the table as {FORMATS}."
        )
    frame, notes, findings = read_text(content, name)
    return Table(frame, {}, name, "CSV", notes, findings)


def _unpacked(content: bytes, name: str, max_bytes: int) -> bytes:
    """Content out of gzip or a zlib stream (compressed Dataset-JSON is one), if it is in one."""
    if content[:2] == _GZIP:
        try:
            content = _inflated(content, name, max_bytes, wbits=31)
        except zlib.error as problem:
            raise damaged(name, "gzip file") from problem
    elif content[:1] == b"x" and int.from_bytes(content[:2], "big") % 31 == 0:
        try:
            content = _inflated(content, name, max_bytes, wbits=15)
        except zlib.error as problem:  # "x^2,y" is a header too
            if not looks_like_text(content[:4096]):
                raise damaged(name, "compressed file") from problem
    if len(content) > max_bytes:
        raise too_large(name, max_bytes)
    return content


def _inflated(content: bytes, name: str, max_bytes: int, wbits: int) -> bytes:
    """Unpack at most ``max_bytes``, so that a bomb does not fill the memory."""
    unpacked = bytearray()
    packed, at = memoryview(content), 0
    while packed[at : at + 2] == content[:2]:  # such files may be several, one after the other
        unzip = zlib.decompressobj(wbits)
        step = _STEP
        while not unzip.eof:
            # What follows a small file is copied each time: of little.
            piece = packed[at : at + step]
            if not piece:
                raise truncated(name)
            unpacked += unzip.decompress(piece, max_bytes + 1 - len(unpacked))
            if len(unpacked) > max_bytes:
                raise too_large(name, max_bytes)
            at += len(piece) - len(unzip.unused_data)
            step = min(2 * step, _LARGEST_STEP)
    return bytes(unpacked)
