"""What is kept of an uploaded study beside its tables, and its file ``entry.json``."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any

from services.errors import UserError
from services.reading.mapping import Mapping, parse_mapping

log = logging.getLogger("smm")


@dataclass(frozen=True)
class Entry:
    """What is known of an uploaded study beside its tables. Times are seconds since 1970.

    A ``draft`` is no study yet: its tables were read, but what is what has to be said.
    """

    id: str
    created: float
    draft: bool
    tables: dict[str, dict[str, Any]]
    left: tuple[str, ...] = ()
    mapping: Mapping = field(default_factory=Mapping)


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


def to_json(entry: Entry) -> dict[str, Any]:
    """An entry as its file has it."""
    return {
        "created": entry.created,
        "draft": entry.draft,
        "tables": entry.tables,
        "left": list(entry.left),
        "mapping": entry.mapping.to_json(),
    }


def _from_json(study_id: str, raw: dict[str, Any]) -> Entry:
    return Entry(
        id=study_id,
        created=raw["created"],
        draft=raw["draft"],
        tables=raw["tables"],
        left=tuple(raw["left"]),
        mapping=parse_mapping(raw["mapping"]),
    )
