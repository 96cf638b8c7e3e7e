"""Files and folders of the store: sizes, locks, and what is surely on the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.errors import UserError
from services.values.frames import is_coded

_UNUSABLE = (
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR,
)  # fmt: skip


def lock_file(lock: IO[str]) -> None:
    """Hold a file against other processes until it is closed."""
    try:
        import fcntl
    except ImportError:  # Windows: one process per store
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder, so that ``is_held`` says so in any process until this one is done or gone."""
    handle = os.open(folder, os.O_RDONLY) if os.name == "posix" else None
    try:
        if handle is not None:
            _try_lock(handle)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether a process that lives holds a folder; True where that cannot be told."""
    if os.name != "posix":
        return True
    handle = os.open(folder, os.O_RDONLY)
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another holds it, or there are no locks on this disk
        return False
    return True


@contextmanager
def storing() -> Iterator[None]:
    """Say in words that the disk is full, or that nothing can be written."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(
                "The server's disk is full, so nothing was saved.",
                "Whoever runs the server can free space in its store. Try again later.",
                status=507,
            ) from problem
        if problem.errno in _UNUSABLE:
            raise UserError(
                "The server cannot write to its store, so nothing was changed.",
                "Whoever runs the server can check the folder in SMM_STORE_DIR and its rights.",
                status=503,
            ) from problem
        raise


def size(folder: Path) -> int:
    """Bytes of the files in a folder; 0 if it is gone, or none."""
    total = 0
    with suppress(OSError):  # deleted while we look, or not a folder of ours
        for file in folder.iterdir():
            total += file.stat().st_size
    return total


def write_file(path: Path, content: bytes) -> None:
    """Write a file; on the disk when this returns."""
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def sync(folder: Path) -> None:
    """Put what a folder holds, and its names, on the disk."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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


def read_plain(source: Path | IO[bytes]) -> pd.DataFrame:
    """The inverse of ``write_plain``.

    Text comes as categoricals: codes are what it is stored as, and what
    ``services/reading/`` wants.
    """
    table = pq.ParquetFile(source).read()
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
