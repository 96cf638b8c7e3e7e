"""One study in every format that is read, for tests that demand the same answers of each."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

Tables = Mapping[str, pd.DataFrame]
_LIBRARY = 240  # bytes before the first member of a transport file


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Cells as Python values; missing ones as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        [v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in row]
        for row in plain.itertuples(index=False, name=None)
    ]


def delimited(
    frame: pd.DataFrame, delimiter: str = ",", encoding: str = "utf-8", **dialect: Any
) -> bytes:
    """Delimited text."""
    out = io.StringIO()
    writer = csv.writer(out, **{"delimiter": delimiter, "lineterminator": "\n"} | dialect)
    writer.writerow(frame.columns)
    for row in _rows(frame):
        writer.writerow(["" if v is None else _written(v) for v in row])
    return out.getvalue().encode(encoding)


def _written(value: Any) -> Any:
    return value.date().isoformat() if hasattr(value, "isoformat") else value


def xport(frame: pd.DataFrame, name: str = "DATA", version: int = 5) -> bytes:
    """A SAS transport file of one member."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.xpt")
        plain = pd.DataFrame(
            {
                c: [v.date() if isinstance(v, pd.Timestamp) else v for v in frame[c].astype(object)]
                if pd.api.types.is_datetime64_any_dtype(frame[c])
                else frame[c]
                for c in frame
            }
        )
        pyreadstat.write_xport(plain, str(path), table_name=name, file_format_version=version)
        return path.read_bytes()


def library(tables: Tables, version: int = 5) -> bytes:
    """Several members in one transport file, as PROC COPY writes a library."""
    files = [xport(frame, name.upper(), version) for name, frame in tables.items()]
    return files[0] + b"".join(file[_LIBRARY:] for file in files[1:])


def parquet(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def _described(frame: pd.DataFrame) -> dict[str, Any]:
    kinds = {"f": "float", "i": "integer", "b": "boolean", "M": "date"}
    return {
        "datasetJSONCreationDateTime": "2026-01-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG",
        "records": len(frame),
        "name": "T",
        "label": "T",
        "columns": [
            {
                "itemOID": c,
                "name": c,
                "label": "",
                "dataType": kinds.get(frame[c].dtype.kind, "string"),
            }
            for c in frame
        ],
    }


def _json_rows(frame: pd.DataFrame) -> list[list[Any]]:
    return [[_written(v) if v is not None else None for v in row] for row in _rows(frame)]


def dataset_json(frame: pd.DataFrame) -> bytes:
    return json.dumps(_described(frame) | {"rows": _json_rows(frame)}).encode()


def ndjson(frame: pd.DataFrame) -> bytes:
    lines = [_described(frame), *_json_rows(frame)]
    return "\n".join(map(json.dumps, lines)).encode()


def dsjc(frame: pd.DataFrame) -> bytes:
    """Compressed Dataset-JSON: a zlib stream of NDJSON."""
    return zlib.compress(ndjson(frame))


def records(frame: pd.DataFrame) -> bytes:
    rows = [dict(zip(frame.columns, row, strict=True)) for row in _json_rows(frame)]
    return json.dumps(rows).encode()


def workbook(sheets: Mapping[str, pd.DataFrame | list[list[Any]]]) -> bytes:
    """An Excel workbook; a sheet is a table or rows of cells."""
    book = openpyxl.Workbook(write_only=True)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        rows = content if isinstance(content, list) else [list(content.columns), *_rows(content)]
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _each(write: Callable[[pd.DataFrame], bytes], end: str) -> Callable[[Tables], dict[str, bytes]]:
    return lambda tables: {f"{name}.{end}": write(frame) for name, frame in tables.items()}


# How a study's tables become files, by a name for the format.
FORMATS: dict[str, Callable[[Tables], dict[str, bytes]]] = {
    "csv": _each(delimited, "csv"),
    "tsv": _each(lambda f: delimited(f, "\t"), "tsv"),
    "semicolon": _each(lambda f: delimited(f, ";"), "csv"),
    "pipe": _each(lambda f: delimited(f, "|"), "txt"),
    "sep line": _each(lambda f: b"sep=;\r\n" + delimited(f, ";"), "csv"),
    "UTF-16": _each(lambda f: delimited(f, "\t", "utf-16"), "txt"),
    "old Mac": _each(lambda f: delimited(f, lineterminator="\r"), "csv"),
    "all quoted": _each(lambda f: delimited(f, quoting=csv.QUOTE_ALL), "csv"),
    "blanks": _each(lambda f: delimited(f, quoting=csv.QUOTE_ALL).replace(b'","', b'", "'), "csv"),
    "trailing": _each(lambda f: delimited(f, lineterminator=",\n"), "csv"),
    "gzip": _each(lambda f: gzip.compress(delimited(f)), "csv.gz"),
    "xpt": _each(xport, "xpt"),
    "xpt 8": _each(lambda f: xport(f, version=8), "xpt"),
    "library": lambda tables: {"study.xpt": library(tables)},
    "parquet": _each(parquet, "parquet"),
    "dataset-json": _each(dataset_json, "json"),
    "ndjson": _each(ndjson, "ndjson"),
    "dsjc": _each(dsjc, "dsjc"),
    "records": _each(records, "json"),
    "xlsx": _each(lambda f: workbook({"Sheet1": f}), "xlsx"),
    "workbook": lambda tables: {"study.xlsx": workbook({k.upper(): t for k, t in tables.items()})},
    "zip": lambda tables: {"study.zip": zipped(_each(delimited, "csv")(tables))},
    "zip of a workbook": lambda tables: {
        "a.zip": zipped({"study.xlsx": workbook({k.upper(): t for k, t in tables.items()})})
    },
}
