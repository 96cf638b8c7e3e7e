"""The one writer of the scripts of a study's pages: their head, their data and the check of them.

A page says which template of ``script_templates/`` its scripts are made of and what fills it
(``Scripts``); both languages take the same values.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from services.csv_text import safe_cell
from services.numbers import format_number
from services.pages.records import PageRecord, file_name
from services.study.model import SECRET_ID, Study
from services.views.study import View, encode

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


_TEMPLATES = Path(__file__).parent / "script_templates"
_LITERAL = {"py": python_value, "R": r_value}
Language = Literal["py", "R"]
Page = TypeVar("Page", bound=PageRecord)


@dataclass(frozen=True)
class DataFile:
    """The patients a script reads: the file's name and text, and where this site gives it.

    ``path`` is the address without the host.
    """

    name: str
    text: str
    path: str

    @property
    def rows(self) -> int:
        """Rows of the table, its header left out."""
        rows = csv.reader(line for line in io.StringIO(self.text) if not line.startswith("#"))
        return sum(1 for _ in rows) - 1

    @property
    def delayed(self) -> bool:
        """Whether it has entry times."""
        head = next(line for line in io.StringIO(self.text) if not line.startswith("#"))
        return "ENTRY" in next(csv.reader([head]))

    @property
    def md5(self) -> str:
        """Of the file as it is saved. Not a secret's keeper: R itself can check no other."""
        return hashlib.md5(self.text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Scripts(Generic[Page]):
    """What one page gives to have scripts in both languages.

    Attributes
    ----------
    name : of the page in addresses and file names, "risk-models"; its templates have "_" for "-"
    title : of the first line, after the study's title
    patients : the CSV the scripts read
    values : what fills the template's blanks; raises a ``UserError`` where nothing is to recompute
    address : the view that gives the same patients again
    endpoint : whether the numbers are those of the view's endpoint
    """

    name: str
    title: Callable[[Page], str]
    patients: Callable[[Page], str]
    values: Callable[[Page], Mapping[str, Value]]
    address: Callable[[Page], View]
    endpoint: bool = True

    def python(self, page: Page, site: str = "") -> str:
        """The page's numbers with numpy, pandas and scipy.

        ``site`` is the address of this server, "" if it is not known.

        Raises
        ------
        UserError : there are none; says why
        """
        return self._made("py", page, site)

    def r(self, page: Page, site: str = "") -> str:
        """The page's numbers with R; otherwise as ``python``."""
        return self._made("R", page, site)

    @property
    def files(self) -> dict[str, Callable[..., str]]:
        """The patients and both scripts, by the endings of their files."""
        return {"data.csv": self.patients, "py": self.python, "R": self.r}

    def data_file(self, page: Page) -> DataFile:
        """The patients behind the page."""
        return DataFile(
            self._file(page, f"{self.name}-patients", "csv"),
            self.patients(page),
            f"/study/{page.study.id}/{self.name}.data.csv{encode(self.address(page))}",
        )

    def _file(self, page: Page, name: str, ending: str) -> str:
        return file_name(page, name, ending, endpoint=self.endpoint)

    def _made(self, language: Language, page: Page, site: str) -> str:
        values = {k: _LITERAL[language](v) for k, v in self.values(page).items()}
        data = self.data_file(page)
        head = {
            "TITLE": one_line(f"{page.study.title}: {self.title(page)}"),
            "SCRIPT_FILE": self._file(page, self.name, language),
            "DATA_FILE": data.name,
            "DATA_ROWS": str(data.rows),
            "DATA_MD5": data.md5,
            "DATA_SOURCE": one_line(_source(page.study, data, site)),
            "PROVENANCE": comments(page.provenance),
            "SURV": f"Surv({'ENTRY, ' if data.delayed else ''}TIME, EVENT)",
        }
        return fill(f"{self.name.replace('-', '_')}.{language}.txt", head | values)


def named(items: Iterable[str]) -> list[Value]:
    """Names of a study as its file of patients has them."""
    return [safe_cell(item) for item in items]


def _source(study: Study, data: DataFile, site: str) -> str:
    """Where the patients are to be had. The address of an upload would open it to anyone."""
    if SECRET_ID.fullmatch(study.id):
        return "“Patients (CSV)” below the figure that this script belongs to"
    if site:
        return site.rstrip("/") + data.path
    return f"{data.path} on the site that this script came from"


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its ``@BLANKS@`` filled, in one pass: an arm may be called "@CI@".

    A line ``@USE curves.py.txt@`` first becomes that template, a piece that scripts share.
    """
    text = _read(template)
    while "\n@USE " in text:
        text = re.sub(r"^@USE ([a-zA-Z_.]+)@\n", lambda u: _read(u[1]), text, flags=re.MULTILINE)
    return re.sub(r"@([A-Z_0-9]+)@", lambda blank: values[blank[1]], text)


def _read(template: str) -> str:
    return (_TEMPLATES / template).read_text(encoding="utf-8")
