"""A process of its own that turns uploaded files into plain Parquet tables.

Files from outside are read here and nowhere else: a file that fills the memory, or crashes a
reader written in C, ends this process and not the server; and while it works, the server answers.

One job as a line of JSON on standard input, one answer as JSON on standard output::

    {"files": [{"name", "path", "role"}], "out", "scratch", "max_bytes", "memory"}
    {"tables": {role: {"name", "format", "labels", "notes"}}, "left": [names], "toml": bool}
    {"error": {"message", "hint", "details"}}
"""

from __future__ import annotations

import json
import select
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.adam import ROLES
from services.adam_columns import upper_columns
from services.adam_meta import parse_meta
from services.archive import is_zip, unpack
from services.errors import UserError
from services.study import SUBJECT
from services.tables import Table, read_table
from services.tables_store import write_plain

IDLE_SECONDS = 600
CPU_SECONDS = 600
_MEMORY = UserError(
    "These files need more memory than one upload is given here.",
    "Keep the columns and parameters that are needed, or write them as Parquet.",
)
_ARMS = {"TRT01P", "TRT01A", "TRTP", "TRTA", "ARM", "ACTARM"}
_EVENTS = {"AEDECOD", "AETERM", "AEBODSYS", "AESOC"}
_NO_TABLE = (".md", ".pdf", ".html", ".htm", ".log", ".xml", ".sas", ".r", ".py", ".docx", ".png")


@dataclass(frozen=True)
class File:
    """A file as it came. ``role`` is "" where nobody said."""

    name: str
    path: Path
    role: str = ""


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
    found = _unpacked(files, scratch, max_bytes)
    toml = [f for f in found if f.name.lower() == "study.toml"]
    candidates = [
        f for f in found if f not in toml and (f.role or not f.name.lower().endswith(_NO_TABLE))
    ]
    if toml:
        (out / "study.toml").write_bytes(_checked_toml(toml[0]))
    named: dict[str, File] = {}
    unnamed = []
    for file in candidates:
        role = file.role or _role_of(file.name)
        if not role:
            unnamed.append(file)
        elif role in named:
            raise UserError(
                f"Two files are for {role.upper()}: {named[role].name} and {file.name}.",
                "Send one of them.",
            )
        else:
            named[role] = file
    tables = {role: read_table(f.path, f.name, max_bytes=max_bytes) for role, f in named.items()}
    left = [f.name for f in found if f not in candidates and f not in toml]
    if "adtte" in tables:
        left += [f.name for f in unnamed]
    else:
        left += _classify(unnamed, tables, max_bytes)
    if "adtte" not in tables:
        have = ", ".join(f"{t.name} ({role.upper()})" for role, t in tables.items())
        raise UserError(
            f"No file holds times to events{f'; there is {have}' if have else ''}.",
            "Add ADTTE: one row per patient and endpoint, with a time and whether it was an event.",
        )
    for role, table in tables.items():
        write_plain(table.frame, out / f"{role}.parquet")
    return {
        "tables": {
            role: {
                "name": t.name,
                "format": t.format,
                "labels": dict(t.labels),
                "notes": list(t.notes),
            }
            for role, t in tables.items()
        },
        "left": left,
        "toml": bool(toml),
    }


def _unpacked(files: list[File], scratch: Path, max_bytes: int) -> list[File]:
    found: list[File] = []
    for number, file in enumerate(files):
        with file.path.open("rb") as opened:
            start = opened.read(4)
        if not is_zip(start):
            found.append(file)
            continue
        into = scratch / f"zip-{number}"
        into.mkdir()
        for member in unpack(file.path, file.name, into, max_bytes):
            with member.path.open("rb") as opened:
                if is_zip(opened.read(4)):
                    raise UserError(
                        f"{file.name} holds another archive, {member.name}.",
                        "Pack the tables themselves.",
                    )
            found.append(File(member.name, member.path))
    return found


def _checked_toml(file: File) -> bytes:
    content = file.path.read_bytes()
    if len(content) > 1_000_000:
        raise UserError("study.toml is larger than 1 MB.", "It holds words about the study only.")
    try:
        parse_meta(tomllib.loads(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UserError(
            f"study.toml is not valid TOML: {str(problem)[:120]}.", "Correct that line."
        ) from problem
    return content


def _role_of(name: str) -> str:
    stem = name.lower().split(".")[0]
    return next((role for role in ROLES if stem.endswith(role)), "")


def _classify(unnamed: list[File], tables: dict[str, Table], max_bytes: int) -> list[str]:
    """Give files without a telling name their role by their columns; names of those left out."""
    plain: list[Table] = []
    left = []
    for file in unnamed:
        table = read_table(file.path, file.name, max_bytes=max_bytes)
        role = role_by_columns(table)
        if not role:
            plain.append(table)
        elif role in tables:
            raise UserError(
                f"Two files look like {role.upper()}: {tables[role].name} and {table.name}.",
                f"Send one of them, or name the right one {role}.",
            )
        else:
            tables[role] = table
    if "adtte" not in tables and len(plain) == 1:
        tables["adtte"] = plain.pop()
    elif "adtte" not in tables and plain:
        raise UserError(
            f"None of {', '.join(t.name for t in plain)} is ADTTE by its columns.",
            "Name the file with the times to events adtte, or send it alone.",
        )
    left += [t.name for t in plain]
    return left


def role_by_columns(table: Table) -> str:
    """Which ADaM table this is, by its columns; "" if none."""
    frame = upper_columns(table).frame
    names = set(frame.columns)
    if {"AVAL", "CNSR"} <= names:
        return "adtte"
    if SUBJECT in names and names & _EVENTS:
        return "adae"
    if SUBJECT in names and names & _ARMS and frame[SUBJECT].is_unique and "AVAL" not in names:
        return "" if _has_times(names) else "adsl"
    return ""


def _has_times(names: set[str]) -> bool:
    """A table of subjects that also holds a time and a status is a plain table of times."""
    return bool(names & {"TIME", "FUTIME", "TTE"}) and bool(names & {"EVENT", "STATUS", "DEATH"})


if __name__ == "__main__":
    sys.exit(main())
