"""Words of a study inside generated scripts: always a string or a comment, never code."""

from __future__ import annotations

import json
from collections.abc import Iterable


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


def python_list(items: Iterable[str]) -> str:
    """A list literal of Python."""
    return f"[{', '.join(map(python_string, items))}]"


def r_string(text: str) -> str:
    """A string of R in plain ASCII, so that no reader's locale changes it.

    >>> r_string('5 "µg"')
    '"5 \\\\"\\\\U000000b5g\\\\""'
    """
    return '"' + "".join(map(_r_character, text)) + '"'


def r_strings(items: Iterable[str]) -> str:
    """A character vector of R; without items its length is 0."""
    return f"c({', '.join(map(r_string, items))})" if (items := list(items)) else "character(0)"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _r_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\U{ord(character):08x}"
