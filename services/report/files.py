"""A report as a file of each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.report.document import document
from services.report.folder import folder
from services.report.html import web_page
from services.report.records import Report
from services.report.slides import presentation
from services.report.xlsx import workbook

_OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
}
_WRITERS: Mapping[str, Callable[[Report], bytes]] = {
    "pptx": presentation,
    "docx": document,
    "xlsx": workbook,
    "html": lambda report: web_page(report).encode(),
    "zip": folder,
}


def write(report: Report, kind: str) -> bytes:
    """The report as a file of that format (a key of ``MIME``)."""
    return _WRITERS[kind](report)
