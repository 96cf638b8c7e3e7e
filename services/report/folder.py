"""A report as a ZIP of files: figures, numbers, patients, scripts, and how each was made."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

from services.report.html import web_page
from services.report.records import Item, Report
from services.report.said import said
from services.report.xlsx import workbook

_WHAT = {
    "svg": "the figure, as the reader's browser drew it; text and lines can be edited",
    "png": "the same figure in pixels",
    "json": "every number of the view at full precision; null is “not estimable” or “not reached”",
    "csv": "the numbers of the view as a table; lines that start with # say what they are",
    "-patients": "the patients behind the numbers, one row each, as the scripts read them",
    "-events": "every adverse event behind the numbers",
    "py": "recomputes the numbers from the patients in Python with numpy and scipy",
    "R": "recomputes the numbers from the patients in R with survival",
    "bib": "the sources, for BibTeX",
    "ris": "the sources, for reference managers",
}
_PART = re.compile(r"(-patients|-events)(?:-[0-9a-f]{6})?\.csv$")


def folder(report: Report) -> bytes:
    """The file."""
    out = io.BytesIO()
    made: dict[str, bytes] = {}
    told: list[str] = []
    for number, item in enumerate(report.items, 1):
        place = f"{number:02d}-{_slug(item.title)}"
        files = _files(item)
        made |= {f"{place}/{name}": data for name, data in files.items()}
        told += _told(number, item, place, files)
    made["report.html"] = web_page(report).encode()
    made["tables.xlsx"] = workbook(report)
    made["README.txt"] = _readme(report, told).encode()
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in made.items()]
    made["SHA256SUMS"] = ("\n".join(sums) + "\n").encode()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.items():
            archive.writestr(name, data)
    return out.getvalue()


def _slug(title: str) -> str:
    """A folder's name of an item's title.

    >>> _slug("../AQUILA: Überleben (PFS)")
    'aquila-berleben-pfs'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48].strip("-") or "view"


def _files(item: Item) -> dict[str, bytes]:
    files = {name: text.encode() for name, text in item.files.items()}
    if item.figure and item.figure.svg:
        files["figure.svg"] = item.figure.svg.encode()
    if item.figure and item.figure.png:
        files["figure.png"] = item.figure.png
    return files


def _told(number: int, item: Item, place: str, files: dict[str, bytes]) -> list[str]:
    lines = ["", f"{number}. {item.title}", f"Folder: {place}", item.whose]
    lines += [words for _, words in said(item)]
    lines += [f"{label}: {words}" for label, words in item.settings]
    lines += [f"Methods: {item.methods}"] if item.methods else []
    lines += [f"Live view: {item.link}"] if item.link else []
    lines += [f"SHA-256 of the study's data: {item.sha256}"] if item.sha256 else []
    lines += [item.no_figure] if item.no_figure else []
    if item.figure and not item.figure.svg:
        lines.append("Only the PNG of this figure was sent.")
    lines += [f"Not made: {words}" for words in item.left_out]
    for name in files:
        # A view that is not the usual one has a hash at the end of its files' names.
        part = _PART.search(name)
        kind = part[1] if part else name.rpartition(".")[2]
        lines.append(f"- {name}: {_WHAT[kind]}")
    return lines


def _readme(report: Report, told: list[str]) -> str:
    lines = [report.title, f"Made on {report.made} with {report.software}.", ""]
    lines += [f"Left out: {x.number}. {x.name}: {x.why}" for x in report.left_out]
    lines += [
        "Every word, table and number is that of the site's own page; nothing was computed anew",
        "for this folder. report.html shows all of it, tables.xlsx has the tables. To recompute a",
        "view, run its script in its folder, beside its patients. SHA256SUMS has the sum of each",
        "file: sha256sum -c SHA256SUMS.",
        *told,
    ]
    return "\n".join(lines) + "\n"
