"""A process of its own that turns uploaded files into plain Parquet tables.

Files from outside are read here and nowhere else: a file that fills the memory, or crashes a
reader written in C, ends this process and not the server; and while it works, the server answers.

One job as a line of JSON on standard input, one answer as JSON on standard output::

    {"files": [{"name", "path", "role"}], "out", "scratch", "max_bytes", "memory"}
    {"tables": {role: {"name", "format", "labels", "notes", "findings"}},
     "left": [names], "toml": bool}
    {"error": {"message", "hint", "details"}}
"""

from __future__ import annotations

import json
import os
import select
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.errors import UserError
from services.reading.files import File, read_files
from services.uploads.disk import write_plain

IDLE_SECONDS = 600
CPU_SECONDS = 600
_MEMORY = UserError(
    "These files need more memory than one upload may use here.",
    "Keep only the columns and parameters that are needed, or save them as Parquet.",
)


def main() -> int:
    """Wait for a job, do it, answer."""
    if sys.platform != "win32" and not select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        return 0
    line = sys.stdin.readline()
    if not line:
        return 0
    job = json.loads(line)
    _limit(job["memory"])
    try:
        answer = work(
            [File(f["name"], Path(f["path"]), f["role"]) for f in job["files"]],
            Path(job["out"]),
            Path(job["scratch"]),
            job["max_bytes"],
        )
    except UserError as problem:
        answer = (_MEMORY if _is_memory(problem) else problem).to_json()
    except MemoryError:
        answer = _MEMORY.to_json()
    print(json.dumps(answer))
    return 0


def _is_memory(problem: UserError) -> bool:
    """Whether a reader took want of memory (or of a thread's stack) for a damaged file."""
    cause = problem.__cause__
    return isinstance(cause, MemoryError) or "Failed to launch worker thread" in str(cause)


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def work(files: list[File], out: Path, scratch: Path, max_bytes: int) -> dict[str, Any]:
    """Read files into ``out``, one ``<role>.parquet`` each; the answer says what they are.

    Raises
    ------
    UserError : files that cannot be read, or none that can be times to events
    """
    found = read_files(files, scratch, max_bytes)
    if found.toml is not None:
        (out / "study.toml").write_bytes(found.toml)
    for role, table in found.tables.items():
        write_plain(table.frame, out / f"{role}.parquet")
    return {
        "tables": {
            role: {
                "name": t.name,
                "format": t.format,
                "labels": dict(t.labels),
                "notes": list(t.notes),
                "findings": [asdict(found) for found in t.findings],
            }
            for role, t in found.tables.items()
        },
        "left": list(found.left),
        "toml": found.toml is not None,
    }


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the server waits: freeing a million texts one by one takes its time
