"""What is kept of an uploaded study beside its tables, and its file ``entry.json``."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from services.errors import UserError
from services.reading.mapping import Mapping, parse_mapping

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

    def opens_to(self, key: str) -> bool:
        """Whether who has this key may correct and delete it."""
        return not self.keyed or hmac.compare_digest(hashed(key), self.key_sha256)


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
    try:
        return _from_json(study_id, json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        log.warning("a stored study cannot be read: %s", type(problem).__name__)
        raise UserError(
            "The stored files of this study are damaged.",
            "Delete it and upload it again.",
            status=410,
        ) from problem


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
