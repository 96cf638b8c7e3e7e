"""What every script of a study's pages has in common: its head, its data and the check of them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.pages.export import Notes
from services.script_text import comments, one_line
from services.study import SECRET_ID, Study

_TEMPLATES = Path(__file__).parent.parent / "script_templates"


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


def script(
    template: str,
    *,
    name: str,
    title: str,
    study: Study,
    data: DataFile,
    provenance: Notes,
    values: Mapping[str, str],
    site: str = "",
) -> str:
    """A script made of a template of ``script_templates/``.

    Parameters
    ----------
    name : of the script's file
    title : of its first line, after the study's title
    values : what fills the template's own blanks
    site : address of this server, "" if it is not known
    """
    head = {
        "TITLE": one_line(f"{study.title}: {title}"),
        "SCRIPT_FILE": name,
        "DATA_FILE": data.name,
        "DATA_ROWS": str(data.rows),
        "DATA_MD5": data.md5,
        "DATA_SOURCE": one_line(_source(study, data, site)),
        "PROVENANCE": comments(provenance),
    }
    return fill(template, head | dict(values))


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
