"""Headers that are CDISC's labels ("Analysis Value") in place of its names (AVAL)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services import lists

_LISTS = lists.beside(__file__)
_LABELS: dict[str, str] = _LISTS["labels"]
_SHORT: dict[str, str] = _LISTS["short"]


def adam_names(headers: Iterable[str]) -> dict[str, str]:
    """The names of those headers that are labels; headers in capitals, each name given once.

    >>> adam_names(["UNIQUE SUBJECT IDENTIFIER", "ANALYSIS VALUE", "CENSOR", "SITE"])
    {'UNIQUE SUBJECT IDENTIFIER': 'USUBJID', 'ANALYSIS VALUE': 'AVAL', 'CENSOR': 'CNSR'}
    >>> adam_names(["ID", "TIME", "CENSOR"])
    {}
    """
    headers = list(headers)
    words = {header: " ".join(re.findall(r"\w+", header)) for header in headers}
    known = _LABELS | (_SHORT if any(w in _LABELS for w in words.values()) else {})
    found: dict[str, str] = {}
    for header in headers:
        name = known.get(words[header])
        if name and name not in headers and name not in found.values():
            found[header] = name
    return found
