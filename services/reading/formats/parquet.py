"""Parquet in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.errors import UserError
from services.reading.formats.bounds import check_cells, check_names
from services.reading.formats.objects import TICKS_PER_DAY, say_days
from services.reading.formats.plain import from_numbers, from_text
from services.reading.formats.table import Table, no_rows, truncated
from services.study.model import Finding

_NO_SHIFT = {"UTC", "GMT", "Z", "ETC/UTC", "+00:00"}


def read_parquet(content: bytes, name: str) -> Table:
    """Read a Parquet file; UserError if it is damaged, cut off or too large."""
    if content[-4:] != b"PAR1":
        raise truncated(name)
    try:
        buffer = pa.BufferReader(content)  # not of Python: columns are read side by side
        head = pq.read_metadata(buffer)
        # A few bytes of Parquet can stand for billions of equal values.
        check_cells(head.num_rows, head.num_columns, name)
        texts = [f.name for f in head.schema.to_arrow_schema() if _is_text(f.type)]
        # Text stays in the dictionaries it is stored in: ``from_text`` wants those.
        table = pq.ParquetFile(buffer, metadata=head, read_dictionary=texts).read()
        check_cells(table.num_rows, head.num_columns, name)  # what it says of itself is a claim
        table.validate(full=True)
        return _from_arrow(table, name)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        raise UserError(
            f"{name} is a damaged Parquet file: {str(problem).splitlines()[0][:200]}.",
            "Copy or export it again.",
        ) from problem


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _from_arrow(table: pa.Table, name: str) -> Table:
    keep = [c for c in table.column_names if not c.startswith("__index_level_")]
    check_names(keep, name)
    if table.num_rows == 0:
        raise no_rows(name)
    columns: dict[str, Any] = {}
    labels = {}
    notes = []
    findings: list[Finding] = []
    durations = []
    for field in table.schema:
        column = field.name
        if column not in keep:
            continue
        read = _column(column, _stored(table.column(column)))
        if read is None:
            what = "lists or records" if pa.types.is_nested(field.type) else str(field.type)
            notes.append(f"{column} contains {what}: left out.")
            continue
        columns[column], note, told = read
        notes += [note] if note else []
        findings += told
        if pa.types.is_duration(field.type):
            durations.append(column)
        label = (field.metadata or {}).get(b"label", b"").decode("utf-8", "replace").strip()
        if label:
            labels[column] = label
    notes += say_days(columns, durations)
    # Each column stays where it is: to gather those of a kind would copy them all.
    frame = pd.DataFrame(columns, copy=False)
    return Table(frame, labels, name, "Parquet", tuple(notes), tuple(findings))


def _stored(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values under an extension type, or behind a dictionary of anything but text."""
    if isinstance(values.type, pa.BaseExtensionType):
        values = pa.chunked_array(
            [chunk.storage for chunk in values.chunks], values.type.storage_type
        )
    kind = values.type
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type):
        return values.cast(kind.value_type)
    return values


def _column(name: str, values: pa.ChunkedArray) -> tuple[Any, str, tuple[Finding, ...]] | None:
    """The plain column, a note and findings; ``None`` for values that are none of a study's."""
    kind = values.type
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
        kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = values.cast(pa.float64(), safe=False).to_numpy()
        return from_numbers(name, numbers), "", ()
    if pa.types.is_duration(kind):
        ticks = values.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy()
        return pd.Series(ticks / TICKS_PER_DAY[kind.unit], name=name), "", ()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return *_moments(name, values), ()
    if pa.types.is_null(kind):
        return from_numbers(name, [float("nan")] * len(values)), "", ()
    if not (pa.types.is_dictionary(kind) or _is_text(kind)):
        if not pa.types.is_time(kind) and not pa.types.is_binary(kind):
            return None
        try:
            values = values.cast(pa.string())
        except pa.ArrowException:  # bytes that are no text
            return None
    column, findings = from_text(name, values, typed=True)
    return column, "", findings


def _moments(name: str, values: pa.ChunkedArray) -> tuple[Any, str]:
    """Dates and times; of those with a time zone what the clocks there showed.

    A midnight east of Greenwich is the evening before in UTC: its date would be a day off.
    """
    zone = getattr(values.type, "tz", None)
    note = ""
    if zone and zone.upper() not in _NO_SHIFT:
        try:
            values = pc.local_timestamp(values)
            note = f"{name} is in the time zone {zone[:40]}: read as local time."
        except pa.ArrowInvalid:  # a zone nobody knows
            note = f"{name} is in an unknown time zone, {zone[:40]!r}: read as UTC."
    naive = values.cast(pa.timestamp("us"), safe=False).to_numpy()
    return pd.Series(naive, name=name), note
