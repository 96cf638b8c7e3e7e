"""Zip archives in: their files one by one, each into a file whose name is ours.

Nothing inside an archive chooses a path, so none can reach outside; what tries is refused all the
same. What is unpacked is counted while it is unpacked: an archive's own sizes are only claims.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from services.errors import UserError, short
from services.reading.formats.table import megabytes

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MAX_MEMBERS = 200
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Member:
    """A file of an archive. ``name`` is its last part, for people; ``path`` is where it lies."""

    name: str
    path: Path


def is_zip(start: bytes) -> bool:
    """Whether a file's first bytes are a zip archive's."""
    return start.startswith((ZIP, EMPTY_ZIP))


def unpack(archive: Path, name: str, into: Path, max_bytes: int) -> tuple[Member, ...]:
    """Unpack the files of a zip archive.

    Parameters
    ----------
    archive : its path; ``name`` is what people call it
    into : folder for the files, which are named by number
    max_bytes : of all files together, unpacked

    Raises
    ------
    UserError : damaged, encrypted, too large, too many files, paths that lead outside, or none
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [i for i in opened.infolist() if not i.is_dir()]
            _check(infos, name, max_bytes)
            wanted = [i for i in infos if not _is_litter(i.filename)]
            members = []
            left = max_bytes
            for number, info in enumerate(wanted):
                target = into / f"member-{number}"
                left -= _copy(opened, info, target, left, name, max_bytes)
                members.append(Member(PurePosixPath(info.filename).name, target))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as problem:
        raise UserError(
            f"{name} is a damaged or truncated zip archive.",
            "Copy it again, or zip the files again.",
        ) from problem
    except NotImplementedError as problem:
        raise UserError(
            f"{name} is compressed in a way that cannot be read here: {problem}.",
            "Zip the files again with the standard method.",
        ) from problem
    if not members:
        raise UserError(f"{name} contains no files.", "Put ADSL, ADTTE and ADAE in it.")
    return tuple(members)


def _check(infos: list[zipfile.ZipInfo], name: str, max_bytes: int) -> None:
    names = [info.filename for info in infos]
    for inside in names:
        path = PurePosixPath(inside.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
            raise UserError(
                f"{name} contains a file whose path leads outside the archive: {short(inside)}.",
                "Zip the files themselves, without folders.",
            )
    if any(info.flag_bits & 1 for info in infos):
        raise UserError(f"{name} is encrypted.", "Zip the files again without a password.")
    if len(infos) > MAX_MEMBERS:
        raise UserError(
            f"{name} contains {len(infos):,} files; at most {MAX_MEMBERS} are read.",
            "Zip only ADSL, ADTTE and ADAE.",
        )
    if sum(info.file_size for info in infos) > max_bytes:
        raise _too_large(name, max_bytes)


def _too_large(name: str, max_bytes: int) -> UserError:
    return UserError(
        f"{name} is larger than {megabytes(max_bytes)} when unpacked.",
        "Zip only ADSL, ADTTE and ADAE, or save them as Parquet.",
    )


def _is_litter(path: str) -> bool:
    return path.startswith("__MACOSX/") or PurePosixPath(path).name.startswith(".")


def _copy(
    opened: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    target: Path,
    left: int,
    name: str,
    max_bytes: int,
) -> int:
    written = 0
    with opened.open(info) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise _too_large(name, max_bytes)
            out.write(chunk)
    return written
