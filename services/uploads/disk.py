"""Files and folders of the store: sizes, locks, and what is surely on the disk."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any


def lock_file(lock: IO[str]) -> None:
    """Hold a file against other processes until it is closed."""
    try:
        import fcntl
    except ImportError:  # Windows: one process per store
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


def size(folder: Path) -> int:
    """Bytes of the files in a folder; 0 if it is gone."""
    total = 0
    with suppress(FileNotFoundError):  # deleted while we look
        for file in folder.iterdir():
            total += file.stat().st_size
    return total


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON; on the disk when this returns."""
    with path.open("w", encoding="utf-8") as out:
        json.dump(value, out)
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
