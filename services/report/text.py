"""Text as files of other programs may hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from services.names import straight

# Other ends of lines and paragraphs, which other programs put in what is copied out of them.
_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What XML forbids or what is no text (control characters, halves of pairs, noncharacters, marks of
# bytes and of annotations); and soft hyphens, which Word shows as hyphens in the midst of a word.
_GONE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u206a-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Text without what XML forbids and what turns around or hides its neighbors.

    Spaces of any width, joiners of letters, words and signs, and marks of direction stay.

    >>> clean("a\\x00b\\u202ec\\nd\\ud800"), clean("CD38\\u2060+\\u2028or")
    ('abc\\nd', 'CD38\\u2060+\\nor')
    """
    if text.isascii() and text.isprintable():
        return text
    return straight(_GONE.sub("", _ENDS.sub("\n", text)))


def cleaned(record: Any) -> Any:
    """A record, every text in it cleaned; files to save stay as they are."""
    if isinstance(record, str):
        return clean(record)
    if isinstance(record, tuple):
        return tuple(map(cleaned, record))
    if is_dataclass(record) and not isinstance(record, type):
        found = {f.name: getattr(record, f.name) for f in fields(record)}
        return replace(
            record,
            **{
                name: cleaned(value)
                for name, value in found.items()
                if not isinstance(value, (Mapping, bytes)) and name not in ("csv", "figure")
            },
        )
    return record
