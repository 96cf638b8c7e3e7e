"""Plain tables to Parquet and back, exactly: what ``tables`` made of a file is kept as it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.values.frames import is_coded


def write_plain(frame: pd.DataFrame, path: Path) -> None:
    """Write float64, datetime64[us] and categorical columns; on the disk when this returns."""
    columns = {str(name): _array(frame[name]) for name in frame.columns}
    with path.open("wb") as out:
        pq.write_table(
            pa.table(columns),
            out,
            compression="lz4",
            write_statistics=False,  # every row is read again
            # One dictionary per column, so that reading need not join them.
            row_group_size=max(len(frame), 1),
            dictionary_pagesize_limit=1 << 30,
        )
        out.flush()
        os.fsync(out.fileno())


def _array(values: pd.Series) -> pa.Array:
    if values.dtype == np.float64:
        return pa.array(values.to_numpy(), type=pa.float64(), from_pandas=False)
    if not is_coded(values):
        return pa.array(values.to_numpy(), type=pa.timestamp("us"))
    codes = values.cat.codes.to_numpy()
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values.cat.categories, pa.string()))


def read_plain(path: Path) -> pd.DataFrame:
    """The inverse of ``write_plain``.

    Text comes as categoricals: codes are what it is stored as, and what
    ``services/reading/`` wants.
    """
    table = pq.ParquetFile(path).read()
    columns = {name: _column(table.column(name)) for name in table.column_names}
    return pd.DataFrame(columns, copy=False)


def _column(values: pa.ChunkedArray) -> Any:
    if not pa.types.is_dictionary(values.type):
        return np.asarray(values.to_numpy())
    whole = values.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # no rows: no chunks
        return np.empty(0, dtype=object)
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)
    levels = pd.Index(whole.dictionary.to_pylist(), dtype=object)
    return pd.Categorical.from_codes(codes, levels)
