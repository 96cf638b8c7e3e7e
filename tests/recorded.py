"""Walks a record: which of its numbers did a test look at?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any


class Number(float):
    """A number of a record that knows its place there: "comparisons.hazard_ratio.estimate"."""

    path: str


def recorded(value: Any, path: str = "") -> Any:
    """The same JSON with each number a ``Number``; those of a list have the list's place."""
    if isinstance(value, dict):
        return {k: recorded(v, f"{path}.{k}" if path else str(k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [recorded(v, path) for v in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Number(value)
        number.path = path
        return number
    return value


def numbers(value: Any) -> Iterator[Number]:
    """All numbers of what ``recorded`` or a test of it made."""
    if isinstance(value, Number):
        yield value
    elif isinstance(value, dict):
        yield from numbers(list(value.items()))
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from numbers(item)


def unseen(record: Any, seen: Any, but: Iterable[str]) -> list[str]:
    """Places of numbers of the record that are not in ``seen`` and match none of ``but``."""
    found = {id(n) for n in numbers(seen)}
    left = {n.path for n in numbers(record) if id(n) not in found}
    return sorted(p for p in left if not any(fnmatchcase(p, pattern) for pattern in but))
