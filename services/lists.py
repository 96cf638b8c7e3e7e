"""Lists that lie beside a module as TOML: words, names, patterns. Read once, with the module."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def beside(module: str) -> dict[str, Any]:
    """The content of the ``.toml`` file that lies beside a module (its ``__file__``)."""
    return tomllib.loads(Path(module).with_suffix(".toml").read_text("utf-8"))


def words(text: str) -> tuple[str, ...]:
    r"""The words of a list, which are separated by commas and may fill several lines.

    >>> words("Y, YES,\nNOT DONE")
    ('Y', 'YES', 'NOT DONE')
    """
    return tuple(word.strip() for word in text.split(",") if word.strip())


def either(text: str) -> str:
    r"""A pattern of alternatives, which may fill several lines.

    >>> either("dead|died\n\\bdeath\n")
    'dead|died|\\bdeath'
    """
    return "|".join(text.split("\n")).strip("|")
