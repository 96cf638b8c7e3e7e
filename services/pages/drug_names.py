"""Drugs by their brand names, as readers search for them (``data/drug_names.toml``)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "data" / "drug_names.toml"


@cache
def brands() -> dict[str, str]:
    """Brand name -> generic name, longer brand names first."""
    known: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["brands"]
    pairs = [(brand, generic) for generic, named in known.items() for brand in named]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def generic(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A text with brand names made generic, and (brand, generic) of each that was.

    >>> generic("revlimid or observation")
    ('lenalidomide or observation', (('Revlimid', 'lenalidomide'),))
    """
    found = []
    for brand, name in brands().items():
        text, times = re.subn(rf"\b{re.escape(brand)}\b", name, text, flags=re.IGNORECASE)
        if times:
            found.append((brand, name))
    return text, tuple(found)
