"""Text as files of other programs may hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from services.names import straight

# Beside what is printed: ends of lines, spaces that do not break, joiners of letters and of signs,
# and isolates, which keep a name from turning around its neighbors.
_KEPT = "\n\t\u00a0\u202f\u200c\u200d\u2066\u2067\u2068\u2069"


def clean(text: str) -> str:
    """Text without what XML forbids and what turns around or hides its neighbors.

    >>> clean("a\\x00b\\u202ec\\nd\\ud800")
    'abc\\nd'
    """
    if text.isascii() and text.isprintable():
        return text
    return straight("".join(c for c in text if c.isprintable() or c in _KEPT))


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
