"""What is kept of an uploaded study beside its tables, and its file ``entry.json``."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

import pyarrow as pa
from pydantic import BaseModel, Field, FiniteFloat

from services.errors import UserError
from services.reading.mapping import Mapping, parse_mapping
from services.study.model import Finding

log = logging.getLogger("smm")


@dataclass(frozen=True)
class Entry:
    """What is known of an uploaded study beside its tables. Times are seconds since 1970.

    A ``draft`` is no study yet: its tables were read, but what is what has to be said.
    ``key_sha256`` is of the key that corrects and deletes it: only its uploader has the key itself.
    It is "" for studies stored before there were keys: their link does both, until they expire.
    """

    id: str
    created: float
    draft: bool
    tables: dict[str, dict[str, Any]]
    left: tuple[str, ...] = ()
    mapping: Mapping = field(default_factory=Mapping)
    key_sha256: str = ""

    @property
    def keyed(self) -> bool:
        """Whether only a key corrects and deletes it."""
        return bool(self.key_sha256)

    @property
    def edition(self) -> str:
        """What tells whether something else has been said of the tables since."""
        said = json.dumps([self.draft, self.mapping.to_json()], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def opens_to(self, key: str) -> bool:
        """Whether who has this key may correct and delete it."""
        return not self.keyed or hmac.compare_digest(hashed(key), self.key_sha256)


class _Table(BaseModel, strict=True):
    name: str
    format: str
    labels: dict[str, str]
    notes: list[str]
    findings: list[Finding] = []  # studies stored by an earlier version have none


class _Stored(BaseModel, strict=True):
    """What an ``entry.json`` holds, as far as this program relies on it."""

    created: Annotated[FiniteFloat, Field(ge=0, le=1e11)]
    draft: bool
    tables: dict[str, _Table]
    left: list[str]
    mapping: dict[str, Any]
    key_sha256: Annotated[str, Field(pattern="^[0-9a-f]*$")] = ""


def new_key() -> str:
    """128 random bits, written as an id is: what keeps ids out of logs keeps keys out too."""
    return secrets.token_hex(16)


def hashed(key: str) -> str:
    """What is kept of a key. It is random, so that nothing slower than SHA-256 is needed."""
    return hashlib.sha256(key.strip().lower().encode()).hexdigest()


def read_entry(study_id: str, text: bytes) -> Entry:
    """An entry from its file.

    Raises
    ------
    UserError : the file is none of ours (410); logged without the id, which opens the study
    """
    with undamaged():
        raw = json.loads(text)
        _Stored.model_validate_json(text)
        if "adtte" not in raw["tables"]:
            raise LookupError("adtte")
        return _from_json(study_id, raw)


@contextmanager
def undamaged() -> Iterator[None]:
    """Say in words that what is stored cannot be read (410); a file that is not there stays so."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (ValueError, LookupError, TypeError, RecursionError, pa.ArrowException) as problem:
        raise _damaged(problem) from problem
    except OSError as problem:
        # Of pyarrow, which names no cause; or a folder stands where the file should.
        if problem.errno is not None and not isinstance(problem, IsADirectoryError):
            raise
        raise _damaged(problem) from problem


def _damaged(problem: Exception) -> UserError:
    log.warning("a stored study cannot be read: %s", type(problem).__name__)
    return UserError(
        "The stored files of this study are damaged.",
        "Delete it and upload it again.",
        status=410,
    )


def check_key(text: bytes, key: str) -> None:
    """Refuse who has no right to change the study of an entry's file (403).

    What is damaged cannot be read by anybody, and goes without a key.
    """
    try:
        entry = read_entry("", text)
    except UserError:
        return
    if not entry.opens_to(key):
        raise UserError(
            "This is not the key of this study." if key else "This needs the key of the study.",
            "The key was shown when the study was uploaded; the browser that uploaded it has it "
            "too. A link lets others see the study, not correct or delete it.",
            status=403,
        )


def corrected(study_id: str, text: bytes, mapping: Mapping, edition: str = "") -> bytes:
    """An entry's file with another mapping, for who saw it as it was in that edition.

    Raises
    ------
    UserError : something else was said meanwhile (409); the file is none of ours
    """
    now = read_entry(study_id, text)
    if edition not in ("", now.edition) and now.mapping != mapping:
        raise UserError(
            "The columns were corrected elsewhere while this page was open.",
            "Nothing was saved here. Reload the page to see what was chosen there, then correct"
            " that.",
            status=409,
        )
    return write_entry(replace(now, mapping=mapping, draft=False))


def write_entry(entry: Entry) -> bytes:
    """An entry's file."""
    return json.dumps(
        {
            "created": entry.created,
            "draft": entry.draft,
            "tables": entry.tables,
            "left": list(entry.left),
            "mapping": entry.mapping.to_json(),
            "key_sha256": entry.key_sha256,
        }
    ).encode()


def _from_json(study_id: str, raw: dict[str, Any]) -> Entry:
    return Entry(
        id=study_id,
        created=raw["created"],
        draft=raw["draft"],
        tables=raw["tables"],
        left=tuple(raw["left"]),
        mapping=parse_mapping(raw["mapping"]),
        key_sha256=str(raw.get("key_sha256", "")),
    )
