"""A study's files, loose, in a folder or in a zip: which table each is, and what they make.

Bundled studies, ``--study`` and uploads read by these rules alike: a file's role follows from the
sender, else from its name, else from its columns.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from services.errors import UserError, few
from services.reading.columns import upper_columns
from services.reading.formats import foreign
from services.reading.formats.archive import is_zip, unpack
from services.reading.formats.read import MAX_BYTES, read_table, table_names
from services.reading.formats.table import Table
from services.reading.guess import guess_columns
from services.reading.names import NOT_TABLES, OTHER, TABLES, named_role, role_of
from services.study.model import SUBJECT, Finding, Study, slug

_ARMS = {"TRT01P", "TRT01A", "TRTP", "TRTA", "ARM", "ACTARM"}
_EVENTS = {"AEDECOD", "AETERM", "AEBODSYS", "AESOC"}
MOST_CHOICES = 10


@dataclass(frozen=True)
class File:
    """A file as it came, or one table of a file that holds several.

    ``role`` is "" where nobody said; ``member`` is the table's own name, "" in files of one.
    """

    name: str
    path: Path
    role: str = ""
    member: str = ""
    spare: bool = False  # its file was meant for another role: used where nothing else is


@dataclass(frozen=True)
class Found:
    """What files hold: tables by role ("adtte" among them), names of files not used, and the
    content of ``study.toml`` if it came.

    Where nothing tells which of several tables holds the times, the likeliest is "adtte" and the
    others are "table-2" and so on, for a person to choose.
    """

    tables: Mapping[str, Table]
    left: tuple[str, ...]
    toml: bytes | None


def read_study(path: Path | str) -> Study:
    """The study of a folder, a zip archive or a single file: a bundled one, or one of ``--study``.

    Raises
    ------
    UserError : there is none, or what is there makes no study; says what to do
    """
    path = Path(path)
    if path.is_dir():
        files = _in_folder(path)
        name = path.resolve().name
    elif path.is_file():
        files = [File(path.name, path)]
        name = path.name.split(".")[0]
    else:
        raise UserError(
            f"There is no folder {path}.", "Give the folder or zip that contains ADTTE."
        )
    with tempfile.TemporaryDirectory(prefix="smm-study-") as scratch:
        found = read_files(files, Path(scratch), MAX_BYTES)
    others = [t.name for role, t in found.tables.items() if role.startswith(OTHER)]
    if others:
        raise _none_is_adtte([found.tables["adtte"].name, *others])
    # Not above: the process that only reads uploads starts without them.
    from services.reading import build as reading_build
    from services.reading.study_toml import Meta, parse_meta

    meta = parse_meta(tomllib.loads(found.toml.decode("utf-8-sig"))) if found.toml else Meta()
    study = reading_build.build(
        found.tables.get("adsl"),
        found.tables["adtte"],
        found.tables.get("adae"),
        id=meta.id or slug(name),
        meta=meta,
        kind=meta.kind or "real",
    )
    report = study.report
    return replace(study, report=replace(report, findings=(*report.findings, *unused(found.left))))


def unused(left: tuple[str, ...]) -> tuple[Finding, ...]:
    """What the report says of files that came along."""
    return tuple(Finding("note", f"{name} is not ADSL, ADTTE or ADAE: not used.") for name in left)


def _in_folder(folder: Path) -> list[File]:
    """The files of a folder that may be a study's: nobody sent them, so only names tell."""
    files = [
        File(f.name, f)
        for f in sorted(folder.iterdir())
        if f.is_file() and not f.name.startswith(".")
    ]
    roles = {role_of(f.name) for f in files}
    # A zip beside tables is a copy of them.
    ends = tuple(end for end in TABLES if end != ".zip") if "adtte" in roles else TABLES
    wanted = [
        f
        for f in files
        if f.name.lower() == "study.toml" or role_of(f.name) or f.name.lower().endswith(ends)
    ]
    if not wanted:
        raise UserError(
            f"{folder} contains no ADTTE file.",
            "Provide the times to events as adtte.csv, .xlsx, .xpt, .sas7bdat, .parquet or .json.",
        )
    return wanted


def read_files(files: list[File], scratch: Path, max_bytes: int) -> Found:
    """Read files, and archives of files.

    Parameters
    ----------
    scratch : folder that archives are unpacked into
    max_bytes : of a file, unpacked

    Raises
    ------
    UserError : files that cannot be read, or none that can be times to events
    """
    found = _unpacked(files, scratch, max_bytes)
    toml = [f for f in found if f.name.lower() == "study.toml"]
    candidates = [
        f for f in found if f not in toml and (f.role or not f.name.lower().endswith(NOT_TABLES))
    ]
    content = _checked_toml(toml[0]) if toml else None
    named: dict[str, File] = {}
    unnamed = []
    left = [f.name for f in found if f not in candidates and f not in toml]
    for file in sorted(_one_by_one(candidates, max_bytes), key=lambda f: f.spare):
        role = file.role
        if not role:
            unnamed.append(file)
        elif role not in named:
            named[role] = file
        elif file.spare:
            left.append(file.name)
        else:
            raise UserError(
                f"Two files are for {role.upper()}: {named[role].name} and {file.name}.",
                "Send one of them.",
            )
    tables = {role: _table(f, max_bytes) for role, f in named.items()}
    if "adtte" in tables:
        left += [f.name for f in unnamed]
    else:
        left += _classify(unnamed, tables, max_bytes)
    if "adtte" not in tables:
        if not candidates:
            for file in found:
                if file not in toml:  # nothing but files that are no tables: say what they are
                    foreign.refuse_file(file.path, file.name)
        have = few(f"{t.name} ({role.upper()})" for role, t in tables.items())
        raise UserError(
            f"No file contains times to events{f'; there is {have}' if tables else ''}.",
            "Add ADTTE: one row per patient and endpoint, with a time and whether it was an event.",
        )
    return Found(tables, tuple(left), content)


def _table(file: File, max_bytes: int) -> Table:
    return read_table(
        file.path, file.name, member=file.member, max_bytes=max_bytes, categories=True
    )


def _one_by_one(files: list[File], max_bytes: int) -> list[File]:
    """Each table of each file, with the role that its own name or its file's gives it."""
    found = []
    for file in files:
        role = file.role or named_role(file.name)
        members = table_names(file.path, file.name, max_bytes)
        if len(members) < 2:
            found.append(replace(file, role=role))
            continue
        parts = [File(f"{file.name} ({m})", file.path, named_role(m), m) for m in members]
        if role:
            parts = [replace(p, spare=p.role not in ("", role)) for p in parts]
            if not any(p.role == role for p in parts):
                first = _first_that_fits([p for p in parts if not p.role], role, max_bytes)
                parts = [replace(p, role=role) if p == first else p for p in parts]
        found += parts
    return found


def _first_that_fits(files: list[File], role: str, max_bytes: int) -> File | None:
    """The first of a file's tables that can be what the file was sent as."""
    for file in files:
        with suppress(UserError):  # a sheet of notes, say
            table = _table(file, max_bytes)
            if role_by_columns(table) == role or (role == "adtte" and _may_hold_times(table)):
                return file
    return files[0] if files else None


def _may_hold_times(table: Table) -> bool:
    return {"AVAL", "CNSR"} <= set(guess_columns(table, "adtte"))


def _unpacked(files: list[File], scratch: Path, max_bytes: int) -> list[File]:
    found: list[File] = []
    for number, file in enumerate(files):
        if not _is_archive(file.path):
            found.append(file)
            continue
        into = scratch / f"zip-{number}"
        into.mkdir()
        for member in unpack(file.path, file.name, into, max_bytes):
            if _is_archive(member.path):
                raise UserError(
                    f"{file.name} contains another archive, {member.name}.",
                    "Put the tables themselves in the zip.",
                )
            found.append(File(member.name, member.path))
    return found


def _is_archive(path: Path) -> bool:
    """Whether a file is a zip of files; what Office writes is a zip too, and one file."""
    with path.open("rb") as opened:
        return is_zip(opened.read(4)) and not foreign.office(path)


def _checked_toml(file: File) -> bytes:
    content = file.path.read_bytes()
    if len(content) > 1_000_000:
        raise UserError("study.toml is larger than 1 MB.", "It should only describe the study.")
    from services.reading.study_toml import parse_meta

    try:
        parse_meta(tomllib.loads(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UserError(
            f"study.toml is not valid TOML: {str(problem)[:120]}.", "Correct that line."
        ) from problem
    except ValueError as problem:  # Python's own limit
        raise UserError(
            "study.toml has a whole number of thousands of digits.", "Correct that line."
        ) from problem
    return content


def _classify(unnamed: list[File], tables: dict[str, Table], max_bytes: int) -> list[str]:
    """Give files without a telling name their role by their columns; names of those left out."""
    plain: list[Table] = []
    left = []
    problems = []
    for file in unnamed:
        try:
            table = _table(file, max_bytes)
        except UserError as problem:
            if not file.member:
                raise
            problems.append(problem)  # one of several: the others may do
            left.append(file.name)
            continue
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
    if "adtte" in tables or not plain:
        if problems and not tables and not plain:
            raise problems[0]
        return [*left, *(t.name for t in plain)]
    plain.sort(key=lambda t: not _may_hold_times(t))
    tables["adtte"] = plain[0]
    tables |= {f"{OTHER}{i}": t for i, t in enumerate(plain[1:MOST_CHOICES], 2)}
    return [*left, *(t.name for t in plain[MOST_CHOICES:])]


def _none_is_adtte(names: list[str]) -> UserError:
    return UserError(
        f"None of {few(names)} has the columns of ADTTE.",
        "Rename the file with the times to events to adtte, or send it alone.",
    )


def role_by_columns(table: Table) -> str:
    """Which ADaM table this is, by its columns; "" if none."""
    frame = upper_columns(table).frame
    names = set(frame.columns)
    if {"AVAL", "CNSR"} <= names:
        return "adtte"
    if SUBJECT in names and names & _EVENTS:
        return "adae"
    if SUBJECT in names and names & _ARMS and frame[SUBJECT].is_unique and "AVAL" not in names:
        # With a time and a status beside its subjects it is a plain table of times.
        timed = names & {"TIME", "FUTIME", "TTE"} and names & {"EVENT", "STATUS", "DEATH"}
        return "" if timed else "adsl"
    return ""
