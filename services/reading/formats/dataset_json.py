"""JSON in: CDISC Dataset-JSON 1.1, as one object or as NDJSON (first line: the object without
rows), and lists of records, as an array or one a line.

Specification: https://cdisc-org.github.io/DataExchange-DatasetJson/. Values become columns by the
same rules as in every other format (``plain``), so that a study reads as the same study.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pyarrow as pa

from services import json_text
from services.errors import UserError, short
from services.format import counted
from services.reading.formats.bounds import MAX_COLUMNS, check_names
from services.reading.formats.objects import as_float, as_text, from_columns
from services.reading.formats.plain import from_numbers, from_text
from services.reading.formats.table import Table, no_rows
from services.study.model import Finding

_AGAIN = "Save it as Dataset-JSON 1.1, or as SAS transport, CSV or Parquet."
_NUMERIC = ("integer", "float", "double", "boolean")
_OTHER = ("string", "decimal", "date", "datetime", "time", "URI")
SHOWN = 10
_OPENS = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\]]|$))")
_LINE_END = re.compile(r"\r\n|\n|\r")  # not those that JSON allows inside of a text


def looks_like_json(start: bytes) -> bool:
    """Whether a file's first bytes open a JSON object, or a list of objects or lists."""
    text = start.decode(json.detect_encoding(start), "ignore").removeprefix("\ufeff")
    return _OPENS.match(text) is not None


def read_json(content: bytes, name: str) -> Table:
    """Read a Dataset-JSON file, or a list of records.

    Raises
    ------
    UserError : not JSON, another version, cut off, or rows that do not fit the columns
    """
    found = _parse(content, name)
    if isinstance(found, list):
        return _records(found, name)
    return _dataset(*found, name)


def _dataset(head: dict[str, Any], rows: list[Any], name: str) -> Table:
    columns = _columns(head, name)
    names = [column["name"].strip() for column in columns]
    check_names(names, name)
    _check_rows(rows, len(columns), name)
    promised = head.get("records")
    if isinstance(promised, int) and promised != len(rows):
        raise UserError(
            f"{name} should contain {promised:,} records but contains {len(rows):,}: it is"
            " truncated.",
            "Copy or export it again.",
        )
    if not rows:
        raise no_rows(name)
    frame: dict[str, Any] = {}
    findings: list[Finding] = []
    for i, column in enumerate(columns):
        values = [row[i] for row in rows]
        kind = column.get("dataType", "string")
        frame[names[i]], told = _values(names[i], kind, values)
        findings += told
    labels = {
        names[i]: c["label"].strip()
        for i, c in enumerate(columns)
        if isinstance(c.get("label"), str) and c["label"].strip()
    }
    return Table(pd.DataFrame(frame), labels, name, "Dataset-JSON", (), tuple(findings))


def _records(rows: list[Any], name: str) -> Table:
    """A table of objects, whose keys are the columns; a key that is not there is missing."""
    if not rows:
        raise no_rows(name)
    odd = sum(not isinstance(row, dict) for row in rows)
    if odd:
        raise UserError(
            f"{name} is a JSON list, but {odd:,} of its {len(rows):,} elements"
            f" {'is not a record' if odd == 1 else 'are not records'}.",
            'Write each record as an object, such as {"USUBJID": "01", "AVAL": 12}.',
        )
    keys = dict.fromkeys(key for row in rows for key in row)
    check_names([key.strip() for key in keys], name)
    made = from_columns({k.strip(): [row.get(k) for row in rows] for k in keys}, typed=True)
    frame = pd.DataFrame(made.frame)
    return Table(frame, {}, name, "JSON", tuple(made.notes), tuple(made.findings))


def _parse(content: bytes, name: str) -> tuple[dict[str, Any], list[Any]] | list[Any]:
    """Head and rows of Dataset-JSON, or a list of records."""
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise UserError(f"{name} is JSON, but not in UTF-8.", _AGAIN) from problem
    try:
        try:
            whole = json_text.read(text)
        except json.JSONDecodeError as problem:
            # NDJSON: the first line is an object of its own, with more lines behind it.
            if "Extra data" not in problem.msg:
                raise
            lines = [json_text.read(line) for line in _LINE_END.split(text) if line.strip()]
            head = lines[0]
            if isinstance(head, dict) and "columns" in head:
                return head, lines[1:]
            whole = lines
    except (ValueError, RecursionError) as problem:
        where = f" (line {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise UserError(
            f"{name} is damaged or truncated JSON{where}.", "Copy or export it again."
        ) from problem
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        raise UserError(f"{name} is JSON but contains no records.", _AGAIN)
    rows = whole.get("rows", [])
    if not isinstance(rows, list):
        raise UserError(f"{name}: “rows” is not a list.", _AGAIN)
    return whole, rows


def _columns(head: Any, name: str) -> list[dict[str, Any]]:
    if isinstance(head, dict) and ("clinicalData" in head or "referenceData" in head):
        raise UserError(f"{name} is Dataset-JSON 1.0; only 1.1 can be read here.", _AGAIN)
    columns = head.get("columns") if isinstance(head, dict) else None
    if columns is None and head and all(isinstance(v, (list, dict)) for v in head.values()):
        raise UserError(
            f"{name} is JSON in column form (one list per column), which cannot be read here.",
            'Write a list of records, [{"USUBJID": "01", "AVAL": 12}, …], or CSV.',
        )
    if (
        not isinstance(columns, list)
        or not columns
        or not all(isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns)
    ):
        raise UserError(f"{name} is JSON but not Dataset-JSON: it has no “columns”.", _AGAIN)
    version = str(head.get("datasetJSONVersion", "1.1"))
    if not version.startswith("1.1"):
        raise UserError(
            f"{name} is Dataset-JSON {version[:12]}; only 1.1 can be read here.", _AGAIN
        )
    if len(columns) > MAX_COLUMNS:
        check_names([c["name"] for c in columns], name)
    for column in columns:
        kind = column.get("dataType", "string")
        if kind not in (*_NUMERIC, *_OTHER):
            raise UserError(
                f"{name}: column {short(column['name'])} has the data type {str(kind)[:40]!r}.",
                f"Dataset-JSON 1.1 has {', '.join((*_NUMERIC, *_OTHER))}.",
            )
    return columns


def _check_rows(rows: list[Any], width: int, name: str) -> None:
    wrong = [
        (i, len(row) if isinstance(row, list) else None)
        for i, row in enumerate(rows, 1)
        if not isinstance(row, list) or len(row) != width
    ]
    if wrong:
        raise UserError(
            f"{name} has {counted(width, 'column', 'columns')}, but"
            f" {counted(len(wrong), 'row has', 'rows have')} a different number of values.",
            "Export it again.",
            tuple(
                f"Row {i} has "
                + ("no list of values" if n is None else counted(n, "value", "values"))
                for i, n in wrong[:SHOWN]
            ),
        )


def _values(name: str, kind: str, values: list[Any]) -> tuple[Any, tuple[Finding, ...]]:
    if kind in _NUMERIC and all(v is None or isinstance(v, (int, float)) for v in values):
        return from_numbers(name, [as_float(v) for v in values]), ()
    texts = pa.array([as_text(v) for v in values], pa.string())
    return from_text(name, texts, typed=True)
