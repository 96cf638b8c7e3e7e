"""Words of a study inside generated scripts: always a string or a comment, never code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "script_templates"


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its ``@BLANKS@`` filled, in one pass: an arm may be called "@CI@".

    A line ``@USE curves.py.txt@`` first becomes that template, a piece that scripts share.
    """
    text = re.sub(
        r"^@USE ([a-zA-Z_.]+)@\n", lambda use: _read(use[1]), _read(template), flags=re.MULTILINE
    )
    return re.sub(r"@([A-Z_]+)@", lambda blank: values[blank[1]], text)


def heading(
    template: str,
    title: str,
    data: str,
    script: str,
    address: str,
    provenance: Iterable[tuple[str, str]],
) -> dict[str, str]:
    """The blanks at the head of every script.

    Parameters
    ----------
    data, script : stems of the file of patients and of the script, as ``file_stem`` makes them
    address : of the file of patients on this site
    """
    return {
        "TITLE": one_line(title),
        "DATA_FILE": f"{data}-data.csv",
        "SCRIPT_FILE": script + (".R" if template.endswith("R.txt") else ".py"),
        "DATA_ADDRESS": one_line(address),
        "PROVENANCE": comments(provenance),
    }


def _read(template: str) -> str:
    return (_TEMPLATES / template).read_text(encoding="utf-8")


def file_stem(name: str) -> str:
    """The part of a file's name that ``callbacks/addresses.py`` makes of a study's words."""
    return "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "-" for c in name)


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
