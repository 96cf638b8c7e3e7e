"""CDISC Dataset-JSON 1.1 in, as one object or as NDJSON (first line: the object without rows).

Specification: https://cdisc-org.github.io/DataExchange-DatasetJson/. Values become columns by the
same rules as in every other format (``tables_values``), so that a study reads as the same study.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from services.coded import number_text
from services.errors import UserError
from services.study import Finding
from services.tables_text import MAX_COLUMNS, check_names
from services.tables_values import from_numbers, from_text

_AGAIN = "Write it again as Dataset-JSON 1.1, or as SAS transport, CSV or Parquet."
_NUMERIC = ("integer", "float", "double", "boolean")
_OTHER = ("string", "decimal", "date", "datetime", "time", "URI")
SHOWN = 10


def looks_like_json(start: bytes) -> bool:
    """Whether a file's first bytes open a JSON object."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_dataset_json(
    content: bytes, name: str
) -> tuple[pd.DataFrame, dict[str, str], tuple[str, ...], tuple[Finding, ...]]:
    """Read a Dataset-JSON file.

    Returns
    -------
    (frame, labels, notes, findings)

    Raises
    ------
    UserError : not JSON, another version, cut off, or rows that do not fit the columns
    """
    head, rows = _parse(content, name)
    columns = _columns(head, name)
    names = [column["name"].strip() for column in columns]
    check_names(names, name)
    _check_rows(rows, len(columns), name)
    promised = head.get("records")
    if isinstance(promised, int) and promised != len(rows):
        raise UserError(
            f"{name} promises {promised:,} records and holds {len(rows):,}: it is cut off.",
            "Copy or export it again.",
        )
    if not rows:
        raise UserError(f"{name} has columns but no rows.", "Export it again, with its records.")
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
    return pd.DataFrame(frame), labels, (), tuple(findings)


def _parse(content: bytes, name: str) -> tuple[dict[str, Any], list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UserError(f"{name} is JSON, but not in UTF-8.", _AGAIN) from problem
    try:
        try:
            whole = json.loads(text)
        except json.JSONDecodeError as problem:
            # NDJSON: the first line is an object of its own, with more lines behind it.
            if "Extra data" not in problem.msg:
                raise
            lines = [line for line in text.splitlines() if line.strip()]
            head = json.loads(lines[0])
            return head, [json.loads(line) for line in lines[1:]]
    except (ValueError, RecursionError) as problem:
        raise UserError(
            f"{name} is damaged or cut-off JSON: {str(problem)[:120]}.", "Copy or export it again."
        ) from problem
    rows = whole.get("rows", [])
    if not isinstance(rows, list):
        raise UserError(f"{name}: “rows” is no list.", _AGAIN)
    return whole, rows


def _columns(head: Any, name: str) -> list[dict[str, Any]]:
    if isinstance(head, dict) and ("clinicalData" in head or "referenceData" in head):
        raise UserError(f"{name} is Dataset-JSON 1.0; 1.1 is read here.", _AGAIN)
    columns = head.get("columns") if isinstance(head, dict) else None
    if (
        not isinstance(columns, list)
        or not columns
        or not all(isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns)
    ):
        raise UserError(f"{name} is JSON, but no Dataset-JSON: it has no “columns”.", _AGAIN)
    version = str(head.get("datasetJSONVersion", "1.1"))
    if not version.startswith("1.1"):
        raise UserError(f"{name} is Dataset-JSON {version[:12]}; 1.1 is read here.", _AGAIN)
    if len(columns) > MAX_COLUMNS:
        check_names([c["name"] for c in columns], name)
    for column in columns:
        kind = column.get("dataType", "string")
        if kind not in (*_NUMERIC, *_OTHER):
            raise UserError(
                f"{name}: column {column['name']} has the data type {str(kind)[:40]!r}.",
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
            f"{name} has {width} columns, but {len(wrong):,} rows with another number of values.",
            "Export it again.",
            tuple(
                f"Row {i} has {f'{n} values' if n is not None else 'no list of values'}"
                for i, n in wrong[:SHOWN]
            ),
        )


def _values(name: str, kind: str, values: list[Any]) -> tuple[Any, tuple[Finding, ...]]:
    if kind in _NUMERIC and all(v is None or isinstance(v, (int, float)) for v in values):
        return from_numbers(name, [_as_float(v) for v in values]), ()
    texts = pa.array([_as_text(v) for v in values], pa.string())
    return from_text(name, texts, typed=True)


def _as_float(value: float | None) -> float:
    try:
        return np.nan if value is None else float(value)
    except OverflowError:  # a whole number beyond a double's range is no measurement
        return np.nan


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        # Half of a surrogate pair is legal in JSON, and no text.
        return value.encode("utf-8", "replace").decode() if value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value) if np.isfinite(value) else None
    return str(value) if isinstance(value, int) else json.dumps(value)
