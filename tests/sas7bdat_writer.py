"""Write small SAS7BDAT files for tests.

Only SAS writes these, and pyreadstat exposes no writer; the ReadStat library inside it has one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pyreadstat import _readstat_writer

_STRING, _DOUBLE = 0, 5
_DATA_WRITER = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_EPOCH = np.datetime64("1960-01-01")


def sas7bdat(frame: pd.DataFrame, labels: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a SAS7BDAT file with this table: text, numbers and dates (as DATE9.)."""
    lib: Any = ctypes.CDLL(_readstat_writer.__file__)
    for name in ("readstat_writer_init", "readstat_add_variable"):
        getattr(lib, name).restype = ctypes.c_void_p
    pieces: list[bytes] = []

    def receive(data: int, length: int, _context: object) -> int:
        pieces.append(ctypes.string_at(data, length))
        return length

    callback = _DATA_WRITER(receive)
    writer = ctypes.c_void_p(lib.readstat_writer_init())
    _check(lib.readstat_set_data_writer(writer, callback))
    variables = []
    for name in frame.columns:
        values = frame[name]
        text = values.dtype == object
        width = max((len(str(v).encode()) for v in values.dropna()), default=1) if text else 8
        variable = ctypes.c_void_p(
            lib.readstat_add_variable(
                writer, name.encode(), _STRING if text else _DOUBLE, ctypes.c_size_t(width)
            )
        )
        label = (labels or {}).get(name)
        if label:
            lib.readstat_variable_set_label(variable, label.encode())
        if np.issubdtype(values.dtype, np.datetime64):
            lib.readstat_variable_set_format(variable, b"DATE9")
            days = (values.to_numpy().astype("datetime64[D]") - _EPOCH).astype(float)
            values = pd.Series(np.where(values.isna(), np.nan, days))
        variables.append((variable, text, values.tolist()))
    _check(lib.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(len(frame))))
    for i in range(len(frame)):
        _check(lib.readstat_begin_row(writer))
        for variable, text, values in variables:
            value = values[i]
            if pd.isna(value):
                code = lib.readstat_insert_missing_value(writer, variable)
            elif text:
                code = lib.readstat_insert_string_value(writer, variable, str(value).encode())
            else:
                code = lib.readstat_insert_double_value(writer, variable, ctypes.c_double(value))
            _check(code)
        _check(lib.readstat_end_row(writer))
    _check(lib.readstat_end_writing(writer))
    lib.readstat_writer_free(writer)
    return b"".join(pieces)


def _check(code: int) -> None:
    if code:
        raise RuntimeError(f"ReadStat error {code}")
