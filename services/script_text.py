"""Words of a study inside generated scripts: always a string or a comment, never code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from services.view import format_number

# What a script's constants are made of; ``None`` is a missing value.
Value = str | bool | float | None | Sequence["Value"] | Mapping[str, "Value"]


def one_line(text: str) -> str:
    """Text for a comment: no line ends, no characters that hide or turn around others.

    >>> one_line("a\\nimport os\\u202eb")
    'a import os b'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def comments(pairs: Iterable[tuple[str, str]]) -> str:
    """Comment lines of Python and of R."""
    return "\n".join(f"# {one_line(label)}: {one_line(words)}" for label, words in pairs)


def python_string(text: str) -> str:
    """A string literal of Python.

    >>> python_string('5 "µg"\\u202e')
    '"5 \\\\"µg\\\\"\\\\u202e"'
    """
    # JSON's escapes mean the same in Python, but for pairs of surrogates, which it keeps for
    # ASCII only; what cannot be seen is escaped all the same.
    literal = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(c) for c in literal)


def python_value(value: Value) -> str:
    """A literal of Python.

    >>> python_value({"a": ["b", 1.5, None], "c": True})
    '{"a": ["b", 1.5, None], "c": True}'
    """
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return python_string(value)
    if isinstance(value, Mapping):
        pairs = (f"{python_string(k)}: {python_value(v)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(python_value, value))}]"
    return format_number(value)


def r_string(text: str) -> str:
    """A string of R in plain ASCII, so that no reader's locale changes it.

    >>> r_string('5 "µg"')
    '"5 \\\\"\\\\U000000b5g\\\\""'
    """
    return '"' + "".join(map(_r_character, text)) + '"'


def r_value(value: Value) -> str:
    """A literal of R: vectors of texts or numbers, lists of vectors or by name.

    Without items the length is 0, whatever could have stood there.

    >>> r_value({"a": ["b", "c"], "d": [1.5, None], "e": []})
    'list("a" = c("b", "c"), "d" = c(1.5, NA), "e" = character(0))'
    """
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return r_string(value)
    if isinstance(value, Mapping):
        return f"list({', '.join(f'{r_string(k)} = {r_value(v)}' for k, v in value.items())})"
    if isinstance(value, Sequence):
        if not value:
            return "character(0)"
        nested = any(isinstance(v, Sequence) and not isinstance(v, str) for v in value)
        return f"{'list' if nested else 'c'}({', '.join(map(r_value, value))})"
    return format_number(value)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _r_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\U{ord(character):08x}"
