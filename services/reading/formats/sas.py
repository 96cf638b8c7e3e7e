"""SAS transport (version 5 and 8, one member of a library) and SAS7BDAT in.

Layout of transport files: SAS technical note TS-140; of version 8, the note that follows it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from services import lists
from services.errors import UserError, few
from services.reading.formats.bounds import check_cells, check_names
from services.reading.formats.plain import from_numbers, from_text, sas_dates
from services.reading.formats.table import NOT_UTF8, Table, damaged, no_rows, truncated
from services.study.model import Finding

XPORT = b"HEADER RECORD*******LIB"
SAS7BDAT = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
RECORD = 80
_LIBRARY = 3 * RECORD  # the library's own header, before its first member
_MEMBERS = (
    b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!",
    b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!",
)
_NAMESTR = 140  # bytes that describe a variable: its type at 0, its length at 4
_TEXT = 2


def member_names(content: bytes) -> tuple[str, ...]:
    """The names of the tables in a transport file, as they come."""
    return tuple(name for name, _ in _members(content))


def _members(content: bytes) -> list[tuple[str, int]]:
    """Name and start of each member; a name that is there twice gets a number."""
    found: dict[str, int] = {}
    for start in sorted(_starts(content)):
        version_8 = content[start : start + len(_MEMBERS[1])] == _MEMBERS[1]
        at = start + 2 * RECORD + 8  # behind the two headers: "SAS", then the name
        name = content[at : at + (32 if version_8 else 8)].decode("latin-1").strip(" \0")
        name = name or "unnamed"
        number = 1 + sum(other.partition(" ")[0] == name for other in found)
        found[name if number == 1 else f"{name} {number}"] = start
    return list(found.items())


def _starts(content: bytes) -> Iterator[int]:
    for marker in _MEMBERS:
        at = content.find(marker)
        while at >= 0:
            if at % RECORD == 0:  # anywhere else it is somebody's text
                yield at
            at = content.find(marker, at + 1)


def read_xport(content: bytes, name: str, member: str = "") -> Table:
    """Read a transport file, or one member of it.

    Raises
    ------
    UserError : damaged, cut off, or several members and none named
    """
    members = _members(content)
    if len(members) > 1:
        if not member:
            raise UserError(
                f"{name} contains more than one table: {few(n for n, _ in members)}.",
                "Write one transport file per table, or specify which one to use.",
            )
        starts = [start for _, start in members]
        start = dict(members)[member]
        later = [s for s in starts if s > start]
        content = content[:_LIBRARY] + content[start : min(later, default=len(content))]
    layout = _layout(content, name)
    if len(content) % RECORD:
        raise truncated(name)
    return _read(_without_padding(content, layout), name, "SAS transport", layout)


def read_sas7bdat(content: bytes, name: str) -> Table:
    """Read a SAS7BDAT file; UserError if it is damaged or cut off."""
    return _read(content, name, "SAS7BDAT", None)


@dataclass(frozen=True)
class _Layout:
    """Where a transport file's records are. ``rows`` is what version 8 promises."""

    data: int
    width: int
    has_text: bool
    rows: int | None


def _layout(content: bytes, name: str) -> _Layout:
    names = max(content.find(b"HEADER RECORD*******NAM" + v) for v in (b"ESTR", b"STV8"))
    first = content.find(b"HEADER RECORD*******OBS", names)
    if names < 0 or first < 0:
        # Other bytes behind a right beginning are no end that is missing.
        raise damaged(name, "SAS transport file")
    try:
        variables = int(content[names + 48 : names + 58])
        promised = content[first + 48 : first + 63].strip()
        rows = int(promised) if content.startswith(XPORT + b"V8") and promised else None
        described = [
            struct.unpack_from(">hhh", content, names + RECORD + _NAMESTR * i)
            for i in range(variables)
        ]
    except (ValueError, struct.error) as problem:
        raise damaged(name, "SAS transport file") from problem
    width = sum(length for _, _, length in described)
    return _Layout(first + RECORD, width, any(kind == _TEXT for kind, _, _ in described), rows)


def _without_padding(content: bytes, layout: _Layout) -> bytes:
    """The file with blanks, as the format has it, where a writer filled up with zero bytes.

    Text is never zero bytes, so a record of nothing else is none; numbers may be (they are 0).
    """
    if content[-1:] != b"\0" or not layout.has_text or layout.width <= 0:
        return content
    used = len(content.rstrip(b"\0")) - layout.data
    end = layout.data + -(-max(used, 0) // layout.width) * layout.width
    if end >= len(content):
        return content
    return content[:end] + b" " * (-end % RECORD)


def _read(content: bytes, name: str, kind: str, layout: _Layout | None) -> Table:
    frame, meta, notes = _frame(content, name, kind)
    if layout is not None:
        _check_end(content, len(frame), layout, name)
    if not all(isinstance(column, str) for column in frame.columns):
        raise damaged(name, f"{kind} file")  # a name of zero bytes is none
    check_names(list(frame.columns), name)
    if frame.empty:
        raise no_rows(name)
    columns = {}
    findings: list[Finding] = []
    for column in frame.columns:
        values = frame[column]
        date_kind = _date_kind(str(meta.original_variable_types.get(column) or ""))
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


def _frame(content: bytes, name: str, kind: str) -> tuple[pd.DataFrame, Any, list[str]]:
    """The values as the file has them, texts decoded; readstat's own description; notes."""
    import pyreadstat  # with what it brings, a tenth of what the reading process has to load

    read = pyreadstat.read_xport if kind == "SAS transport" else pyreadstat.read_sas7bdat
    _check_size(content, name, read)
    # Dates are converted by the caller: pyreadstat makes a Python object of each.
    for encoding in (None, "ISO-8859-1"):
        try:
            frame, meta = read(
                io.BytesIO(content), disable_datetime_conversion=True, encoding=encoding
            )
        except Exception as problem:  # readstat's errors share no base with Python's own
            text = isinstance(problem, UnicodeDecodeError) or "encod" in str(problem).lower()
            if encoding is None and text:
                continue
            raise damaged(name, f"{kind} file") from problem
        if encoding is None:
            return frame, meta, []
        # Every byte as one character: those bytes are decoded here, all by one rule.
        return _decoded(frame, meta, name)
    raise AssertionError("unreachable: the second encoding reads any byte")


def _decoded(frame: pd.DataFrame, meta: Any, name: str) -> tuple[pd.DataFrame, Any, list[str]]:
    texts = [c for c in frame.columns if frame[c].dtype == object]
    distinct = {c: pd.factorize(frame[c]) for c in texts}
    labels: Mapping[str, str | None] = meta.column_names_to_labels
    raw = [t for _, levels in distinct.values() for t in levels]
    raw += [label for label in labels.values() if label]
    try:
        written, cut = _by_bytes({t for t in raw if not t.isascii()})
    except UnicodeDecodeError as problem:
        raise UserError(
            f"The text of {name} is in an unknown encoding.", "Export it in UTF-8."
        ) from problem
    columns = {}
    for column in frame.columns:
        if column in distinct:
            codes, levels = distinct[column]
            slots = pd.array([*(written.get(t, t) for t in levels), None], dtype=object)
            columns[column] = pd.Series(slots[codes], dtype=object)
        else:
            columns[column] = frame[column]
    meta.column_names_to_labels = {k: written.get(v, v) if v else v for k, v in labels.items()}
    if cut is None:
        note = NOT_UTF8
    else:
        where = few(str(c) for c, (_, levels) in distinct.items() if any(t in cut for t in levels))
        note = (
            f"{len(cut):,} {'text is' if len(cut) == 1 else 'texts are'} cut off inside a"
            f" character, shown as � ({where}): written longer than the column."
        )
    return pd.DataFrame(columns), meta, [note]


def _by_bytes(texts: Iterable[str]) -> tuple[dict[str, str], set[str] | None]:
    """What the bytes of texts stand for, and which of them end inside a character.

    UTF-8 if every text is but for a cut end, and some have whole characters beyond ASCII: a last
    byte alone may as well be a letter of Windows-1252, for which the second answer is ``None``.
    """
    written: dict[str, str] = {}
    cut: set[str] = set()
    whole = False
    for text in texts:
        raw = text.encode("latin-1")
        try:
            written[text] = raw.decode()
            whole = True
        except UnicodeDecodeError as problem:
            if problem.reason != "unexpected end of data":
                break
            written[text] = raw[: problem.start].decode() + "�"
            whole |= not raw[: problem.start].isascii()
            cut.add(text)
    else:
        if whole:
            return written, cut
    return {text: text.encode("latin-1").decode("cp1252") for text in texts}, None


def _check_size(content: bytes, name: str, read: Any) -> None:
    """A compressed SAS7BDAT may unpack to far more rows than its size suggests."""
    try:
        _, meta = read(io.BytesIO(content), metadataonly=True)
    except Exception:  # the reading itself says better what is wrong
        return
    rows = meta.number_rows
    if rows is None:  # version 5 transport: as many as the file has room for
        rows = len(content) // max(sum(meta.variable_storage_width.values()), 1)
    check_cells(rows, len(meta.column_names), name)


# What formats for dates, and for dates with a time of day, begin with.
_DATE_FORMATS, _DATETIME_FORMATS = (
    lists.words(lists.beside(__file__)[kind]) for kind in ("date", "datetime")
)


def _date_kind(sas_format: str) -> str:
    """Say "date", "datetime" or "" for a SAS format such as DATE9."""
    sas_format = sas_format.upper()
    if sas_format.startswith(_DATETIME_FORMATS):
        return "datetime"
    return "date" if sas_format.startswith(_DATE_FORMATS) else ""


def _check_end(content: bytes, rows: int, layout: _Layout, name: str) -> None:
    """readstat takes a cut-off transport file for a shorter one; version 5 has no row count.

    The records after the header must be used up but for blanks to the next multiple of 80 bytes.
    """
    if layout.rows is not None and rows < layout.rows:
        raise truncated(name)
    if content[layout.data + rows * layout.width :].strip(b" \x00"):
        raise truncated(name)
