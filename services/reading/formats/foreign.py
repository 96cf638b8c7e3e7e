"""Files that hold no table read here, told by their content: what they are and what to do."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from services import lists
from services.errors import UserError

_TABLE = "Export the table itself, as CSV, Excel or SAS transport."

_LISTS = lists.beside(__file__)
# By their first bytes: what stands for no table at all, and data in a format that is not read.
_DOCUMENTS = {start.encode("latin-1"): what for start, what in _LISTS["documents"].items()}
_DATA = [
    (start.encode("latin-1"), what, remedy)
    for remedy, starts in _LISTS["data"].items()
    for start, what in starts.items()
]
_WORDS = (b"PARE", b"ORC")  # a first column's name may begin with these
_OLE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype\s+)?([a-z]+)", re.I | re.S)


def refuse(content: bytes, name: str) -> None:
    """Raise a UserError that says what a file is, if it is known to hold no table read here."""
    for magic, what in _DOCUMENTS.items():
        if content.startswith(magic):
            raise UserError(f"{name} is {what}, not a table.", _TABLE)
    for magic, what, remedy in _DATA:
        if content.startswith(magic) and (magic not in _WORDS or b"\x00" in content):
            raise UserError(f"{name} is {what}, which cannot be read here.", remedy)
    if content.startswith(_OLE):
        raise _ole(content, name)
    if content[:4] == b"RIFF" or content[4:8] == b"ftyp":
        raise UserError(f"{name} is an image, audio or video file, not a table.", _TABLE)
    markup = _MARKUP.match(content[:4096].removeprefix(b"\xef\xbb\xbf"))
    if markup:
        page = markup[2].lower() in (b"html", b"head", b"body", b"table", b"div")
        what = "a web page (HTML)" if page else "a picture (SVG)" if markup[2] == b"svg" else "XML"
        raise UserError(f"{name} is {what}, not a table.", _TABLE)


def refuse_file(path: Path, name: str) -> None:
    """``refuse`` for a file on the disk, office files too."""
    kind = office(path)
    if kind and kind != "xlsx":
        raise refuse_office(kind, name)
    refuse(path.read_bytes(), name)


def _ole(content: bytes, name: str) -> UserError:
    """What Office wrote before 2007, or what it encrypts."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return UserError(
            f"{name} is a password-protected Office file.", "Save it without a password."
        )
    if holds("WordDocument") or holds("PowerPoint Document"):
        return UserError(f"{name} is an Office document, not a table.", _TABLE)
    return UserError(
        f"{name} is an old Excel workbook (.xls), which cannot be read here.",
        "Save it as .xlsx or CSV.",
    )


def office(archive: Path | IO[bytes]) -> str:
    """What kind of office file a zip is: "xlsx", a description in words, or ""."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = set(opened.namelist())
            kind = opened.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb)"
    if b"opendocument.spreadsheet" in kind:
        return "an OpenDocument spreadsheet"
    if any(n.startswith("word/") for n in names) or b"opendocument.text" in kind:
        return "a text document (Word)"
    if any(n.startswith("ppt/") for n in names) or b"opendocument.presentation" in kind:
        return "a presentation"
    return "an Office document" if "[Content_Types].xml" in names else ""


def refuse_office(kind: str, name: str) -> UserError:
    """The refusal of an office file that is no Excel workbook."""
    if "xlsb" in kind or "spreadsheet" in kind:
        return UserError(
            f"{name} is {kind}, which cannot be read here.", "Save it as .xlsx or CSV."
        )
    return UserError(f"{name} is {kind}, not a table.", _TABLE)
