"""The one writer of the scripts of a study's pages: their head, their data and the check of them.

A page says which template of ``script_templates/`` its scripts are made of and what fills it
(``Scripts``); both languages take the same values.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from services.csv_text import safe_cell
from services.page_records import StudyPage, file_name
from services.pages.export import Notes
from services.script_text import Value, comments, one_line, python_value, r_value
from services.study import SECRET_ID, Study
from services.view import View, encode

_TEMPLATES = Path(__file__).parent.parent / "script_templates"
_LITERAL = {"py": python_value, "R": r_value}
Language = Literal["py", "R"]
Page = TypeVar("Page", bound=StudyPage)


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
    provenance : what the numbers rest on
    patients : the CSV the scripts read
    values : what fills the template's blanks; raises a ``UserError`` where nothing is to recompute
    address : the view that gives the same patients again
    endpoint : whether the numbers are those of the view's endpoint
    """

    name: str
    title: Callable[[Page], str]
    provenance: Callable[[Page], Notes]
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
            "PROVENANCE": comments(self.provenance(page)),
        }
        return fill(f"{self.name.replace('-', '_')}.{language}.txt", head | values)


def named(items: Iterable[str]) -> list[Value]:
    """Names of a study as its file of patients has them."""
    return [safe_cell(item) for item in items]


def _source(study: Study, data: DataFile, site: str) -> str:
    """Where the patients are to be had. The address of an upload would open it to anyone."""
    if SECRET_ID.fullmatch(study.id):
        return "“Patients (CSV)” under the figure this script was taken from"
    if site:
        return site.rstrip("/") + data.path
    return f"{data.path} on the site this script was taken from"


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
